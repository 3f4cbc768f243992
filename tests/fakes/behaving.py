"""What would an Index tell for feeds that looks at every item? That part of the brute-force fake."""

from abc import ABC, abstractmethod
from copy import copy
from typing import Self

import numpy as np

from engine.kindred import Kindred
from engine.types import F32, I8, I64, KINDS, Found, Kind, Links, Mask
from tests.fakes.told import Item


class Behaving(ABC):
    """A FeedIndex (engine/feed/ports.py) over lists of dicts."""

    learnt: Kindred | None
    dead: frozenset[str]

    @abstractmethod
    def rows(self, tenant: str, kind: Kind) -> list[Item]: ...

    @abstractmethod
    def count(self, tenant: str, kind: Kind) -> int: ...

    @abstractmethod
    def locate(self, tenant: str, item_id: str) -> tuple[Kind, int] | None: ...

    @abstractmethod
    def linked(self, tenant: str, notes: I64, kind: Kind) -> Links: ...

    def having_learnt(self, learnt: Kindred | None) -> Self:
        new = copy(self)
        new.learnt = learnt
        return new

    @abstractmethod
    def dense(self, tenant: str, kind: Kind, vector: F32, allowed: Mask | None, k: int) -> Found: ...

    def dense_each(
        self, tenant: str, kind: Kind, vectors: F32, allowed: Mask, k: int, *, within_ms: float, enough: float
    ) -> list[Found]:
        return [self.dense(tenant, kind, vector, allowed, k) for vector in vectors]

    def fitting(self, tenant: str, kind: Kind, person: F32) -> F32:
        every = self.tasted(tenant, kind, np.arange(self.count(tenant, kind)))
        return np.asarray(np.nan_to_num(every @ person), np.float32)

    def tasted(self, tenant: str, kind: Kind, rows: I64) -> F32:
        ids = [str(self.rows(tenant, kind)[int(row)]["id"]) for row in rows]
        out = np.full((len(rows), len(self.folding(tenant)[0])), np.nan, np.float32)
        for at, item_id in enumerate(ids):
            if self.learnt is not None and item_id in self.learnt.ids:
                out[at] = self.learnt.vectors[list(self.learnt.ids).index(item_id)]
        return out

    def chosen(self, tenant: str, kind: Kind, rows: I64) -> F32:
        ids = [self.rows(tenant, kind)[int(row)]["id"] for row in rows]
        known = {} if self.learnt is None else dict(zip(self.learnt.ids, self.learnt.chosen.tolist(), strict=True))
        return np.array([known.get(item_id, 0.0) for item_id in ids], np.float32)

    def behind(self, tenant: str, kind: Kind) -> I64:
        if self.learnt is None:
            return np.empty(0, np.int64)
        known = dict(zip(self.learnt.ids, self.learnt.behind.tolist(), strict=True))
        return np.array([known.get(i["id"], 0) for i in self.rows(tenant, kind)], np.int64)

    def backing(self, tenant: str) -> float:
        self.rows(tenant, "note")
        return 0.0 if self.learnt is None else self.learnt.backing

    def folding(self, tenant: str) -> tuple[F32, float]:
        self.rows(tenant, "note")
        return (
            (np.zeros((0, 0), np.float32), 0.0)
            if self.learnt is None
            else (self.learnt.gram, self.learnt.regularisation)
        )

    def together(self, tenant: str, kind: Kind, row: int) -> tuple[I8, I64, F32]:
        item_id = self.rows(tenant, kind)[row]["id"]
        found: list[tuple[int, int, float]] = []
        if self.learnt is not None and item_id in self.learnt.ids:
            at = list(self.learnt.ids).index(item_id)
            for other, weight in zip(self.learnt.near[at], self.learnt.weights[at], strict=True):
                place = self.locate(tenant, self.learnt.ids[other]) if other >= 0 else None
                if place is not None:
                    found.append((KINDS.index(place[0]), place[1], float(weight)))
        kinds, rows, weights = zip(*found, strict=True) if found else ((), (), ())
        return np.array(kinds, np.int8), np.array(rows, np.int64), np.array(weights, np.float32)

    def about(self, tenant: str, kind: Kind, row: int) -> I64:
        links = self.linked(tenant, np.arange(self.count(tenant, "note")), kind)
        return np.unique(links.note[links.row == row])

    def arrived(self, tenant: str, kind: Kind) -> I64:
        """Nothing: it has no snapshot beneath it."""
        self.rows(tenant, kind)
        return np.empty(0, np.int64)
