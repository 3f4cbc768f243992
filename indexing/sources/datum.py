"""Where is a GCJ-02 position on the globe? China's maps shift WGS-84 by a published polynomial; this undoes it.

Source: the reverse-engineered "eviltransform" formulas, accurate to a metre or two inside China.
"""

from math import cos, pi, sin, sqrt
from typing import Final

_AXIS: Final = 6378245.0  # Krasovsky 1940, metres
_SQUARED_ECCENTRICITY: Final = 0.00669342162296594323
_ROUNDS: Final = 5  # each round shrinks the error about a thousandfold


def to_wgs84(lat: float, lon: float) -> tuple[float, float]:
    """GCJ-02 degrees -> WGS-84 degrees; outside China both are the same."""
    if not (0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347):
        return lat, lon
    guess = lat, lon
    for _ in range(_ROUNDS):
        shift = _shift(*guess)
        guess = lat - shift[0], lon - shift[1]
    return guess


def _shift(lat: float, lon: float) -> tuple[float, float]:
    """What GCJ-02 adds to WGS-84 here, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    wave = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (wave + 20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (wave + 20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    radians = lat / 180.0 * pi
    magic = 1.0 - _SQUARED_ECCENTRICITY * sin(radians) ** 2
    per_lat = _AXIS * (1.0 - _SQUARED_ECCENTRICITY) / (magic * sqrt(magic)) * pi / 180.0
    per_lon = _AXIS / sqrt(magic) * cos(radians) * pi / 180.0
    return north / per_lat, east / per_lon
