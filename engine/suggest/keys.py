"""Under which letters is a text found? As written, from its later words on, and as it sounds in pinyin."""

import re
from collections.abc import Iterable
from typing import Final

from engine.understand.fold import fold
from engine.understand.sounds import is_han, syllables

#: How a key comes from its text, and how much a match by it is worth.
TEXT, WORD, SPOKEN, INITIALS = range(4)
WORTH: Final = (1.0, 0.8, 0.85, 0.6)
#: Keys are cut here: UTF-8 bytes, ten Han characters.
BYTES: Final = 32
_LATER: Final = re.compile(r"(?<=[\s(\[·|/,、\-])(?=[^\s()\[\]·|/,、\-])")
_GAPS: Final = re.compile(r"[\s'()\[\]·|/,、\-]+")


def typed(text: str) -> str:
    """What is looked up for what somebody typed: folded, inner spaces single, one at the end kept."""
    plain = " ".join(fold(text).text.split())
    return plain + " " if text[-1:].isspace() and plain else plain


def squeezed(text: str) -> str:
    """Without spaces and brackets: how names are written in pinyin or in a hurry."""
    return _GAPS.sub("", text)


def keys(text: str) -> Iterable[tuple[str, int]]:
    """(key, form) of a text to be suggested; the same key may come twice."""
    plain = typed(text).strip()
    yield plain, TEXT
    if (joined := squeezed(plain)) != plain:
        yield joined, TEXT
    for start in later(plain):
        yield plain[start:], WORD
    if any(map(is_han, joined)):
        spoken = syllables(joined)
        yield "".join(spoken), SPOKEN
        short = "".join(s[0] for s in spoken)
        if len(short) > 1:
            yield short, INITIALS


def later(text: str) -> list[int]:
    """Where the later words of a folded text begin."""
    return [match.start() for match in _LATER.finditer(text)]


def covered(text: str, form: int, wanted: str) -> tuple[int, int]:
    """Which characters [start, end) of a folded text the typed letters stand for, by the form of the key."""
    letters = len(squeezed(wanted))
    start = 0
    if form == WORD:
        starts = later(text)
        start = next((at for at in starts if squeezed(text[at:]).startswith(squeezed(wanted))), starts[0])
    for at in range(start, len(text)):
        if letters <= 0:
            return start, at
        if not _GAPS.fullmatch(text[at]):
            letters -= len(syllables(text[at])[0]) if form == SPOKEN and is_han(text[at]) else 1
    return start, len(text)
