"""Which provinces, cities, districts and quarters have a name, and where are they? (engine/understand/atlas.py)"""

from collections.abc import Collection, Mapping
from functools import cached_property, lru_cache
from typing import Final

import msgspec
import numpy as np

from engine.geo import distance_km
from engine.types import F64
from engine.understand.atlas import Atlas, atlas
from engine.understand.division_names import ANYWHERE
from engine.understand.lexicon import canonical
from engine.understand.region import Region

__all__ = ["City", "Gazetteer", "Hit", "Region", "city", "gazetteer"]

City = Region
#: How far from its centre, in radii of the built-up core, somebody is still "in" a city.
MOST_RADII: Final = 8.0


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A name at [start, end) that may be the region's; guard: how much around it must speak for a place (atlas.py)."""

    start: int
    end: int
    region: Region
    guard: str


class Gazetteer:
    """All regions, by name and by place. Immutable, safe to share between threads."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    @property
    def names(self) -> Collection[str]:
        """Every name, folded, by which a text may name a region."""
        return self._atlas.forms

    def meanings(self, name: str) -> list[tuple[Region, str]]:
        """What one of `names` means, the best known first, each with its guard."""
        return [(self._atlas.region(at), guard) for at, guard in self._atlas.targets(name)]

    @cached_property
    def regions(self) -> Mapping[str, Region]:
        """id -> region, all of them (some ten thousand are made at the first call)."""
        return {r.id: r for r in map(self._atlas.region, range(len(self._atlas)))}

    @cached_property
    def best_known(self) -> Mapping[str, Region]:
        """id -> region, those written by hand: whose names people misspell or type as they sound."""
        return {r.id: r for r in map(self._atlas.region, range(self._atlas.by_hand))}

    def named(self, name: str) -> list[Region]:
        """Every region that bears this name in any of its languages, the best known first."""
        return [self._atlas.region(at) for at, _ in self._atlas.targets(canonical(name))]

    def best_named(self, name: str) -> list[Region]:
        """As named(), of the regions that this name means wherever it stands."""
        targets = self._atlas.targets(canonical(name))
        return [self._atlas.region(at) for at, guard in targets if guard == ANYWHERE]

    def city(self, name: str) -> Region | None:
        """The city of this name in any of its languages ("München", "杭州市"), or None."""
        key = canonical(name)
        for form in (key, key.removesuffix("市"), key + "市"):
            if found := next((r for r in self.named(form) if r.level == "city"), None):
                return found
        return None

    def centres(self, name: str) -> list[tuple[float, float, float]]:
        """(lat, lon, radius in km) of the districts and areas of this name whose own centre is known."""
        return [r.own for r in self.named(name) if r.own]

    def city_at(self, lat: float, lon: float) -> Region | None:
        """The city around a position (degrees, WGS-84): the nearest centre in radii of the city, within MOST_RADII."""
        spots, radii, at = self._spots
        with np.errstate(invalid="ignore"):
            far = distance_km(spots[0], spots[1], lat, lon) / radii
        best = int(np.nanargmin(far))
        return self._atlas.region(at[best]) if far[best] <= MOST_RADII else None

    @cached_property
    def _spots(self) -> tuple[F64, F64, list[int]]:
        """(lat, lon) [2, n], radii in km [n] and places of all cities."""
        rows = self._atlas.city_spots()
        table = np.array([row[1:] for row in rows], np.float64).T
        return table[:2], table[2], [row[0] for row in rows]


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer of this installation, read at the first call. Raises LexiconError."""
    return Gazetteer(atlas())


def city(name: str) -> Region | None:
    """gazetteer().city(name)."""
    return gazetteer().city(name)
