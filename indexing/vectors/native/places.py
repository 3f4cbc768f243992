"""Which rows lie within a circle, by a rough measure, in machine code? As indexing.columns.grid measures in numpy."""

from typing import Any

import numba
import numpy as np

from engine.types import F64
from indexing.vectors.native.rows import kinds


def circle(
    lat: F64, lon: F64, rows: Any, about: tuple[float, float, float, float, float], rim: float, unsure: float
) -> tuple[Any, int]:
    """(those of the rows that may be within, in their order, ~row for one that is not sure; how many are not sure).

    about: the middle in degrees, and what a square degree of longitude counts for there: at the middle, and what a
    degree and a square degree further north add to that. rim: the square of the radius in degrees; unsure: how far
    from it squares tell nothing. A row without a position is not within.
    """
    out = np.empty(len(rows), rows.dtype)
    found, open_ = _circle(lat, lon, rows, *about, rim - unsure, rim + unsure, out)
    return out[:found], open_


def warm() -> None:
    """Compile, or read what was compiled before."""
    for places in kinds(np.zeros(1)):
        for rows in (np.zeros(1, np.int32), np.zeros(1, np.int64)):
            circle(places, places, rows, (0.0, 0.0, 1.0, 0.0, 0.0), 1.0, 0.1)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _circle(
    lat: Any, lon: Any, rows: Any, north: float, east: float, wide: float, slope: float, bend: float, sure: float,
    most: float, out: Any,
) -> Any:  # fmt: skip
    found = open_ = 0
    for row in rows:
        up, along = lat[row] - north, lon[row] - east
        square = up * up + along * along * (wide + up * (slope + bend * up))
        if square <= sure:
            out[found] = row
            found += 1
        elif square < most:
            out[found] = ~row
            found += 1
            open_ += 1
    return found, open_
