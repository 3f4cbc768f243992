"""What does a text say about the request itself: firm or soft, sorted how, how many, which intent, mere politeness?"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Final

from engine.types import Hardness
from engine.understand.patterns import Group, Pattern, gated
from engine.understand.phrases import table
from engine.understand.pieces import Piece, Reading

_CLAUSE: Final = gated(r"[。;!?]|[,](?! ?(?:and|or)\b)|\n|\. | but |但是?|不过")
_HARDNESSES: Final[tuple[Hardness, ...]] = ("soft", "hard")


_DATA: Final = table("signals.toml")
_PATTERNS: Final[Mapping[str, Mapping[str, Pattern]]] = {
    section: {name: gated("|".join(f"(?:{word})" for word in words)) for name, words in parts.items()}
    for section, parts in _DATA.items()
    if section != "filler"
}
_SORTS: Final = Group(*_PATTERNS["sort"].values())
_FIRM: Final = Group(*_PATTERNS["hard"].values(), *_PATTERNS["soft"].values())
#: What must be there for price_levels() to find anything, and for harden() to change anything.
LEVELS: Final = Group(*_PATTERNS["price_level"].values()).mask
FIRM: Final = _FIRM.mask
SORTS: Final = _SORTS.mask


def fillers(*others: Pattern) -> Group:
    """What says nothing about the thing sought: musts, hedges, politeness and function words, and `others`.

    Each word of politeness is a pattern of its own: a text holds few of them, and the others cost nothing.
    """
    p = _PATTERNS
    said = (p["soft"]["waive"], p["hard"]["before"], p["soft"]["before"], p["soft"]["after"])
    return Group(*said, *map(gated, _DATA["filler"]["words"]), *others)


def sort_of(text: str) -> tuple[str, tuple[int, int]] | None:
    """A superlative's sort, and where it stands."""
    if not _SORTS.lives(text):
        return None
    for name, pattern in _PATTERNS["sort"].items():
        if match := pattern.search(text):
            return name, match.span()
    return None


def price_levels(reading: Reading) -> list[Piece]:
    """ "平价" -> price level at most 2, a wish."""
    level = {"lte2": ("lte", 2), "gte3": ("gte", 3)}
    return [
        Piece(
            m.start(), m.end(), "price_level", *level[name], "soft", confidence=0.8, rule="signals.price_level", rank=1
        )
        for name, pattern in _PATTERNS["price_level"].items()
        for m in pattern.finditer(reading.text)
    ]


def clauses(text: str) -> list[tuple[int, int]]:
    """[start, end) of each clause."""
    edges = [0]
    for match in _CLAUSE.finditer(text):
        edges += [match.start(), match.end()]
    edges.append(len(text))
    return list(zip(edges[::2], edges[1::2], strict=True))


def harden(pieces: Iterable[Piece], reading: Reading) -> list[Piece]:
    """Apply must-words and hedges to the pieces of their clauses; drop what is waived ("不在附近也行")."""
    kept, text = list(pieces), reading.text
    if not any(p.search(text) for p in _FIRM.able(text)):
        return kept
    spans = clauses(text)
    inside: list[list[Piece]] = [[] for _ in spans]
    starts = [start for start, _ in spans]
    for piece in kept:
        at = bisect_right(starts, piece.start) - 1
        if piece.slot and piece.start < spans[at][1]:
            inside[at].append(piece)
    for (start, end), held in zip(spans, inside, strict=True):
        _firm(held, text, start, end)
        for match in _PATTERNS["soft"]["waive"].finditer(text, start, end):
            if re.search(r"不|没|无|not|no\b|without", text[start : match.start()]):
                kept = [p for p in kept if not (start <= p.start and p.end <= match.start())]
    return kept


def _firm(inside: list[Piece], text: str, start: int, end: int) -> None:
    """Each piece of a clause takes the firmness of the nearest word before it, else of one that follows."""
    if not inside:
        return
    before: list[tuple[int, Hardness]] = []
    after: list[tuple[int, Hardness]] = []
    for hardness in _HARDNESSES:
        before += [(m.start(), hardness) for m in _PATTERNS[hardness]["before"].finditer(text, start, end)]
        after += [(m.start(), hardness) for m in _PATTERNS[hardness]["after"].finditer(text, start, end)]
    for piece in inside:
        ahead = [found for found in before if found[0] <= piece.start]
        behind = [found for found in after if piece.end <= found[0]]
        if piece.fixed or not (ahead or behind):
            continue
        place, hardness = max(ahead) if ahead else min(behind)
        if hardness == "soft" and piece.slot == "category" and _another(inside, piece, place, text):
            continue  # "最好有草坪的咖啡店": a café in any case
        piece.hardness = hardness


def _another(inside: list[Piece], piece: Piece, place: int, text: str) -> bool:
    """Does the hedge speak of something else than the category, which comes after "的" or stood there before it?"""
    if place > piece.end:
        return any(other is not piece and piece.end <= other.start and other.end <= place for other in inside)
    return any(other is not piece and place <= other.start and other.end <= piece.start for other in inside)
