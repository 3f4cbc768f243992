"""How far apart are two positions?"""

from typing import Final

import numpy as np
import numpy.typing as npt

from engine.types import F64

#: Mean radius of the Earth in kilometres (IUGG). The sphere differs from the ellipsoid by less than 0.6%.
EARTH_KM: Final = 6371.0088


def distance_km(lat: npt.ArrayLike, lon: npt.ArrayLike, to_lat: npt.ArrayLike, to_lon: npt.ArrayLike) -> F64:
    """Great-circle distance in kilometres (haversine); WGS-84 degrees, broadcast; NaN in, NaN out."""
    phi, to_phi = np.radians(lat), np.radians(to_lat)
    half_phi = (to_phi - phi) / 2
    half_lambda = np.radians(np.subtract(to_lon, lon)) / 2
    chord = np.sin(half_phi) ** 2 + np.cos(phi) * np.cos(to_phi) * np.sin(half_lambda) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1))), dtype=np.float64)
