"""How far must a query look to find what it should? A table measured on the index's own data when it is built.

Lists are probed down to a level: the centroid score at which the lists above hold twice as many matching rows as
answers are wanted, less a gap. How wide the gap must be depends on the data (clusters or a smooth cloud), on how many
rows the filter keeps and on k: the table says, with what it brings and costs.
"""

from bisect import bisect
from functools import cached_property
from itertools import pairwise
from math import sqrt
from typing import Final

import msgspec
import numpy as np

from engine.types import F32, I64
from indexing.vectors.machine import compiled

#: Matching rows above the level, per answer wanted; never fewer than for the smallest k of the table.
ANCHOR: Final = 2
KS: Final = (100, 200)
BINS: Final = 512


class Point(msgspec.Struct, frozen=True):
    """How far one gap reaches: the share of the k best that lie in its lists, and the vectors scored on the way."""

    gap: float
    reach: float
    rows: int


class Effort(msgspec.Struct, frozen=True):
    """What one plan does for filters that keep about this share, with what recall, at what cost.

    plan: exact (every matching row) | near (matching rows of the near lists, exactly) | lists (their codes, the best
    `rerank` per answer again exactly). rows: vectors scored; ms: processor time a query on the machine that built it.
    curve: other gaps, rising.
    """

    share: float
    k: int
    plan: str
    gap: float
    rerank: float
    recall: float
    rows: int
    ms: float
    curve: tuple[Point, ...] = ()

    def cut(self, within_ms: float, enough: float = 1.0) -> "Effort":
        """The same with the widest gap that is expected to cost no more, or the narrowest that reaches enough, if that
        is narrower; never less than the narrowest measured."""
        if (self.ms <= within_ms and self.recall <= enough) or not self.curve:
            return self
        cheap = [p for p in self.curve if self.ms * p.rows <= within_ms * self.rows] or [self.curve[0]]
        reaching = next((p for p in self.curve if p.reach >= enough), self.curve[-1])
        point = min(cheap[-1], reaching, key=lambda p: p.gap)
        return msgspec.structs.replace(self, gap=point.gap, recall=min(self.recall, point.reach))


class Table(msgspec.Struct, frozen=True, dict=True):
    """The cheapest plan that finds enough, for each share and k that was measured. `target`: recall aimed at."""

    target: float
    efforts: tuple[Effort, ...]

    def choose(self, share: float, k: int) -> Effort:
        """The plan for filters that keep a share: that of the nearest share measured (in ratio)."""
        depth = next((depth for depth in KS if depth >= k), KS[-1])
        known, bounds = self._by_k[depth]
        return known[bisect(bounds, share)]

    @cached_property
    def _by_k(self) -> dict[int, tuple[list[Effort], list[float]]]:
        """k -> its efforts by rising share, and the shares at which one hands over to the next."""
        out = {}
        for depth in KS:
            known = sorted((e for e in self.efforts if e.k == depth), key=lambda e: e.share)
            out[depth] = known, [sqrt(one.share * other.share) for one, other in pairwise(known)]
        return out


def wanted(k: int) -> int:
    """How many matching rows the lists above the level hold."""
    return ANCHOR * max(k, KS[0])


def level(scores: F32, counts: I64, k: int) -> float:
    """The centroid score above which the lists hold ANCHOR * k matching rows (the least score when none do).

    scores float32[nlist]; counts int64[nlist]: matching rows of each list. To a 512th of the range of the scores.
    """
    if code := compiled():
        return float(code.level(scores, counts, wanted(k), BINS))
    low, high = float(scores.min()), float(scores.max())
    if high <= low:
        return low
    step = (high - low) / BINS
    bins = np.minimum((scores - low) / step, BINS).astype(np.int64)
    above = np.cumsum(np.bincount(bins, counts, BINS + 1)[::-1])
    return low + step * max(0, BINS - int(np.searchsorted(above, wanted(k))))
