"""What does a text say about the request itself: firm or soft, sorted how, how many, which intent, mere politeness?"""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from engine.types import Hardness
from engine.understand.patterns import Pattern, gated
from engine.understand.pieces import Piece

_CLAUSE: Final = gated(r"[。;!?]|[,](?! ?(?:and|or)\b)|\n|\. | but |但是?|不过")


@lru_cache(maxsize=1)
def _data() -> dict[str, dict[str, list[str]]]:
    data: dict[str, Any] = tomllib.loads((files(__package__) / "signals.toml").read_text(encoding="utf-8"))
    return data


@lru_cache(maxsize=1)
def _patterns() -> dict[str, dict[str, Pattern]]:
    return {
        section: {name: gated("|".join(f"(?:{word})" for word in words)) for name, words in table.items()}
        for section, table in _data().items()
        if section != "filler"
    }


@lru_cache(maxsize=1)
def fillers() -> tuple[Pattern, ...]:
    """What says nothing about the thing sought: musts, hedges, politeness and function words, in that order.

    Each word of politeness is a pattern of its own: a text holds few of them, and the others cost nothing.
    """
    p = _patterns()
    said = (p["soft"]["waive"], p["hard"]["before"], p["soft"]["before"], p["soft"]["after"])
    return (*said, *map(gated, _data()["filler"]["words"]))


def sort_of(text: str) -> tuple[str, tuple[int, int]] | None:
    """A superlative's sort, and where it stands."""
    for name, pattern in _patterns()["sort"].items():
        if match := pattern.search(text):
            return name, match.span()
    return None


def price_levels(text: str) -> list[Piece]:
    """ "平价" -> price level at most 2, a wish."""
    level = {"lte2": ("lte", 2), "gte3": ("gte", 3)}
    return [
        Piece(m.start(), m.end(), "price_level", *level[name], "soft", confidence=0.8, rule="signals.price_level")
        for name, pattern in _patterns()["price_level"].items()
        for m in pattern.finditer(text)
    ]


def clauses(text: str) -> list[tuple[int, int]]:
    """[start, end) of each clause."""
    edges = [0]
    for match in _CLAUSE.finditer(text):
        edges += [match.start(), match.end()]
    edges.append(len(text))
    return list(zip(edges[::2], edges[1::2], strict=True))


def harden(pieces: Iterable[Piece], text: str) -> list[Piece]:
    """Apply must-words and hedges to the pieces of their clauses; drop what is waived ("不在附近也行")."""
    patterns = _patterns()
    kept = list(pieces)
    for start, end in clauses(text):
        for hardness in ("soft", "hard"):
            _firm(kept, text, start, end, patterns[hardness], "hard" if hardness == "hard" else "soft")
        for match in patterns["soft"]["waive"].finditer(text, start, end):
            if re.search(r"不|没|无|not|no\b|without", text[start : match.start()]):
                kept = [p for p in kept if not (start <= p.start and p.end <= match.start())]
    return kept


def _firm(pieces: list[Piece], text: str, start: int, end: int, words: dict[str, Pattern], hardness: Hardness) -> None:
    first = words["before"].search(text, start, end)
    last = words["after"].search(text, start, end)
    for piece in pieces:
        after = first is not None and first.start() <= piece.start < end
        before = last is not None and start <= piece.start and piece.end <= last.start()
        if (after or before) and not piece.fixed:
            piece.hardness = hardness
