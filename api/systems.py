"""Which systems does `lifestyle evaluate` compare? Plain baselines on the same index, and ours with parts left out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from msgspec import structs

from engine.budget import Budget
from engine.fuse import normalised
from engine.language import main_language
from engine.live import View
from engine.ports import Index, Ranker, Store
from engine.search import Engine
from engine.types import F32, I64, Intent, Kind, Place, Query
from engine.understand import wire
from ranking.evaluate import JudgedQuery, System
from ranking.model import HandWeighted, KeepOrder

DEPTH, ANSWERS = 200, 10
UNHURRIED_MS = 60_000.0


class Bench:
    """One index and encoder, many systems."""

    def __init__(self, view: View, tenant: str, kinds: tuple[Kind, ...], store: Store, now: datetime) -> None:
        self.view, self.tenant, self.kinds, self.store, self.clock = view, tenant, kinds, store, lambda: now

    def query(self, judged: JudgedQuery) -> Query:
        """The search request of a judged query."""
        given = judged.request
        near = given.get("near")
        return Query(
            self.tenant,
            judged.text,
            kinds=tuple(given.get("kinds") or self.kinds),
            near=Place(near["lat"], near["lon"]) if near else None,
            filters=tuple(wire.constraint(row, f"filters.{n}") for n, row in enumerate(given.get("filters", ()))),
            limit=ANSWERS,
            at=datetime.fromisoformat(given["now"]) if given.get("now") else None,
        )

    def engine(self, ranker: Ranker) -> Engine:
        """Our engine with this ranker over the bench's index."""
        return Engine(lambda tenant: replace(self.view, ranker=ranker), self.store, self.clock)

    def ours(self, ranker: Ranker, change: Callable[[Intent], Intent] | None = None) -> System:
        """The whole search, unhurried; `change` takes parts of the intent away."""
        engine = self.engine(ranker)

        def answer(judged: JudgedQuery) -> list[str]:
            query = self.query(judged)
            if change is not None:
                _, intent, _ = engine.candidates(query)
                query = structs.replace(query, parse=change(intent))
            return [hit.id for hit in engine.search(query, Budget(UNHURRIED_MS)).hits]

        return answer

    def lexical(self, judged: JudgedQuery) -> list[str]:
        """BM25 alone over the words as typed."""
        return self._ids([(kind, *self._lexical(kind, judged)) for kind in self._kinds(judged)])

    def dense(self, judged: JudgedQuery) -> list[str]:
        """Vectors alone."""
        return self._ids([(kind, *self._dense(kind, judged)) for kind in self._kinds(judged)])

    def hybrid(self, judged: JudgedQuery) -> list[str]:
        """Half and half of both, min-max normalised; no constraints."""
        lists = []
        for kind in self._kinds(judged):
            (rows_a, a), (rows_b, b) = self._lexical(kind, judged), self._dense(kind, judged)
            rows = np.union1d(rows_a, rows_b)
            total = np.zeros(len(rows), np.float32)
            total[np.searchsorted(rows, rows_a)] += 0.5 * normalised(a)
            total[np.searchsorted(rows, rows_b)] += 0.5 * normalised(b)
            lists.append((kind, rows, total))
        return self._ids(lists)

    def _kinds(self, judged: JudgedQuery) -> tuple[Kind, ...]:
        return tuple(judged.request.get("kinds") or self.kinds)

    def _lexical(self, kind: Kind, judged: JudgedQuery) -> tuple[I64, F32]:
        found = self.view.index.lexical(self.tenant, kind, judged.text, None, DEPTH)
        return found.rows, found.scores

    def _dense(self, kind: Kind, judged: JudgedQuery) -> tuple[I64, F32]:
        raw = self.view.encoder.encode([judged.text], "query")[0]
        vector = self.view.index.center(raw, main_language(judged.text))
        found = self.view.index.dense(self.tenant, kind, vector, None, DEPTH)
        return found.rows, found.scores

    def _ids(self, lists: list[tuple[Kind, I64, F32]]) -> list[str]:
        best = sorted(
            (
                (float(score), kind, int(row))
                for kind, rows, scores in lists
                for row, score in zip(rows, scores, strict=True)
            ),
            key=lambda each: (-each[0], each[1], each[2]),
        )
        return [str(_id(self.view.index, self.tenant, kind, row)) for _, kind, row in best[:ANSWERS]]


def _id(index: Index, tenant: str, kind: Kind, row: int) -> Any:
    return index.column(tenant, kind, "id", np.array([row], np.int64))[0]


def baselines(bench: Bench) -> dict[str, System]:
    """The systems without learning, plainest first."""

    def unconstrained(intent: Intent) -> Intent:
        return structs.replace(intent, constraints=(), relax_order=())

    return {
        "BM25": bench.lexical,
        "dense": bench.dense,
        "hybrid": bench.hybrid,
        "ours, constraints off": bench.ours(KeepOrder(), unconstrained),
        "ours, order of retrieval": bench.ours(KeepOrder()),
        "ours, hand-weighted": bench.ours(HandWeighted()),
    }
