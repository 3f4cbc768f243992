"""Which line of a brand is called by its own name? "兰蔻小黑瓶", "Dyson Airwrap": the brand, and a part of the name."""

from functools import lru_cache
from typing import Final

from engine.understand.glossary import LINES
from engine.understand.phrases import table
from engine.understand.pieces import Piece, Reading, signs
from engine.understand.scan import longest

GATE: Final = signs("lines")


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[str, list[str]]]:
    """Line -> (brand as the file names it, what the line is called)."""
    return {line: (brand, names) for brand, lines in table(LINES).items() for line, names in lines.items()}


def lines(reading: Reading) -> list[Piece]:
    """The line as a part of an item's name; its brand too when no other word names it."""
    pieces = []
    for found in longest(reading.words.lines):
        word, names = _known()[found.said]
        brand = reading.lexicon.normalise("brand", word) or word
        said = reading.text[found.start : found.end]
        pieces.append(Piece(found.start, found.end, "name", "eq", said, confidence=0.75,
                            assume={"part_of_name": names}, rule="lines", rank=7))  # fmt: skip
        if all(m.id != brand or (m.start, m.end) == (found.start, found.end) for m in reading.mentions):
            pieces.append(Piece(0, 0, "brand", "eq", brand, confidence=0.9, assume={"implied": True}, rule="lines"))
    return pieces
