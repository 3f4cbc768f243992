"""Which plan finds enough for the least time, on these very vectors? Measured when they are built.

New rows ask, made of some of the data; filters keep random rows. Real filters keep rows that are alike, which the
level allows for: it counts the matching rows of each list. Recall is that of the data, milliseconds the machine's.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from time import thread_time
from typing import Final

import msgspec
import numpy as np

from engine.types import F32, I64
from indexing.vectors.among import Among
from indexing.vectors.effort import KS, Effort, Point, Table, level
from indexing.vectors.exact import best
from indexing.vectors.plan import Layer, Probe, Vectors, tally

TARGET: Final = 0.997
PLANS: Final = ("exact", "near", "lists")
#: Of that, what scoring by codes may cost.
_CODED: Final = 0.001
SHARES: Final = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
_ASKED: Final = 128
_TIMED: Final = 16
_MOVED: Final = 0.7
_RERANKS: Final = (1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 8.0)
_GAPS: Final = 64
#: Beyond so many matching rows a plan is not worth timing.
_MOST: Final = {"exact": 40_000, "near": 120_000}
_BLOCK: Final = 50_000
_SEED: Final = 11


def calibrate(vectors: Vectors, target: float = TARGET, plans: Sequence[str] = PLANS) -> Table:
    """A table for vectors with lists: the cheapest of the plans for each share and k."""
    assert vectors.lists is not None
    rng = np.random.default_rng(_SEED)
    rows = rng.permutation(np.flatnonzero(vectors.present))
    queries = _asking(vectors, rows, rng)
    known = np.concatenate([vectors.matrix[s : s + _BLOCK] @ queries.T for s in range(0, len(vectors), _BLOCK)])
    efforts = []
    for share in SHARES:
        kept = np.sort(rng.permutation(rows)[: ceil(share * len(rows))])
        for k in KS:
            if len(kept) >= 2 * k:
                efforts.append(_Trial(vectors, queries, known, kept, share, k, target, plans).effort())
    return Table(target, tuple(efforts))


def _asking(vectors: Vectors, rows: I64, rng: np.random.Generator) -> F32:
    """Vectors like the rows but none of them: each a row, moved as two others of its list differ.

    A row itself would be too easy to answer: the centroids were placed where it lies.
    """
    assert vectors.lists is not None
    assign, out = vectors.lists.assign, []
    for row in np.sort(rows[:_ASKED]):
        mates = np.flatnonzero(assign == assign[row])
        one, other = vectors.matrix[rng.choice(mates, 2)]
        moved = vectors.matrix[row] + np.float32(_MOVED) * (one - other)
        out.append(moved / np.linalg.norm(moved))
    return np.array(out, np.float32)


@dataclass(frozen=True)
class _Trial:
    """One share and one k. `known` float32[n, queries]: every row's exact score."""

    vectors: Vectors
    queries: F32
    known: F32
    kept: I64
    share: float
    k: int
    target: float
    plans: Sequence[str]

    def effort(self) -> Effort:
        """The cheapest plan that finds enough."""
        return min(self._plans(), key=lambda effort: effort.ms)

    def _plans(self) -> Iterator[Effort]:
        every, size = self._truth(), len(self.kept)
        layer = Layer.of(self.vectors, 0, Among(len(self.vectors), rows=self.kept))
        if "exact" in self.plans and size <= _MOST["exact"]:
            spent = _time(self._fresh, lambda vector, fresh: best(*fresh.exact(vector)[:2], self.k), self.queries)
            yield Effort(self.share, self.k, "exact", 0.0, 1.0, 1.0, size, spent)
        for plan in ("near", "lists"):
            if plan in self.plans and size <= _MOST.get(plan, size):
                yield self._probing(plan, layer, every)

    def _fresh(self) -> Layer:
        """The filter as words, as it comes from the columns: what is made of them counts."""
        among = Among(len(self.vectors), words=Among(len(self.vectors), rows=self.kept).words)
        return Layer.of(self.vectors, 0, among)

    def _truth(self) -> list[I64]:
        found = []
        for query in range(len(self.queries)):
            scores = self.known[self.kept, query]
            found.append(self.kept[np.argpartition(-scores, self.k - 1)[: self.k]])
        return found

    def _probing(self, plan: str, layer: Layer, truth: Sequence[I64]) -> Effort:
        curve = self._curve(plan, layer, truth)
        enough = [p for p in curve if p.reach >= self.target] or [curve[-1]]
        point = enough[0]
        effort = Effort(self.share, self.k, plan, point.gap, 1.0, point.reach, point.rows, 0.0, _thinned(curve, point))
        if plan == "lists":
            effort = self._reranked(effort, layer, truth)

        def ask(vector: F32, fresh: Layer) -> tuple[I64, F32]:
            assert self.vectors.lists is not None
            return best(*Probe.of(self.vectors.lists, fresh, vector, self.k, effort).ask([fresh])[0][:2], self.k)

        return _with(effort, ms=_time(self._fresh, ask, self.queries))

    def _curve(self, plan: str, layer: Layer, truth: Sequence[I64]) -> list[Point]:
        """What each gap reaches, at least one per cent apart in rows."""
        lists = self.vectors.lists
        assert lists is not None
        counts = tally(lists, layer, plan)
        scored = counts if plan == "near" else lists.sizes
        below, hits, rows = [], [], []
        for query, right in zip(self.queries, truth, strict=True):
            scores = lists.scores(query)
            below.append(level(scores, counts, self.k) - scores)
            hits.append(np.bincount(lists.assign[right], minlength=lists.nlist)[: lists.nlist])
            rows.append(scored)
        gaps, hit, row = np.concatenate(below), np.concatenate(hits), np.concatenate(rows)
        points = []
        widest = gaps[hit > 0].max()
        for gap in np.linspace(min(0.0, widest), widest, _GAPS):
            inside = gaps <= gap + 1e-6
            reach = hit[inside].sum() / hit.sum()
            points.append(Point(float(gap), float(reach), int(row[inside].sum() / len(truth))))
        return points

    def _reranked(self, effort: Effort, layer: Layer, truth: Sequence[I64]) -> Effort:
        """With the fewest rows scored again that lose next to nothing."""
        assert self.vectors.lists is not None
        wanted = effort.recall - _CODED
        for rerank in _RERANKS:
            trial = _with(effort, rerank=rerank)
            got = [
                len(np.intersect1d(Probe.of(self.vectors.lists, layer, q, self.k, trial).ask([layer])[0].rows, right))
                for q, right in zip(self.queries, truth, strict=True)
            ]
            recall = sum(got) / (self.k * len(truth))
            if recall >= wanted:
                break
        return _with(effort, rerank=rerank, recall=recall)


def _with(effort: Effort, **changed: float) -> Effort:
    return msgspec.structs.replace(effort, **changed)


def _thinned(curve: Sequence[Point], point: Point) -> tuple[Point, ...]:
    """A few of the narrower gaps, and the one that was taken."""
    upto = [p for p in curve if p.gap <= point.gap]
    return (*upto[:-1][:: max(1, len(upto) // 6)], point)


def _time(make: Callable[[], Layer], ask: Callable[[F32, Layer], object], queries: F32) -> float:
    """Median milliseconds of processor time a query."""
    spent = []
    for query in queries[:_TIMED]:
        layer = make()
        began = thread_time()
        ask(query, layer)
        spent.append(thread_time() - began)
    return round(1000 * float(np.median(spent)), 4)
