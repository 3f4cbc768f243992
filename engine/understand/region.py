"""What is known of a named piece of the map?"""

from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple, TypeAlias

Level: TypeAlias = Literal["province", "city", "district", "area"]

NAN: Final = float("nan")


class Region(NamedTuple):
    """A named piece of the map. City fields hold for cities, and for a district those of its city."""

    id: str
    level: Level
    zh: str
    en: str
    names: tuple[str, ...]  # every other name, as written
    province: str = ""  # zh; of a city abroad its state, where known
    city: str = ""  # zh name of the city; for a province empty
    country: str = "CN"
    lat: float = NAN  # centre of the city, WGS-84
    lon: float = NAN
    radius_km: float = NAN  # of the city's built-up core
    tz: str = "Asia/Shanghai"
    own: tuple[float, float, float] | None = None  # lat, lon, radius in km of a district or area itself
    estimated: bool = False  # the own radius is an estimate from the distance to the neighbours


def region_of(values: Sequence[Any]) -> Region:
    """Of JSON values; a number that is not known is null there."""
    made = Region(*values)
    lat, lon, km = (NAN if value is None else value for value in (made.lat, made.lon, made.radius_km))
    own = None if made.own is None else (made.own[0], made.own[1], made.own[2])
    return made._replace(names=tuple(made.names), lat=lat, lon=lon, radius_km=km, own=own)
