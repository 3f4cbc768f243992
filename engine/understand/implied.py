"""What does a person who says one thing want as well? With the old: little walking, no steps (implied.toml)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from engine.understand.lexicon import Lexicon
from engine.understand.phrases import table
from engine.understand.pieces import Piece, Reading

#: How sure we are of what nobody said: it steers, and hardly outweighs what was said.
_CONFIDENCE = 0.6


@lru_cache(maxsize=1)
def _table() -> tuple[dict[tuple[str, str], tuple[tuple[str, str, Any], ...]], frozenset[str]]:
    """-> the wishes of what is said, and the slots in which it is."""
    data = table("implied.toml")["implied"]
    wishes = {_pair(said): tuple(_wish(row) for row in rows) for said, rows in data.items()}
    return wishes, frozenset(slot for slot, _ in wishes)


def _pair(text: str) -> tuple[str, str]:
    slot, _, value = text.partition("/")
    return slot, value


def _wish(row: str) -> tuple[str, str, Any]:
    slot, op, value = row.split("/")
    number = float(value) if value.replace(".", "").isdigit() else None
    return slot, op, value if number is None else int(number) if number.is_integer() else number


def implied(pieces: list[Piece], reading: Reading) -> list[Piece]:
    """The pieces, and the wishes that they imply where nothing was said about the same thing."""
    wishes, slots = _table()
    telling = [
        p
        for p in pieces
        if p.slot in slots and p.polarity > 0 and isinstance(p.value, str) and (p.slot, p.value) in wishes
    ]
    if not telling:
        return pieces
    said = {(p.slot, p.value) for p in pieces if isinstance(p.value, str)} | {
        (p.slot, None) for p in pieces if p.op in _NUMERIC
    }
    goods = _goods(pieces, reading.lexicon)
    added = []
    for piece in telling:
        if goods and piece.slot == "audience":
            continue  # a blood pressure monitor for the old needs no lift
        for slot, op, value in wishes[piece.slot, piece.value]:
            if (slot, None if op in _NUMERIC else value) not in said:
                said.add((slot, None if op in _NUMERIC else value))
                added.append(Piece(0, 0, slot, op, value, "soft", confidence=_CONFIDENCE,
                                   assume={"implied_by": piece.value}, rule="implied"))  # fmt: skip
    return [*pieces, *added]


def _goods(pieces: Sequence[Piece], lexicon: Lexicon) -> bool:
    """Is a thing to buy sought, rather than a place to go?"""
    named = [p.value for p in pieces if p.slot == "category" and p.polarity > 0 and isinstance(p.value, str)]
    return any("product" in (kinds := lexicon.entries[name].kinds) and "poi" not in kinds for name in named)


_NUMERIC = frozenset({"lte", "gte"})
