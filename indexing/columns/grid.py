"""Which rows are within so many kilometres of a point? Cells of a grid; only where the circle cuts one, the sphere.

Cells that lie inside the circle with their corners are taken whole; rows of the cells on its rim are measured one by
one, so that the answer is that of engine.geo.distance_km.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias

import numpy as np

from engine.geo import EARTH_KM, distance_km
from engine.types import F64, I64
from indexing.columns.bits import Bits
from indexing.vectors.machine import compiled

#: Cells a degree; they are 0.87 km high, and a cell's number fits 32 bits.
CELLS: Final = 128
BANDS: Final = 180 * CELLS
COLUMNS: Final = 360 * CELLS
#: Of wider circles the shape is no longer that of a disc on a map: every row is measured.
WIDEST_KM: Final = 5000.0
#: Circles up to here, in kilometres and degrees from the equator, may be measured roughly first.
ROUGH_KM: Final = 100.0
ROUGH_LAT: Final = 70.0
ROUGH_LON: Final = 176.0
_UNSURE: Final = 2e-3
_RADIAN: Final = math.pi / 180
#: How much a circle is drawn wider or narrower, in kilometres and in cells, that no rounding moves a row over its rim:
#: cosines of smaller angles than this cannot be told from 1 well enough.
_SLACK_KM: Final = 0.01
_EDGE: Final = 1e-6

#: (rows int32 in the order of their cells, cells int32 that have rows, where each one's rows begin int64[cells + 1])
Filed: TypeAlias = tuple[Any, Any, I64]


@dataclass(frozen=True)
class Grid:
    """Positions float64[n] in degrees, NaN where there is none. `filed`: as `file` made it, when it is kept on disk."""

    lat: F64
    lon: F64
    filed: Filed | None = None

    @cached_property
    def made(self) -> Filed:
        """The rows by cell."""
        return self.filed or file(self.lat, self.lon)

    @cached_property
    def known(self) -> Bits:
        """The rows that have a position."""
        return Bits.of_mask(~(np.isnan(self.lat) | np.isnan(self.lon)))

    def within(self, points: Sequence[Sequence[float]], reach: float, *, rim: bool = True) -> Bits:
        """The rows at most `reach` km from any of the points (lat, lon); `rim` False: less than that."""
        return Bits.union((self._disc(lat, lon, reach, rim) for lat, lon in points), len(self.lat))

    def _disc(self, lat: float, lon: float, reach: float, rim: bool) -> Bits:
        if not reach >= 0:  # NaN, too
            return Bits.none(len(self.lat))
        rows = self.made[0]
        if reach > WIDEST_KM:
            return Bits.of_rows(self.measured(rows, lat, lon, reach, rim), len(self.lat))
        inside, cut = map(self._rows, _touched(lat, lon, reach))
        return Bits.of_rows(np.concatenate([inside, self.measured(cut, lat, lon, reach, rim)]), len(self.lat))

    def measured(self, rows: Any, lat: float, lon: float, reach: float, rim: bool = True) -> Any:
        """Those of the rows that are within the circle: by a rough measure where it tells, else by the exact one."""
        rows, open_ = _roughly(self.lat, self.lon, rows, lat, lon, reach)
        if not open_:
            return rows
        unsure = np.flatnonzero(rows < 0)
        rows[unsure] = ~rows[unsure]
        km = distance_km(self.lat[rows[unsure]], self.lon[rows[unsure]], lat, lon)
        return np.delete(rows, unsure[~(km <= reach if rim else km < reach)])

    def _rows(self, runs: list[int]) -> Any:
        """The rows of some runs of cells."""
        rows, cells, first = self.made
        ends = first[np.searchsorted(cells, np.array(runs, np.int32))].tolist()
        return np.concatenate([rows[a:b] for a, b in zip(ends[::2], ends[1::2], strict=True) if b > a] or [rows[:0]])


def _roughly(at: F64, along: F64, rows: Any, lat: float, lon: float, reach: float) -> tuple[Any, int]:
    """(those of the rows that may be within, in their order, ~row for one that is not sure; how many are not sure).

    Sines and cosines by the first terms of their series: the square of a distance is within 3e-4 of the truth for
    circles up to ROUGH_KM about points up to ROUGH_LAT; what lies nearer to the rim than six times that is not sure.
    """
    if reach > ROUGH_KM or abs(lat) > ROUGH_LAT or abs(lon) > ROUGH_LON:
        return ~rows, len(rows)
    cosine, sine = math.cos(math.radians(lat)), math.sin(math.radians(lat))
    wide, slope, bend = cosine**2, -cosine * sine * _RADIAN, -(cosine**2) / 2 * _RADIAN**2
    rim = math.degrees(reach / EARTH_KM) ** 2
    unsure = _UNSURE * rim + 1e-15
    if code := compiled():
        found: tuple[Any, int] = code.circle(at, along, rows, (lat, lon, wide, slope, bend), rim, unsure)
        return found
    north, east = at[rows] - lat, along[rows] - lon
    square = north * north + east * east * (wide + north * (slope + bend * north))
    kept, sure = square < rim + unsure, square <= rim - unsure
    return np.where(sure, rows, ~rows)[kept], int(np.count_nonzero(kept)) - int(np.count_nonzero(sure))


def file(lat: F64, lon: F64) -> Filed:
    """The rows that have a position, by cell."""
    rows = np.flatnonzero(~(np.isnan(lat) | np.isnan(lon)))
    band = np.clip(np.floor((lat[rows] + 90) * CELLS), 0, BANDS - 1).astype(np.int64)
    column = np.floor(np.mod(lon[rows] + 180, 360) * CELLS).astype(np.int64) % COLUMNS
    order = np.argsort(band * COLUMNS + column, kind="stable")
    cells, first = np.unique((band * COLUMNS + column)[order], return_index=True)
    return rows[order].astype(np.int32), cells.astype(np.int32), np.append(first, len(rows)).astype(np.int64)


def _touched(lat: float, lon: float, reach: float) -> tuple[list[int], list[int]]:
    """A circle -> the cells that lie wholly in it, and the other cells that it touches.

    Each as first, behind the last, first, behind the last, .. of runs of cells. Plain numbers: a circle has few bands,
    and numpy takes longer to be called than to reckon.
    """
    middle, height = math.radians(lat), math.degrees((reach + _SLACK_KM) / EARTH_KM)
    wide, narrow = (max(reach + slack, 0.0) / EARTH_KM for slack in (_SLACK_KM, -_SLACK_KM))
    lowest = max(math.floor((lat - height + 90) * CELLS - _EDGE), 0)
    highest = min(math.floor((lat + height + 90) * CELLS + _EDGE), BANDS - 1)
    broadest = math.asin(max(-1.0, min(1.0, math.sin(middle) / math.cos(wide))))
    inside: list[int] = []
    cut: list[int] = []
    above = _halves(lowest, middle, wide, narrow)
    for band in range(lowest, highest + 1):
        below, above = above, _halves(band + 1, middle, wide, narrow)
        outer, inner = max(below[0], above[0]), min(below[1], above[1])
        if math.radians(band / CELLS - 90) < broadest < math.radians((band + 1) / CELLS - 90):
            outer = max(outer, _half(math.sin(broadest), math.cos(broadest), middle, wide))
        if outer >= 0:
            _runs(band * COLUMNS, lon, outer, inner, inside, cut)
    return inside, cut


def _halves(edge: int, middle: float, wide: float, narrow: float) -> tuple[float, float]:
    """Half the widths of two circles about one point at the southern edge of a band."""
    at = math.radians(edge / CELLS - 90)
    sine, cosine = math.sin(at), math.cos(at)
    return _half(sine, cosine, middle, wide), _half(sine, cosine, middle, narrow)


def _half(sine: float, cosine: float, middle: float, angle: float) -> float:
    """Half the width of a circle at a latitude, in degrees of longitude; -1 where the circle does not reach."""
    across = cosine * math.cos(middle)
    above = math.cos(angle) - sine * math.sin(middle)
    if above > across:
        return -1.0
    return 180.0 if above <= -across or across < 1e-12 else math.degrees(math.acos(above / across))


def _runs(band: int, lon: float, outer: float, inner: float, inside: list[int], cut: list[int]) -> None:
    """Add the runs of one band (its first cell): the middle lies wholly in the circle, the two ends do not."""
    left = math.floor((lon - outer + 180) * CELLS - _EDGE)
    right = math.floor((lon + outer + 180) * CELLS + _EDGE) + 1
    start = math.ceil((lon - inner + 180) * CELLS + _EDGE)
    stop = math.floor((lon + inner + 180) * CELLS - _EDGE)
    if right - left > COLUMNS:  # once around is enough
        left = start if inner >= 0 else left
        right = left + COLUMNS
    if inner < 0 or stop <= start:
        start = stop = right
    _add(cut, band, left, start)
    _add(inside, band, start, stop)
    _add(cut, band, stop, right)


def _add(runs: list[int], band: int, start: int, stop: int) -> None:
    """What runs over the date line is cut in two."""
    if stop <= start:
        return
    turn = start // COLUMNS * COLUMNS
    start, stop = start - turn, stop - turn
    runs += [band + start, band + min(stop, COLUMNS)]
    if stop > COLUMNS:
        runs += [band, band + stop - COLUMNS]
