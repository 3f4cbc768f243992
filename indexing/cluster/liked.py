"""What does an index over shards tell for feeds? What behaviour says lies over all shards, by rows of the whole."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Self, cast

import numpy as np

from engine.kindred import Kindred
from engine.types import F32, I8, I64, Found, Kind, Mask
from indexing.cluster.rows import Rows, merged
from indexing.columns.lexis import Lexis
from indexing.kindred import Behaviour
from indexing.talk import Talk


class Liked(ABC):
    """The part of an Index that engine/feed/ports.py asks for."""

    rows: Mapping[Kind, Rows]
    behaviour: Behaviour

    @property
    @abstractmethod
    def talk(self) -> Mapping[Kind, Talk]: ...

    @abstractmethod
    def _of(self, tenant: str, kind: Kind) -> Rows: ...

    def having_learnt(self, learnt: Kindred | None) -> Self:
        new = copy(self)
        new.behaviour = behaviour_of(learnt, self.rows)
        return new

    def dense_each(
        self, tenant: str, kind: Kind, vectors: F32, allowed: Mask, k: int, *, within_ms: float, enough: float
    ) -> Sequence[Found]:
        rows = self._of(tenant, kind)
        share = within_ms / len(rows.shards)
        answers = [
            (start, shard.dense_each(tenant, kind, vectors, mask, k, within_ms=share, enough=enough))
            for start, shard, mask in rows.each(allowed)
        ]
        return [merged([(start, found[at]) for start, found in answers], k) for at in range(len(vectors))]

    def fitting(self, tenant: str, kind: Kind, person: F32) -> F32:
        return self.behaviour.fitting(kind, person, len(self._of(tenant, kind)))

    def tasted(self, tenant: str, kind: Kind, rows: I64) -> F32:
        self._of(tenant, kind)
        return self.behaviour.vectors(kind, rows)

    def chosen(self, tenant: str, kind: Kind, rows: I64) -> F32:
        self._of(tenant, kind)
        return self.behaviour.chosen(kind, rows)

    def behind(self, tenant: str, kind: Kind) -> I64:
        self._of(tenant, kind)
        return self.behaviour.behind(kind)

    def backing(self, tenant: str) -> float:
        self._of(tenant, "note")
        return self.behaviour.backing

    def folding(self, tenant: str) -> tuple[F32, float]:
        self._of(tenant, "note")
        return self.behaviour.folding

    def together(self, tenant: str, kind: Kind, row: int) -> tuple[I8, I64, F32]:
        self._of(tenant, kind)
        found = self.behaviour.together(kind, row)
        return found.living(lambda each: self.rows[each].alive)

    def about(self, tenant: str, kind: Kind, row: int) -> I64:
        self._of(tenant, kind)
        return np.unique(self.talk[kind].note[self.talk[kind].row == row])

    def arrived(self, tenant: str, kind: Kind) -> I64:
        self._of(tenant, kind)
        return np.empty(0, np.int64)  # nothing is laid over shards


def behaviour_of(learnt: Kindred | None, rows: Mapping[Kind, Rows]) -> Behaviour:
    """What was learnt, by rows of the whole."""
    if learnt is None:
        return Behaviour()
    return Behaviour.of(learnt, cast("Mapping[Kind, Lexis]", rows))  # which has what is asked there: number, len
