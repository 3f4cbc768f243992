"""What is the plain form of a text, and where does each of its characters come from?

Folding works character by character: fold(a + b).text == fold(a).text + fold(b).text. So a name folded alone is
found in a sentence folded whole, whatever stands around it.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import opencc

_DASHES = dict.fromkeys("‐‑‒–—―−﹣－⁃〜～∼﹘", "-")
_QUOTES = {**dict.fromkeys("‘’‛`´′", "'"), **dict.fromkeys("“”„‟″«»「」『』", '"')}
_OTHERS = {"½": "0.5", "¼": "0.25", "¾": "0.75", "￥": "¥", "…": ".", "〇": "零", "∶": ":", "・": "·", "•": "·"}
#: Variants that the conversion of scripts leaves as they are.
_OTHERS |= {"衞": "卫", "枱": "台", "揹": "背", "敍": "叙"}
_SKIN_TONES = range(0x1F3FB, 0x1F400)


class Folded(NamedTuple):
    """A folded text; origin[i] is the place in the original of the character that became text[i].

    `ends`: where what became text[i] ends in the original, when that is not one character (engine.understand.spelling).
    """

    text: str
    origin: Sequence[int]
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Characters [start, end) of the folded text -> [start, end) of the original."""
        if start >= end or end > len(self.origin):
            return (0, 0)
        if isinstance(self.origin, range):  # each character is its own
            return (start, end)
        return (self.origin[start], self.ends[end - 1] if self.ends else self.origin[end - 1] + 1)


@cache
def _simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _fold_character(character: str) -> str:
    plain = _DASHES.get(character) or _QUOTES.get(character) or _OTHERS.get(character)
    if plain:
        return plain
    category = unicodedata.category(character)
    if category[0] == "Z" or character in "\t\n\r\v\f":
        return " "
    if category in {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"} or ord(character) in _SKIN_TONES:
        return ""  # zero-width, control, lone surrogates, combining marks, variation selectors
    text = unicodedata.normalize("NFKC", character).casefold()
    if not text.isascii():
        text = "".join(map(_without_accent, text))
    return _simplified().convert(text) if category == "Lo" else text


def _without_accent(character: str) -> str:
    base = unicodedata.normalize("NFD", character)
    if base[0].isascii():
        return base[0]
    return "" if unicodedata.category(character) == "Mn" else character


class _Table(dict[int, str]):
    """Code point -> folded characters, worked out once; `uneven` has the characters that become none, or several."""

    def __init__(self) -> None:
        self.uneven: set[str] = set()

    def __missing__(self, point: int) -> str:
        self[point] = plain = _fold_character(chr(point))
        if len(plain) != 1:
            self.uneven.add(chr(point))
        return plain


_TABLE = _Table()


def fold(text: str) -> Folded:
    """Lower case, simplified, half-width, without accents and invisible characters; dashes, quotes, spaces unified."""
    if text.isascii() and text.isprintable() and "`" not in text:
        return Folded(text.lower(), range(len(text)))
    folded = text.translate(_TABLE)
    if _TABLE.uneven.isdisjoint(text):
        return Folded(folded, range(len(text)))
    return Folded(folded, tuple(place for place, character in enumerate(text) for _ in _TABLE[ord(character)]))
