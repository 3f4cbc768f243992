"""Which number does a numeral say? Arabic, Chinese and English numerals in folded text."""

import re
from functools import lru_cache
from typing import Final

from engine.understand.patterns import Lazy

_UNITS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS: Final = {word: n for n, word in enumerate(_UNITS.split())} | {
    word: 10 * n for n, word in enumerate(_TENS.split(), start=2)
}
_HAN: Final = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "仨": 3}
_HAN_SCALE: Final = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_SCALE: Final = {"k": 1e3, "千": 1e3, "w": 1e4, "万": 1e4, "百": 1e2, "十": 1e1, "hundred": 1e2, "thousand": 1e3}

_WORD: Final = "|".join(sorted(_WORDS, key=len, reverse=True))
#: Regular expressions (no groups) of one numeral: in digits or characters, and in English words. "a" and "half" need a
#: unit: see engine.understand.quantity. The first begin with what they begin with, so that searching skips the rest.
FIGURES: Final = (
    r"(?:\d(?<![a-z0-9.]\d)(?:\. \d(?= points?\b)"
    r"|\d*(?:,\d{3})*(?:\.\d+)?(?:[kw](?![a-z])|[百千万]\d?(?![\d.])|[百千万][多来几]?|十[多来几]"
    r"|[多来](?=[块元岁天人平])| (?:hundred|thousand)\b)?)"
    r"|\.(?<![a-z0-9.]\.)\d+"
    r"|[零一二两三四五六七八九十百千万几数]*[零一二两俩仨三四五六七八九十百千万几](?:点[零一二三四五六七八九]+)?"
    r"(?:(?<=[十百千万])[多来几])?|半)"
)
SPELLED: Final = (
    rf"(?:\b(?:an? |(?:{_WORD})[ -])?(?:hundred|thousand)\b"
    rf"|\b(?:{'|'.join(_TENS.split())})[ -](?:{'|'.join(_UNITS.split()[1:10])})\b"
    rf"|\b(?:{_WORD})\b)"
)
NUMERAL: Final = rf"(?:{FIGURES}|{SPELLED})"

_ARABIC = Lazy(r"(\d*(?:,\d{3})*(?:\.\d+)?) ?(?:(k|w|hundred|thousand)|([十百千万])(\d)?)?")
_ADJACENT = Lazy(r"(十?)([一二两三四五六七八九])([一二两三四五六七八九])([十百千万]{0,2})")
_ROUGH = Lazy(r"(.+?)([多来几])|(几|数)([十百千万]{0,2})")


@lru_cache(maxsize=4096)
def number(text: str) -> float | None:
    """The value of a folded numeral, or None: "1.5k" 1500, "一百五" 150, "3万5" 35000, "two hundred" 200, "半" 0.5."""
    text = text.replace(". ", ".")
    if text == "半":
        return 0.5
    if not text:
        return None
    if text[0] in ".0123456789":
        match = _ARABIC.fullmatch(text)
        return _arabic(match) if match else None
    return _english(text) if text[0].isascii() else _chinese(text)


@lru_cache(maxsize=4096)
def between(text: str) -> tuple[float, float] | None:
    """A numeral that leaves room: "两三" (2, 3), "一两百" (100, 200), "十几" (10, 20), "几十" (20, 100).

    "百来" and "三十多" count on from their number: (100, 120) and (30, 40). None for an exact numeral.
    """
    if match := _ADJACENT.fullmatch(text):
        return _neighbours(match)
    match = _ROUGH.fullmatch(text)
    if match is None:
        return None
    if match[3]:
        scale = number("一" + match[4]) if match[4] else 1.0
        return (2 * scale, 10 * scale) if scale and scale > 1 else (3.0, 9.0)
    low = number("一" + match[1] if match[1] in _HAN_SCALE and match[1] != "十" else match[1])
    return None if low is None or low < 10 else (low, low + _step(low) * (0.2 if match[2] == "来" else 1.0))


def _step(value: float) -> float:
    """The unit of the last digit that is not zero: 30 -> 10, 1500 -> 100."""
    step = 1.0
    while value % (step * 10) == 0:
        step *= 10
    return step


def _neighbours(match: re.Match[str]) -> tuple[float, float] | None:
    ten = 10.0 if match[1] else 0.0
    scale = _chinese("一" + match[4]) if match[4] else 1.0
    low, high = _HAN[match[2]], _HAN[match[3]]
    if scale is None or high != low + 1 or (ten and match[4]):
        return None
    return ten + low * scale, ten + high * scale


def _arabic(match: re.Match[str]) -> float:
    value = float(match[1].replace(",", "")) * _SCALE.get(match[2] or match[3], 1.0)
    return value + float(match[4]) * _HAN_SCALE[match[3]] / 10 if match[4] else value


def _english(text: str) -> float | None:
    words = re.split(r"[ -]", text)
    scale = _SCALE.get(words[-1], 1.0)
    small = [w for w in words if w in _WORDS]
    if not small and words[0] not in {"a", "an", "hundred", "thousand"}:
        return None
    return (float(sum(_WORDS[w] for w in small)) if small else 1.0) * scale


def _chinese(text: str) -> float | None:
    """ "一点五" has its digits after the point; "二零二六" is read digit by digit; the rest by its scales."""
    if "点" in text:
        whole, _, fraction = text.partition("点")
        left = _chinese(whole)
        if left is None or not all(digit in _HAN for digit in fraction):
            return None
        return left + float(sum(_HAN[d] / 10 ** (i + 1) for i, d in enumerate(fraction)))
    if len(text) > 1 and all(c in _HAN for c in text):
        return float("".join(str(_HAN[c]) for c in text))
    return _scaled(text)


def _scaled(text: str) -> float | None:
    """ "两千三" is 2300: a last digit right behind a scale counts in tenths of it. None for what nobody writes."""
    total = section = digit = 0
    last = 1  # the scale before the digit that is being read; 0 after 零
    for character in text:
        scale = _HAN_SCALE.get(character, 0)
        wrong = character not in _HAN and not scale
        wrong |= bool(character in _HAN and digit) or bool(scale == 10_000 and (total or not section + digit))
        if wrong or (1 < last <= scale < 10_000 and section):
            return None
        if character in _HAN:
            digit, last = _HAN[character], 0 if character == "零" else last
        elif scale == 10_000:
            total, section, digit, last = (section + digit) * scale, 0, 0, scale
        else:
            section, digit, last = section + (digit or 1) * scale, 0, scale
    return float(total + section + digit * (last // 10 if last > 10 else 1))
