"""Which provinces, cities, districts and quarters have a name, and where are they? (engine/understand/atlas.py)"""

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

import numpy as np

from engine.geo import distance_km
from engine.types import F64
from engine.understand.atlas import Atlas, Region, read_atlas
from engine.understand.division_names import ANYWHERE
from engine.understand.lexicon import canonical
from engine.understand.scan import plain

__all__ = ["City", "Found", "Gazetteer", "Hit", "Region", "city", "find", "gazetteer"]

City = Region
_WORD: Final = re.compile(r"[a-z0-9]+")
#: Characters before this one belong to scripts that put spaces between words.
_LATIN: Final = "\u2e80"
#: How far from its centre, in radii of the built-up core, somebody is still "in" a city.
MOST_RADII: Final = 8.0
_LONGEST_HAN, _MOST_WORDS = 16, 6


class Found(NamedTuple):
    """A region named in a text at [start, end)."""

    start: int
    end: int
    region: Region


class Hit(NamedTuple):
    """A name at [start, end) that may be the region's; guard: how much around it must speak for a place (atlas.py)."""

    start: int
    end: int
    region: Region
    guard: str


class Gazetteer:
    """All regions, searchable by name and in texts. Immutable, safe to share between threads."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._longest: dict[str, int] = {}  # first two characters of a name -> characters of the longest such name
        for form in atlas.forms:
            if len(form) > self._longest.get(form[:2], 0):
                self._longest[form[:2]] = len(form)

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

    def scan(self, folded: str) -> list[Hit]:
        """Every name of a region in a folded text, overlaps included, by (start, end); words are whole words."""
        text, longest, known = plain(folded), self._longest, self._atlas.forms
        spans: list[tuple[int, int]] = []
        if not text.isascii():
            for start, character in enumerate(text):
                if character > _LATIN and (most := longest.get(text[start : start + 2])):
                    last = min(start + min(most, _LONGEST_HAN), len(text))
                    spans += [(start, end) for end in range(start + 2, last + 1) if text[start:end] in known]
        words = [match.span() for match in _WORD.finditer(text)]
        for at, (start, _) in enumerate(words):
            if most := longest.get(text[start : start + 2]):
                for _, end in words[at : at + _MOST_WORDS]:
                    if end - start > most:
                        break
                    if text[start:end] in known:
                        spans.append((start, end))
        spans.sort()
        return [
            Hit(start, end, self._atlas.region(at), guard)
            for start, end in spans
            for at, guard in self._atlas.targets(text[start:end])
        ]

    def find(self, folded: str) -> list[Found]:
        """Every region named in a folded text by a name that means a place anywhere, by (start, end)."""
        return [Found(h.start, h.end, h.region) for h in self.scan(folded) if h.guard == ANYWHERE]


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer of this installation, read at the first call. Raises LexiconError."""
    return Gazetteer(read_atlas())


def city(name: str) -> Region | None:
    """gazetteer().city(name)."""
    return gazetteer().city(name)


def find(folded: str) -> list[Found]:
    """gazetteer().find(folded)."""
    return gazetteer().find(folded)
