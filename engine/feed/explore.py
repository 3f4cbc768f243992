"""Which card is shown to learn whether it is liked? Drawn by lot, with a chance that is known and logged.

What came since the snapshot, and few have seen, comes first: everything new is tried without waiting for anything to be
learnt; then notes of the last days; then what hardly anybody chose yet and is like what the person likes; then any.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from engine.feed.settings import settings
from engine.feed.sources import Sought, arrived, newest
from engine.types import I64, KINDS, Kind, Mask

#: Places of a list are drawn for anew after so many seconds: until then who asks again sees the same.
DRAWN_S = 600
#: Of what hardly anybody chose yet, so many of a kind are in the lot.
NEAREST = 10


@dataclass
class Lottery:
    """Items that may be drawn for the explored places of one page; nothing is looked for before there is one."""

    sought: Sought
    dice: np.random.Generator

    @staticmethod
    def of(sought: Sought, offset: int) -> "Lottery":
        """For one page. The dice are thrown by who asks, when, and from where on: the same for the same request."""
        who = sought.person.profile.user if sought.query.personalize else ""
        said = f"{sought.tenant}\0{who}\0{int(sought.at.timestamp()) // DRAWN_S}\0{offset}"
        seed = int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), "little")
        return Lottery(sought, np.random.default_rng(seed))

    @cached_property
    def _arrived(self) -> tuple[I64, I64]:
        return untried(self.sought, arrived)

    @cached_property
    def _dated(self) -> tuple[I64, I64]:
        return untried(self.sought, dated)

    @cached_property
    def _unchosen(self) -> tuple[I64, I64]:
        return unchosen(self.sought)

    def _urns(self) -> Iterator[tuple[I64, I64]]:
        """Kinds and rows; the first that is not empty is drawn from, and those behind it are not filled."""
        yield self._arrived
        yield self._dated
        yield self._unchosen

    def draw(self, taken: set[tuple[int, int]]) -> tuple[int, int, float] | None:
        """(code of the kind, row, its chance) of an item that is not taken; None when there is nothing to draw from."""
        for urn in self._urns():
            free = np.flatnonzero(~np.isin(_key(*urn), [_key(*item) for item in taken]))
            if len(free):
                at = free[int(self.dice.integers(len(free)))]
                return int(urn[0][at]), int(urn[1][at]), 1 / len(free)
        return self._any(taken)

    def _any(self, taken: set[tuple[int, int]]) -> tuple[int, int, float] | None:
        """Any item that may be shown."""
        counts = {kind: int(np.count_nonzero(mask)) for kind, mask in self.sought.masks.items()}
        for kind in counts:
            counts[kind] -= sum(code == KINDS.index(kind) for code, _ in taken)
        total = sum(counts.values())
        if total <= 0:
            return None
        chances = np.array([max(0, count) for count in counts.values()]) / sum(max(0, c) for c in counts.values())
        drawn: Kind = list(counts)[int(self.dice.choice(len(counts), p=chances))]
        rows = np.flatnonzero(self.sought.masks[drawn])
        for row in self.dice.permutation(rows) if len(rows) < 64 else rows[self.dice.integers(len(rows), size=64)]:
            if (KINDS.index(drawn), int(row)) not in taken:
                return KINDS.index(drawn), int(row), 1 / total
        return None


def _key(kind: Any, row: Any) -> Any:
    """Codes of kinds and rows -> a number for each item."""
    return row * len(KINDS) + kind


def unchosen(sought: Sought) -> tuple[I64, I64]:
    """Kinds and rows of what too few people chose to be told of, the nearest to the strongest interest."""
    kinds, found = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for interest in sought.person.interests[:1]:
        for kind, mask in sought.masks.items():
            rows = np.flatnonzero(mask)
            often = sought.index.chosen(sought.tenant, kind, rows)
            if often.any():
                few = np.zeros(len(mask), np.bool_)
                few[rows[often <= 0]] = True
                near = sought.index.dense(sought.tenant, kind, interest.vector, few, NEAREST).rows
                found.append(near)
                kinds.append(np.full(len(near), KINDS.index(kind)))
    return np.concatenate(kinds), np.concatenate(found)


def dated(sought: Sought, kind: Kind, mask: Mask) -> I64:
    """Notes of the last days."""
    if kind != "note":
        return np.empty(0, np.int64)
    rows, _ = newest(sought, mask, settings("person")["new_days"])
    return np.sort(rows)


def untried(sought: Sought, which: Callable[[Sought, Kind, Mask], I64]) -> tuple[I64, I64]:
    """Kinds and rows of those that few people saw."""
    most, kinds, rows = settings("person")["tried"], [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for kind, mask in sought.masks.items():
        found = which(sought, kind, mask)
        ids = sought.index.column(sought.tenant, kind, "id", found) if len(found) and sought.trends.shown else []
        few = np.array([sought.trends.shown.get(str(item), 0) < most for item in ids] or [True] * len(found), np.bool_)
        rows.append(found[few])
        kinds.append(np.full(int(few.sum()), KINDS.index(kind)))
    return np.concatenate(kinds), np.concatenate(rows)
