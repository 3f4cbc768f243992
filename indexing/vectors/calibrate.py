"""Which plan finds enough for the least time, on these very vectors? Measured when they are built.

What people may ask does so, where it is given: questions lie apart from what answers them, and need a wider look (the
hundred nearest of 300,000 by questions: recall 0.979 with a table measured by rows). Else new rows ask, made of some of
the data. Filters keep random rows, and rows of which most are alike (whole lists), as a
category's are: the gap is wide enough for both. Recall is that of the data, milliseconds are the machine's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from time import thread_time
from typing import Final

import msgspec
import numpy as np

from engine.types import F32, I64
from indexing.vectors.among import Among
from indexing.vectors.effort import KS, Effort, Point, Table, level
from indexing.vectors.layer import Layer
from indexing.vectors.machine import make
from indexing.vectors.plan import Vectors, answer, tally

#: More than is needed: of a million clustered rows other queries found 0.9919 where 0.9977 was measured here.
#: 0.999 would cost a sixth on real embeddings.
TARGET: Final = 0.998
#: The same for questions: some that people ask lie further off than any of the few that are asked here. Of a million
#: recombined items the sample's queries found 0.969 to 0.993 of the nearest hundred with a table made for 0.997.
FOR_QUESTIONS: Final = 0.999
PLANS: Final = ("exact", "near", "lists")
#: Of that, what scoring by codes may cost.
_CODED: Final = 0.003
SHARES: Final = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
_ASKED: Final = 128
_TIMED: Final = 16
_MOVED: Final = 0.7
_RERANKS: Final = (1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)
_GAPS: Final = 64
#: Of the rows that are kept because they are alike.
_ALIKE: Final = 0.7
#: Beyond so many matching rows a plan is not worth timing.
_MOST: Final = {"exact": 40_000, "near": 120_000}
#: Rows that score so nearly alike are as good as each other: copies, of which any will do.
_EQUAL: Final = 1e-5
_BLOCK: Final = 50_000
_SEED: Final = 11


def calibrate(
    vectors: Vectors, target: float | None = None, plans: Sequence[str] = PLANS, asked: F32 | None = None
) -> Table:
    """A table for vectors with lists: the cheapest of the plans for each share and k. `asked`: unit rows (n, dim)."""
    assert vectors.lists is not None
    make()  # what is timed is what will serve
    target = target or (TARGET if asked is None else FOR_QUESTIONS)
    rng = np.random.default_rng(_SEED)
    rows = rng.permutation(np.flatnonzero(vectors.present))
    queries = _asking(vectors, rows, rng) if asked is None else asked
    blocks = range(0, len(vectors), _BLOCK)
    known = np.concatenate([queries @ vectors.matrix[s : s + _BLOCK].T for s in blocks], axis=1)
    efforts = []
    for share in SHARES:
        kept = [np.sort(rng.permutation(rows)[: ceil(share * len(rows))])]
        kept += [_alike(vectors, rows, len(kept[0]), rng)] if share < 1 else []
        for k in KS:
            if len(kept[0]) >= 2 * k:
                efforts.append(_Trial(vectors, queries, known, kept, share, k, target, plans).effort())
    return Table(target, tuple(efforts))


def _alike(vectors: Vectors, rows: I64, count: int, rng: np.random.Generator) -> I64:
    """`count` of the rows (in drawn order), most of them all rows of some lists."""
    assert vectors.lists is not None
    order = rng.permutation(vectors.lists.nlist)
    upto = np.searchsorted(np.cumsum(vectors.lists.sizes[order]), _ALIKE * count)
    chosen = np.isin(vectors.lists.assign[rows], order[: upto + 1])
    return np.sort(np.concatenate([rows[chosen], rows[~chosen]])[:count])


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
    """One share and one k. `known` float32[queries, n]: every row's exact score; kept: rows of one or two filters."""

    vectors: Vectors
    queries: F32
    known: F32
    kept: Sequence[I64]
    share: float
    k: int
    target: float
    plans: Sequence[str]

    def effort(self) -> Effort:
        """The cheapest plan that finds enough."""
        return min(self._plans(), key=lambda effort: effort.ms)

    def _plans(self) -> Iterator[Effort]:
        size = len(self.kept[0])
        if "exact" in self.plans and size <= _MOST["exact"]:
            yield self._timed(Effort(self.share, self.k, "exact", 0.0, 1.0, 1.0, size, 0.0))
        for plan in ("near", "lists"):
            if plan in self.plans and size <= _MOST.get(plan, size):
                yield self._probing(plan)

    def _timed(self, effort: Effort) -> Effort:
        """With the median milliseconds of processor time a query.

        Each query keeps other rows, so that none are in the cache from the one before, and has its filter as words,
        as it comes from the columns: what is made of them counts.
        """
        spent, size = [], len(self.vectors)
        for turn, query in enumerate(self.queries[:_TIMED]):
            rows = np.sort((self.kept[0] + turn * size // _TIMED) % size)
            layer = Layer.of(self.vectors, 0, Among(size, words=Among(size, rows=rows).words))
            began = thread_time()
            answer([layer], query, self.k, effort)
            spent.append(thread_time() - began)
        return _with(effort, ms=round(1000 * float(np.median(spent)), 4))

    def _truth(self, kept: I64) -> list[I64]:
        scores = (each[kept] for each in self.known)
        return [kept[np.argpartition(-each, self.k - 1)[: self.k]] for each in scores]

    def _probing(self, plan: str) -> Effort:
        """Wide enough for the harder of the filters."""
        tried = []
        for kept in self.kept:
            layer, truth = Layer.of(self.vectors, 0, Among(len(self.vectors), rows=kept)), self._truth(kept)
            curve = self._curve(plan, layer, truth)
            enough = next((point for point in curve if point.reach >= self.target), curve[-1])
            tried.append((enough, curve, layer, truth))
        point, curve, layer, truth = max(tried, key=lambda each: each[0].gap)
        effort = Effort(self.share, self.k, plan, point.gap, 1.0, point.reach, point.rows, 0.0, _thinned(curve, point))
        if plan == "lists":
            effort = self._reranked(effort, layer, truth)
        return self._timed(effort)

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
        """With the fewest rows scored again that lose next to nothing of what is aimed at."""
        assert self.vectors.lists is not None
        wanted = min(effort.recall, self.target) - _CODED
        least = [float(each[right].min()) - _EQUAL for each, right in zip(self.known, truth, strict=True)]
        for rerank in _RERANKS:
            trial = _with(effort, rerank=rerank)
            got = [
                np.count_nonzero(answer([layer], query, self.k, trial).scores >= worst)
                for query, worst in zip(self.queries, least, strict=True)
            ]
            recall = int(sum(got)) / (self.k * len(truth))
            if recall >= wanted:
                break
        return _with(effort, rerank=rerank, recall=recall)


def _with(effort: Effort, **changed: float) -> Effort:
    return msgspec.structs.replace(effort, **changed)


def _thinned(curve: Sequence[Point], point: Point) -> tuple[Point, ...]:
    """A few of the narrower gaps, and the one that was taken."""
    upto = [p for p in curve if p.gap <= point.gap]
    return (*upto[:-1][:: max(1, len(upto) // 6)], point)
