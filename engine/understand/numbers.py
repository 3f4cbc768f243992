"""Which number does a numeral say? Arabic, Chinese and English numerals in folded text."""

import re
from functools import lru_cache
from typing import Final

import cn2an

_UNITS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS: Final = {word: n for n, word in enumerate(_UNITS.split())} | {
    word: 10 * n for n, word in enumerate(_TENS.split(), start=2)
}
_SCALE: Final = {"k": 1e3, "千": 1e3, "w": 1e4, "万": 1e4, "百": 1e2, "hundred": 1e2, "thousand": 1e3}

_WORD: Final = "|".join(sorted(_WORDS, key=len, reverse=True))
#: A regular expression (no groups) of one numeral. "a" and "half" need a unit: see engine.understand.quantity.
NUMERAL: Final = (
    r"(?:(?<![a-z0-9.])\d\. \d(?= points?\b)"
    r"|(?<![a-z0-9.])\d+(?:,\d{3})*(?:\.\d+)?(?:[kw](?![a-z])|[百千万]| (?:hundred|thousand)\b)?"
    r"|(?<![a-z0-9.])\.\d+"
    r"|[零一二两三四五六七八九十百千万]+(?:点[零一二三四五六七八九]+)?|半"
    rf"|\b(?:an? |(?:{_WORD})[ -])?(?:hundred|thousand)\b|\b(?:{_WORD})\b)"
)

_ARABIC = re.compile(r"(\d*(?:,\d{3})*(?:\.\d+)?) ?(k|w|百|千|万|hundred|thousand)?")
_ADJACENT = re.compile(r"([一二两三四五六七八九])([一二两三四五六七八九])([十百千万]?)")


@lru_cache(maxsize=4096)
def number(text: str) -> float | None:
    """The value of a folded numeral, or None: "1.5k" 1500, "一百五" 150, "two hundred" 200, "半" 0.5."""
    text = text.replace(". ", ".")
    if text == "半":
        return 0.5
    if match := _ARABIC.fullmatch(text):
        digits = match[1].replace(",", "")
        return float(digits) * _SCALE.get(match[2], 1.0) if digits else None
    if text[0].isascii():
        return _english(text)
    return _chinese(text.replace("零点", "0点") if text.startswith("零点") else text)


def between(text: str) -> tuple[float, float] | None:
    """Two neighbouring digits said as one numeral: "两三" (2, 3), "一两百" (100, 200), "三四十" (30, 40)."""
    match = _ADJACENT.fullmatch(text)
    if not match:
        return None
    scale = number("一" + match[3]) or 1.0 if match[3] else 1.0
    low, high = number(match[1]), number(match[2])
    return (low * scale, high * scale) if low and high and high == low + 1 else None


def _english(text: str) -> float | None:
    parts = re.split(r"[ -]", text)
    value = 1.0 if parts[0] in {"a", "an", "hundred", "thousand"} else float(_WORDS.get(parts[0], 0))
    return value * _SCALE.get(parts[-1], 1.0)


def _chinese(text: str) -> float | None:
    if "点" in text:
        whole, _, fraction = text.partition("点")
        left, right = _chinese(whole) if whole != "0" else 0.0, [number(digit) for digit in fraction]
        return None if left is None else left + sum((d or 0) / 10 ** (i + 1) for i, d in enumerate(right))
    try:
        return float(cn2an.cn2an(text, "smart"))
    except ValueError:
        return None
