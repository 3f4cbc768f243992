"""How far is each row from here? A bounding box first, then the sphere for what is left."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.geo import distance_km
from engine.types import F64, I64

#: A little less than there are, so that a box drawn by it is never too small.
KM_PER_DEGREE: Final = 111.19
#: Kilometres a minute, door to door; estimates, so that what lies within is LIKELY, not MET.
SPEED: Final[Mapping[str, float]] = {"walk": 0.08, "bike": 0.25, "transit": 0.4, "drive": 1.0}
#: A detour that still counts as "between": the two legs may be a third longer than the straight line, or so many km.
DETOUR: Final = 1.33
DETOUR_KM: Final = 1.5
#: Kilometres from the centre of an item's own city, where the parser assumed nothing else.
ZONES: Final[Mapping[str, tuple[float, float]]] = {"center": (0, 5), "suburb_near": (10, 40), "suburb": (10, 80)}


def nearest_km(lat: F64, lon: F64, points: Sequence[Sequence[float]], reach: float) -> F64:
    """Kilometres to the nearest of the points (lat, lon). Rows farther than `reach` get inf, without a position NaN."""
    out = np.where(np.isnan(lat) | np.isnan(lon), np.nan, np.inf)
    height = reach / KM_PER_DEGREE + 1e-6
    for at_lat, at_lon in points:
        farthest = abs(at_lat) + height
        width = height / np.cos(np.radians(farthest)) if farthest < 89 else 360.0
        with np.errstate(invalid="ignore"):
            east = np.abs(lon - at_lon)
            near = np.flatnonzero((np.abs(lat - at_lat) <= height) & (np.minimum(east, 360 - east) <= width))
        out[near] = np.minimum(out[near], distance_km(lat[near], lon[near], at_lat, at_lon))
    return out


def detour_km(lat: npt.ArrayLike, lon: npt.ArrayLike, ends: Sequence[Sequence[float]]) -> F64:
    """Kilometres that the way from one end to the other is longer by each row; NaN without a position."""
    (a_lat, a_lon), (b_lat, b_lon) = ends[0], ends[1]
    legs = distance_km(lat, lon, a_lat, a_lon) + distance_km(lat, lon, b_lat, b_lon)
    return np.asarray(legs - distance_km(a_lat, a_lon, b_lat, b_lon), np.float64)


def medians(lat: F64, lon: F64, groups: I64) -> Mapping[int, tuple[float, float]]:
    """group -> median position of its rows (group -1: none): the fallback for a city the gazetteer does not know."""
    found = {}
    usable = ~(np.isnan(lat) | np.isnan(lon)) & (groups >= 0)
    for group in np.unique(groups[usable]):
        rows = usable & (groups == group)
        found[int(group)] = (float(np.median(lat[rows])), float(np.median(lon[rows])))
    return found


def point(value: Any) -> tuple[float, float] | None:
    """{"lat","lon"} -> (lat, lon), or None when either is missing."""
    if not isinstance(value, Mapping) or value.get("lat") is None or value.get("lon") is None:
        return None
    return float(value["lat"]), float(value["lon"])
