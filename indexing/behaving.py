"""What does a snapshot tell for feeds: what behaviour says of items, what notes talk about, what came since?"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import Self

import numpy as np

from engine.kindred import Kindred
from engine.types import F32, I8, I64, Found, Kind, Mask
from indexing import fetch
from indexing.kindred import Behaviour
from indexing.segment import Segment
from indexing.shelf import Shelf
from indexing.talk import Talk


class Behaving(ABC):
    """The part of an Index that engine/feed/ports.py asks for. What was learnt stands in the base alone."""

    segments: list[Segment]
    shelves: Mapping[Kind, Shelf]
    talk: Mapping[Kind, Talk]

    @property
    @abstractmethod
    def base(self) -> Segment: ...

    @abstractmethod
    def _of(self, tenant: str, kind: Kind) -> Shelf: ...

    def having_learnt(self, learnt: Kindred | None) -> Self:
        base, new = self.base, copy(self)
        behaviour = Behaviour() if learnt is None else Behaviour.of(learnt, {k: p.ids for k, p in base.parts.items()})
        new.segments = [replace(base, behaviour=behaviour), *self.segments[1:]]
        return new

    def dense_each(
        self, tenant: str, kind: Kind, vectors: F32, allowed: Mask, k: int, *, within_ms: float, enough: float
    ) -> Sequence[Found]:
        return self._of(tenant, kind).nearest_each(vectors, allowed, k, within_ms, enough)

    def fitting(self, tenant: str, kind: Kind, person: F32) -> F32:
        return self.base.behaviour.fitting(kind, person, len(self._of(tenant, kind).alive))

    def tasted(self, tenant: str, kind: Kind, rows: I64) -> F32:
        self._of(tenant, kind)
        return self.base.behaviour.vectors(kind, rows)

    def chosen(self, tenant: str, kind: Kind, rows: I64) -> F32:
        self._of(tenant, kind)
        return self.base.behaviour.chosen(kind, rows)

    def behind(self, tenant: str, kind: Kind) -> I64:
        self._of(tenant, kind)
        return self.base.behaviour.behind(kind)

    def backing(self, tenant: str) -> float:
        self._of(tenant, "note")
        return self.base.behaviour.backing

    def folding(self, tenant: str) -> tuple[F32, float]:
        self._of(tenant, "note")
        return self.base.behaviour.folding

    def together(self, tenant: str, kind: Kind, row: int) -> tuple[I8, I64, F32]:
        self._of(tenant, kind)
        found = self.base.behaviour.together(kind, row)
        return found.living(lambda each: self.shelves[each].alive)

    def about(self, tenant: str, kind: Kind, row: int) -> I64:
        self._of(tenant, kind)
        return np.unique(self.talk[kind].note[self.talk[kind].row == row])

    def arrived(self, tenant: str, kind: Kind) -> I64:
        self._of(tenant, kind)
        return self._arrived[kind]

    @cached_property
    def _arrived(self) -> dict[Kind, I64]:
        """Live rows of the layers whose ids the base does not have."""
        out = {}
        for kind, shelf in self.shelves.items():
            base = len(shelf.parts[0])
            rows = base + np.flatnonzero(shelf.alive[base:])
            ids = shelf.take(rows, lambda part, local: fetch.column(part, "id", local, 0.0)) if len(rows) else ()
            known = self.base.parts[kind].ids
            out[kind] = rows[np.array([known.number(item_id) < 0 for item_id in ids], np.bool_)]
        return out
