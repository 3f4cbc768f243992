"""Which items does a benchmark's filter keep? Items with attributes, and filters drawn to keep a wanted share."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

import msgspec
import numpy as np

from engine.types import I64, Mask

CITIES: Final = 20
CATEGORIES: Final = 30
TAGS: Final = 40
#: Share of the items that a filter keeps, as tables name it.
SHARES: Final = {"100%": 1.0, "10%": 0.1, "1%": 0.01, "0.1%": 0.001}
_EARTH: Final = 6_371_008.8  # metres
_METRES_A_DEGREE: Final = 111_195.0
_PROBED: Final = 50_000  # rows on which a drawn filter's share is estimated
_NEAR: Final = (0.6, 1.6)  # how far from the wanted share, as factors
_RADIUS: Final = 5_000.0


class Filter(msgspec.Struct, frozen=True):
    """All that is given must hold. `near`: latitude, longitude, metres (a circle)."""

    city: int | None = None
    category: int | None = None
    tag: int | None = None
    price_max: float | None = None
    near: tuple[float, float, float] | None = None

    @property
    def empty(self) -> bool:
        """Does it keep everything?"""
        return self == Filter()


@dataclass(frozen=True)
class Attributes:
    """Parallel columns: city, category int16[n]; tags bool[n, TAGS]; lat, lon, price float64[n]."""

    city: np.ndarray
    category: np.ndarray
    tags: np.ndarray
    lat: np.ndarray
    lon: np.ndarray
    price: np.ndarray

    def __len__(self) -> int:
        return len(self.city)

    def take(self, rows: I64 | slice) -> "Attributes":
        """The same columns at some rows."""
        return Attributes(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})

    def keeps(self, wanted: Filter) -> Mask:
        """bool[n]: the rows that a filter keeps."""
        mask = np.ones(len(self), bool)
        for name in ("city", "category"):
            if (value := getattr(wanted, name)) is not None:
                mask &= getattr(self, name) == value
        if wanted.tag is not None:
            mask &= self.tags[:, wanted.tag]
        if wanted.price_max is not None:
            mask &= self.price <= wanted.price_max
        if wanted.near is not None:
            rows = np.flatnonzero(mask)
            mask[rows] = metres(self.lat[rows], self.lon[rows], *wanted.near[:2]) <= wanted.near[2]
        return mask


def metres(lat: np.ndarray, lon: np.ndarray, lat0: float, lon0: float) -> np.ndarray:
    """Great-circle distances (haversine) of positions in degrees from one point."""
    a, b = np.radians(lat), np.radians(lat0)
    half = np.sin((a - b) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon - lon0) / 2) ** 2
    out: np.ndarray = 2 * _EARTH * np.arcsin(np.sqrt(half))
    return out


def attributes(region: np.ndarray, rng: np.random.Generator) -> Attributes:
    """Attributes of items: the category follows the region (int[n]) seven times in ten, the rest is independent."""
    n = len(region)
    often = _zipf(CATEGORIES, 1.0)
    usual = np.random.default_rng(1).choice(CATEGORIES, int(region.max(initial=0)) + 1, p=often)
    category = np.where(rng.random(n) < 0.7, usual[region], rng.choice(CATEGORIES, n, p=often))
    city = rng.choice(CITIES, n, p=_zipf(CITIES, 0.8))
    lat0, lon0 = _centres()
    lat = lat0[city] + rng.standard_normal(n) * 6_000 / _METRES_A_DEGREE
    lon = lon0[city] + rng.standard_normal(n) * 6_000 / (_METRES_A_DEGREE * np.cos(np.radians(lat0[city])))
    price = np.round(np.exp(rng.normal(4.0, 0.9, n)), 2)
    tags = rng.random((n, TAGS), np.float32) < np.linspace(0.5, 0.03, TAGS, dtype=np.float32)
    return Attributes(city.astype(np.int16), category.astype(np.int16), tags, lat, lon, price)


def draw(items: Attributes, share: str, count: int, rng: np.random.Generator) -> list[Filter]:
    """`count` filters that keep about the share, at least 0.6 and at most 1.6 times as much (estimated on a sample)."""
    if SHARES[share] >= 1:
        return [Filter()] * count
    some = items.take(np.sort(rng.permutation(len(items))[:_PROBED]))
    found: list[Filter] = []
    for wanted in _candidates(share, rng):
        kept = np.count_nonzero(some.keeps(wanted)) / len(some)
        if _NEAR[0] <= kept / SHARES[share] <= _NEAR[1]:
            found.append(wanted)
            if len(found) == count:
                break
    return found


def _candidates(share: str, rng: np.random.Generator) -> Iterator[Filter]:
    """Filters of the kinds that people set together, the looser ones for the larger share."""
    while True:
        city, category, tag = (int(rng.integers(0, top)) for top in (CITIES, CATEGORIES // 2, TAGS))
        kind = rng.random()
        if share == "10%":
            yield Filter(category=category) if kind < 0.6 else Filter(city=city)
        elif share == "0.1%":
            yield Filter(city=city, category=category, tag=tag, near=_around(city, rng))
        elif kind < 0.3:
            yield Filter(city=city, tag=tag, price_max=float(np.exp(4 + rng.uniform(-0.5, 1.2))))
        elif kind < 0.6:
            yield Filter(city=city, tag=tag, near=_around(city, rng))
        else:
            yield Filter(city=city, category=category)


def _around(city: int, rng: np.random.Generator) -> tuple[float, float, float]:
    lat0, lon0 = _centres()
    moved = rng.standard_normal(2) * 3_000 / _METRES_A_DEGREE
    return float(lat0[city] + moved[0]), float(lon0[city] + moved[1]), _RADIUS


def _centres() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    return rng.uniform(20, 45, CITIES), rng.uniform(100, 122, CITIES)


def _zipf(count: int, power: float) -> np.ndarray:
    weights = 1.0 / np.arange(1, count + 1) ** power
    out: np.ndarray = weights / weights.sum()
    return out
