"""How does a library without filters of its own get one? Postings and columns, as any careful user would keep them."""

import numpy as np
import numpy.typing as npt

from benchmarks.corpora.filters import CATEGORIES, CITIES, TAGS, Attributes, Filter, metres
from engine.types import I64, Mask

U8 = npt.NDArray[np.uint8]


class Bits:
    """The rows of each city and category, ascending, and every other column by itself."""

    def __init__(self, items: Attributes) -> None:
        self.items = items
        self.city = [np.flatnonzero(items.city == value) for value in range(CITIES)]
        self.category = [np.flatnonzero(items.category == value) for value in range(CATEGORIES)]
        self.tag = [np.ascontiguousarray(items.tags[:, value]) for value in range(TAGS)]

    def rows(self, wanted: Filter) -> I64:
        """The rows kept, ascending: the shorter postings first, then one test after another on what is left."""
        rows = self._started(wanted)
        if wanted.tag is not None:
            rows = rows[self.tag[wanted.tag][rows]]
        if wanted.price_max is not None:
            rows = rows[self.items.price[rows] <= wanted.price_max]
        if wanted.near is not None:
            rows = rows[inside(self.items, rows, wanted.near)]
        return rows

    def mask(self, wanted: Filter) -> Mask:
        """bool[n]."""
        mask = np.zeros(len(self.items), bool)
        mask[self.rows(wanted)] = True
        return mask

    def packed(self, wanted: Filter) -> U8:
        """One bit a row, the lowest bit first."""
        return np.packbits(self.mask(wanted), bitorder="little")

    def _started(self, wanted: Filter) -> I64:
        if wanted.city is None:
            return np.arange(len(self.items)) if wanted.category is None else self.category[wanted.category]
        rows = self.city[wanted.city]
        if wanted.category is None:
            return rows
        if len(rows) > len(self.category[wanted.category]):
            rows = self.category[wanted.category]
            kept: I64 = rows[self.items.city[rows] == wanted.city]
        else:
            kept = rows[self.items.category[rows] == wanted.category]
        return kept


def box(near: tuple[float, float, float]) -> tuple[float, float, float, float]:
    """The least latitude, greatest latitude, least longitude, greatest longitude of a circle (degrees)."""
    lat, lon, radius = near
    high = radius / 111_190.0
    wide = high / float(np.cos(np.radians(lat)))
    return lat - high, lat + high, lon - wide, lon + wide


def inside(items: Attributes, rows: I64, near: tuple[float, float, float]) -> Mask:
    """bool[len(rows)]: by the box first, the great circle for what is left."""
    low, high, west, east = box(near)
    lat, lon = items.lat[rows], items.lon[rows]
    mask: Mask = (lat >= low) & (lat <= high) & (lon >= west) & (lon <= east)
    left = np.flatnonzero(mask)
    mask[left] = metres(lat[left], lon[left], near[0], near[1]) <= near[2]
    return mask


def circled(items: Attributes, rows: I64, wanted: Filter, k: int) -> I64:
    """For an engine that knows boxes alone: its answers that lie in the circle, at most k."""
    return rows[:k] if wanted.near is None else rows[inside(items, rows, wanted.near)][:k]


def clauses(wanted: Filter, tagged: str, both: str) -> str:
    """A filter as an expression; empty when there is none. `tagged`: "holds the tag {}"; `both`: the word for and."""
    parts = [f"{name} = {value}" for name in ("city", "category") if (value := getattr(wanted, name)) is not None]
    if wanted.tag is not None:
        parts.append(tagged.format(wanted.tag))
    if wanted.price_max is not None:
        parts.append(f"price <= {wanted.price_max}")
    if wanted.near is not None:
        low, high, west, east = box(wanted.near)
        sides = (f"lat >= {low:.7f}", f"lat <= {high:.7f}", f"lon >= {west:.7f}", f"lon <= {east:.7f}")
        parts.append(f" {both} ".join(sides))
    return f" {both} ".join(parts)
