"""Is a common word a brand here? "苹果" beside a phone is Apple, alone it is a fruit (homonyms.toml)."""

import re
from collections.abc import Mapping
from typing import Final

from engine.understand.patterns import gated
from engine.understand.phrases import table
from engine.understand.pieces import Piece, Reading

_DATA: Final = table("homonyms.toml")
#: Word -> its brand, and the kinds of thing beside which that is meant.
_BRANDS: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    word: (brand, frozenset(kinds)) for word, (brand, *kinds) in _DATA["homonyms"].items()
}
_WORDS: Final = "|".join(sorted(map(re.escape, _BRANDS), key=len, reverse=True))
_WORD: Final = gated(rf"(?<![a-z{_DATA['common']['before']}])(?:{_WORDS})(?![a-z])")
GATE: Final = _WORD.bit


def homonyms(reading: Reading) -> list[Piece]:
    """The brand that each such word is, given the kinds of thing that the text names."""
    pieces = []
    for match in _WORD.finditer(reading.text):
        brand, kinds = _BRANDS[match[0]]
        if any(_below(reading, m.id, kinds) for m in reading.mentions if m.slot == "category"):
            pieces.append(Piece(match.start(), match.end(), "brand", "eq", brand, confidence=0.85, rule="homonyms"))
    return pieces


def _below(reading: Reading, category: str, kinds: frozenset[str]) -> bool:
    return not kinds.isdisjoint((category, *reading.lexicon.ancestors(category)))
