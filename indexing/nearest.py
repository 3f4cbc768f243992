"""Which single place stands within a short walk of a position?"""

from dataclasses import dataclass

import numpy as np

from engine.types import F64, I64

_KM_PER_DEGREE = 111.195


@dataclass(frozen=True)
class Spot:
    """Positions in WGS-84 degrees; NaN = unknown."""

    lat: F64
    lon: F64


def nearest(points: Spot, places: Spot, km: float) -> I64:
    """For each point the row of the only place within `km`; -1 when there is none, or a second nearly as close.

    Places are sorted by latitude, so that each point looks at a thin strip alone. Plane geometry: good below 1 km.
    """
    order = np.argsort(places.lat, kind="stable")
    order = order[: int(np.count_nonzero(~np.isnan(places.lat)))]
    lats = places.lat[order]
    found = np.full(len(points.lat), -1, np.int64)
    for i, (lat, lon) in enumerate(zip(points.lat, points.lon, strict=True)):
        low, high = np.searchsorted(lats, [lat - km / _KM_PER_DEGREE, lat + km / _KM_PER_DEGREE])
        strip = order[low:high]
        east = (places.lon[strip] - lon) * np.cos(np.radians(lat))
        away = np.hypot(places.lat[strip] - lat, east) * _KM_PER_DEGREE
        close = strip[away <= km]
        if len(close) == 1:
            found[i] = close[0]
        elif len(close) > 1:
            first, second = np.sort(away[away <= km])[:2]
            found[i] = strip[np.argmin(np.where(np.isnan(away), np.inf, away))] if second > 3 * first + 0.01 else -1
    return found
