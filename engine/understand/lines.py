"""Which line of a brand is called by its own name? "兰蔻小黑瓶", "Dyson Airwrap": the brand, and a part of the name."""

import tomllib
from functools import lru_cache
from importlib.resources import files

from engine.understand.lexicon import canonical
from engine.understand.pieces import Piece, Reading
from engine.understand.scan import Scanner, Target, longest


@lru_cache(maxsize=1)
def _compiled() -> tuple[Scanner, dict[str, tuple[str, list[str]]]]:
    """The scanner of all lines, and line -> (brand as the file names it, what the line is called)."""
    data = tomllib.loads((files(__package__) / "brand_lines.toml").read_text(encoding="utf-8"))
    known = {line: (brand, names) for brand, lines in data.items() for line, names in lines.items()}
    return Scanner((canonical(n), Target(line, "name")) for line, (_, names) in known.items() for n in names), known


def lines(reading: Reading) -> list[Piece]:
    """The line as a part of an item's name; its brand too when no other word names it."""
    scanner, known = _compiled()
    pieces = []
    for mention in longest(scanner.scan(reading.text)):
        word, names = known[mention.id]
        brand = reading.lexicon.normalise("brand", word) or word
        pieces.append(Piece(mention.start, mention.end, "name", "eq", mention.surface, confidence=0.75,
                            assume={"part_of_name": names}, rule="lines", rank=7))  # fmt: skip
        if all(m.id != brand or (m.start, m.end) == (mention.start, mention.end) for m in reading.mentions):
            pieces.append(Piece(0, 0, "brand", "eq", brand, confidence=0.9, assume={"implied": True}, rule="lines"))
    return pieces
