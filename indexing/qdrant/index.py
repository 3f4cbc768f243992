"""How does an Index answer whose vectors and words lie in Qdrant? QdrantIndex: a Snapshot that asks it, and checks.

Nearest vectors and BM25 come from Qdrant; columns, evidence, items and names from the snapshot's files, as ever. What
Qdrant gives is held to our own filter, and asked for again, and more of it, until there is enough: so that answers are
those of the snapshot, whatever a condition could not say or another process has not told Qdrant yet.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from engine.types import F32, I64, KINDS, Constraint, Found, Kind, Mask
from indexing.grounding import ground
from indexing.qdrant import feeding
from indexing.qdrant.conditions import Seen, native
from indexing.qdrant.memory import Conditions, Remembered
from indexing.qdrant.payload import ids_of, point_id
from indexing.qdrant.port import LIVE, MEANING, WORDS, Ask, Engine, Unreachable
from indexing.qdrant.words import of_query
from indexing.segment import Segment
from indexing.shelf import best_of
from indexing.snapshot import Opener, Snapshot

_LOG = logging.getLogger(__name__)
#: Of so few allowed rows the ids are sent where conditions do not say all.
FEW: Final = 1000
#: So many more than asked for are fetched at once, and how that grows while there are too few.
SPARE, GROWS, MOST = 16, 4, 100_000
#: Up to so many shards are named; more are all asked.
SHARDS: Final = 8


class QdrantIndex(Snapshot):
    """An Index of one tenant; see Snapshot. While Qdrant cannot be reached, its own files answer; `plan` says so."""

    engine: Engine
    _names: Mapping[Kind, str]  # of the collections
    _known: Remembered
    _behind: Mapping[Kind, Mask] | None = None  # what Qdrant was not told yet
    _deleted: frozenset[str] = frozenset()  # and that it still has

    @staticmethod
    def over(engine: Engine, folder: Path, tenant: str, version: str) -> "QdrantIndex":
        """A published segment, loaded into Qdrant where it is not there yet. Raises Unreachable."""
        index = QdrantIndex(Segment.open(folder), tenant, version)
        index.engine, index._known = engine, Remembered()
        index._names = {kind: feeding.collection(index, kind) for kind in KINDS}
        feeding.load(engine, index)
        return index

    def _turn(self, before: Snapshot, kept: Mapping[Kind, int]) -> None:
        super()._turn(before, kept)
        self._known = Remembered()
        turned = {kind: self._untold(kind, before) for kind in KINDS}
        was = before.changes
        deleted = self._deleted | (self.changes.deleted - was.deleted)
        deleted |= {i for i in was.items.keys() & self.changes.items if was.items[i][0] != self.changes.items[i][0]}
        try:
            feeding.follow(self.engine, self, turned, deleted)
            self._behind, self._deleted = None, frozenset()
        except Unreachable as error:
            self._behind, self._deleted = turned, deleted
            _LOG.error("live items are not in Qdrant yet: %s", error)

    def _untold(self, kind: Kind, before: Snapshot) -> Mask:
        """The rows that are not in Qdrant as they are now: what the write turned, layers that have vectors since, and
        what it could not be told before (live rows are numbered anew: then all of them)."""
        mask, base = self.turned[kind].copy(), len(self.base.parts[kind])
        same = sum(one is other for one, other in zip(before.layers, self.layers, strict=False))
        mask[base + sum(len(layer.segment.parts[kind]) for layer in self.layers[:same]) :] = True
        if self._behind is not None:
            mask[:base] |= self._behind[kind][:base]
            mask[base:] = True
        return mask

    def allowed(self, tenant: str, kind: Kind, constraints: Sequence[Constraint]) -> Mask:
        mask = super().allowed(tenant, kind, constraints)
        shelf = self._of(tenant, kind)
        seen = Seen(kind, [sieve.columns for sieve in shelf.sieves], self.words)
        self._known.keep(mask, Conditions(*native(seen, [ground(self, c) for c in constraints])))
        return mask

    def dense(
        self, tenant: str, kind: Kind, vector: F32, allowed: Mask | None, k: int, *, within_ms: float = np.inf,
        enough: float = 1.0,
    ) -> Found:  # fmt: skip
        self._of(tenant, kind)
        try:
            return self._ask(kind, MEANING, vector.tolist(), allowed, k, "hnsw")
        except Unreachable as error:
            found = super().dense(tenant, kind, vector, allowed, k, within_ms=within_ms, enough=enough)
            return _instead(found, error)

    def dense_each(
        self, tenant: str, kind: Kind, vectors: F32, allowed: Mask, k: int, *, within_ms: float, enough: float
    ) -> Sequence[Found]:
        each = within_ms / max(len(vectors), 1)
        return [self.dense(tenant, kind, v, allowed, k, within_ms=each, enough=enough) for v in vectors]

    def lexical(
        self, tenant: str, kind: Kind, text: str, allowed: Mask | None, k: int, *, exact: bool = False
    ) -> Found:
        shelf, found = self._of(tenant, kind), []
        try:
            for start, part in zip(shelf.starts, shelf.parts, strict=True):
                live = start > 0 or part is not shelf.parts[0]
                query, plan = of_query(part.text, text, exact=exact, live=live)
                own = allowed if not live else _only(shelf.alive if allowed is None else allowed, start, len(part))
                using = LIVE if live else WORDS
                found.append(self._ask(kind, using, query, own, k, plan) if query else Found.nothing(plan))
        except Unreachable as error:
            return _instead(super().lexical(tenant, kind, text, allowed, k, exact=exact), error)
        return best_of(found, k)

    def _ask(self, kind: Kind, using: str, query: Any, allowed: Mask | None, k: int, plan: str) -> Found:
        """The k best of the rows; of equal scores the lower rows."""
        mask = self.shelves[kind].alive if allowed is None else allowed & self.shelves[kind].alive
        if k <= 0 or not mask.any():
            return Found.nothing(f"qdrant {plan}: 0 rows")
        ask = Ask(using, query, None, k + SPARE)
        if allowed is not None:
            ask = self._within(ask, kind, np.flatnonzero(mask), self._known.of(allowed))
        while True:
            hits = self.engine.search(self._names[kind], ask)
            rows, scores = self._rows(kind, hits, mask)
            whole = len(hits) < ask.limit or ask.limit >= MOST
            if whole or (len(rows) >= k and scores[k - 1] > hits[-1][1]):  # no other row is as good as the last one
                return Found(rows[:k], scores[:k], f"qdrant {plan}", len(hits))
            ask = replace(ask, limit=min(ask.limit * GROWS, MOST))

    def _within(self, ask: Ask, kind: Kind, rows: I64, by: Conditions) -> Ask:
        """Asked of these rows alone, as far as that can be said."""
        shelf, filter = self.shelves[kind], by.filter
        if not by.exact and len(rows) <= FEW:
            filter = {"must": [{"has_id": [point_id(item) for item in ids_of(shelf, rows)]}]}
        if not self.engine.sharded:
            return replace(ask, filter=filter)
        codes, names = feeding.shards_of(shelf, rows)
        shards = sorted({names[code] for code in np.unique(codes).tolist()})
        return replace(ask, filter=filter, shards=shards if len(shards) <= SHARDS else ())

    def _rows(self, kind: Kind, hits: Sequence[tuple[str, float]], mask: Mask) -> tuple[I64, F32]:
        """Those of the hits that are rows of the mask, best first."""
        kinds, rows = self.where.places(pa.array([item for item, _ in hits], pa.string()))
        scores = np.array([score for _, score in hits], np.float32)
        mine = kinds == KINDS.index(kind)
        mine[mine] = mask[rows[mine]]
        rows, scores = rows[mine], scores[mine]
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]


def opener(engine: Engine) -> Opener:
    """What opens published segments over an engine."""
    return lambda folder, tenant, version: QdrantIndex.over(engine, folder, tenant, version)


def _only(mask: Mask, start: int, count: int) -> Mask:
    """The rows of one part: others read the words of a query otherwise."""
    own = np.zeros_like(mask)
    own[start : start + count] = mask[start : start + count]
    return own


def _instead(found: Found, error: Unreachable) -> Found:
    return Found(found.rows, found.scores, f"{found.plan} (here: {error})"[:120], found.scanned, found.recall)
