"""Which rows lie in a range of a number? Rows in the order of their value, and packed sets of the lowest of them."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from engine.types import F64, I64
from indexing.columns.bits import U64, Bits

#: Sets of the lowest 1/CUTS, 2/CUTS, .. of the rows: 8 bytes a row together.
CUTS: Final = 64


@dataclass(frozen=True)
class Order:
    """The rows of a column float64[n] that have a value (no NaN), the lowest first.

    `filed`: (rows int32, cuts uint64[CUTS + 1, words]) as `file` made them, when they are kept on disk.
    """

    values: F64
    filed: "tuple[Any, U64] | None" = None

    @cached_property
    def known(self) -> Bits:
        """The rows that have a value."""
        return Bits.of_mask(~np.isnan(self.values))

    @cached_property
    def zero(self) -> Bits:
        """The rows whose value is 0."""
        return self.between(0, 0)

    def between(self, lo: float, hi: float) -> Bits:
        """The rows with lo <= value <= hi."""
        rows = self.made[0]
        if not lo <= hi:  # NaN, too
            return Bits.none(len(self.values))

        def value(at: int) -> float:
            return float(self.values[rows[at]])

        first = bisect_left(range(len(rows)), lo, key=value)
        last = bisect_right(range(len(rows)), hi, lo=first, key=value)
        return self._slice(first, last)

    def _slice(self, first: int, last: int) -> Bits:
        """The rows from one rank to before another: from the nearest cuts, and the few rows between ranks and cuts."""
        rows, cuts = self.made
        step = max(1, -(-len(rows) // (len(cuts) - 1)))
        if last - first <= step:
            return Bits.of_rows(rows[first:last], len(self.values))
        low, high = round(first / step), min(round(last / step), len(cuts) - 1)
        ends = [_span(first, low * step), _span(last, min(high * step, len(rows)))]
        stray: I64 = np.concatenate([rows[a:b] for a, b in ends])
        return Bits(cuts[high] ^ cuts[low], len(self.values)) ^ Bits.of_rows(stray, len(self.values))

    @cached_property
    def made(self) -> tuple[Any, U64]:
        """(rows, cuts)."""
        return self.filed or file(self.values)


def _span(a: int, b: int) -> tuple[int, int]:
    return min(a, b), max(a, b)


def file(values: F64) -> tuple[Any, U64]:
    """Rows with a value, the lowest value first (of equal ones the lowest row), and the cuts."""
    rows = np.argsort(values, kind="stable")[: int(np.count_nonzero(~np.isnan(values)))].astype(np.int32)
    step, size = max(1, -(-len(rows) // CUTS)), len(values)
    return rows, np.stack([Bits.of_rows(rows[: at * step], size).words for at in range(CUTS + 1)])
