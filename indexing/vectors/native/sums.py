"""What do some columns of a sparse matrix add up to, row by row, in machine code? Half the time that numpy takes."""

from typing import Any

import numba
import numpy as np

from engine.types import F32, I64
from indexing.vectors.native.rows import kinds


def add(sums: F32, starts: I64, stops: I64, rows: Any, data: F32, weight: float) -> None:
    """Add `weight` times the columns to float32 `sums`; each is a stretch of `rows` (int32) and `data` (float32)."""
    _add(sums, starts, stops, rows, data, np.float32(weight))


def warm() -> None:
    """Compile, or read what was compiled before."""
    one = np.zeros(1, np.int64)
    for rows, data in zip(kinds(np.zeros(1, np.int32)), kinds(np.zeros(1, np.float32)), strict=True):
        add(np.zeros(1, np.float32), one, one, rows, data, 1.0)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _add(sums: Any, starts: Any, stops: Any, rows: Any, data: Any, weight: Any) -> None:
    for column in range(len(starts)):
        for at in range(starts[column], stops[column]):
            sums[rows[at]] += data[at] * weight
