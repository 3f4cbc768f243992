"""How new must a note be? "2026年以后的", "from 2026", "since 2024"."""

from engine.understand.patterns import gated
from engine.understand.pieces import Piece, Reading

_SINCE = gated(
    r"(?P<zh>20\d\d) ?年?(?:以后|之后|以来|后|起)(?:写|发|发布)?的?|(?P<of>20\d\d) ?年(?:写|发|发布|的)"
    r"|\b(?:from|since|after|in)(?: the year)? (?P<en>20\d\d)(?: on| onwards?)?\b"
)


def since(reading: Reading) -> list[Piece]:
    """Years say from when on a note counts."""
    pieces = []
    for match in _SINCE.finditer(reading.text):
        year = match["zh"] or match["of"] or match["en"]
        start, end = match.span()
        pieces.append(Piece(start, end, "recency", "gte", f"{year}-01-01", rule="recency.year", rank=3))
    return pieces
