"""Where on the map is what a constraint names? Names become points, "here" the person's position, zones a city's rings.

What cannot be resolved stays, softened, and its assume says what is unknown. Grounding twice changes nothing more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from msgspec.structs import replace

from engine.geo import distance_km
from engine.types import Constraint, Place
from engine.understand.gazetteer import Region, gazetteer
from engine.understand.patterns import Lazy, gated
from engine.understand.unions import each, joined
from engine.understand.where import zone_bounds

#: More branches of one chain than this are not all drawn into a filter.
MOST_PLACES: Final = 200
#: A person this near to a namesake's city means that one.
LOCAL_KM: Final = 80.0
#: How much longer than the straight line a way "between" two places may be.
DETOUR: Final = 1.33
OWN_CITY: Final = "each place's own city"
#: Slots whose value names places.
NAMING: Final = frozenset({"place.named", "place.admin", "place.relative"})
_HERE: Final = gated(r"我|我这|我这里|这里|这儿|当前位置|here|me|my (?:position|location)")
_UNKNOWN: Final = Lazy(
    r"(?:我的?)?(?:公司|家|单位|学校|办公室|酒店|住处|宿舍)"
    r"|(?:my |the )?(?:home|work|office|hotel|place|school|house|flat)"
)


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """Where an item of the index stands, WGS-84."""

    id: str
    lat: float
    lon: float


Locate: TypeAlias = Callable[[str], Sequence[ItemPlace]]
#: Does the index hold places of a city of this name?
Holds: TypeAlias = Callable[[str], bool]


def assume(c: Constraint, **more: Any) -> Constraint:
    """The constraint with more taken for granted."""
    return replace(c, assume={**(c.assume or {}), **more})


def from_person(c: Constraint, near: Place | None) -> Constraint:
    """A position sent with the request wins over one in a parse that came back."""
    if near is not None:
        kept = {k: v for k, v in (c.assume or {}).items() if k != "position"}
        return replace(c, assume={**kept, "lat": near.lat, "lon": near.lon})
    if c.assume and "lat" in c.assume:
        return c
    return assume(replace(c, hardness="soft"), position="unknown")


def of_name(c: Constraint, near: Place | None, locate: Locate, holds: Holds) -> Constraint:
    """A constraint of a slot of NAMING, tied to the map."""
    if c.slot == "place.named":
        return named(c, locate)
    if c.slot == "place.admin":
        return region(c, near, holds)
    return between(c, near, locate)


def named(c: Constraint, locate: Locate) -> Constraint:
    """A named place gets the ids and points of what bears its name."""
    if c.value.get("points"):
        return c
    places = list(locate(str(c.value.get("name", ""))))[:MOST_PLACES]
    if not places:
        return c  # the items' own lists of neighbours may still know the name
    points = [[p.lat, p.lon] for p in places if p.lat == p.lat and p.lon == p.lon]
    value = {**c.value, "ids": [p.id for p in places if p.id]}
    if points:
        value |= {"points": points, "lat": points[0][0], "lon": points[0][1]}
    return replace(c, value=value)


def region(c: Constraint, near: Place | None, holds: Holds) -> Constraint:
    """Of several districts of one name the one nearby, else one of a city that the index holds.

    Few places say which quarter they stand in: the circle around its middle counts as well.
    """
    first, *others = each(c.value)
    if not others:
        return _one_region(c, near, holds)
    chosen = _one_region(replace(c, value=first), near, holds)
    known = [_one_region(replace(c, value=o, assume={"city": o.get("city")}), near, holds).value for o in others]
    return replace(chosen, value=joined([chosen.value, *known]))


def _one_region(c: Constraint, near: Place | None, holds: Holds) -> Constraint:
    name, level = str(c.value.get("name", "")), c.value.get("level")
    if (c.assume or {}).get("also"):
        c = _namesake(c, near, holds)
    own = [r for r in gazetteer().named(name) if r.own and r.level == level] if level in ("district", "area") else []
    city = (c.assume or {}).get("city")
    own = [r for r in own if r.city == city] or own
    if not own or c.value.get("points"):
        return c
    circles = [r.own for r in own if r.own]
    value = {**c.value, "points": [[lat, lon] for lat, lon, _ in circles], "km": circles[0][2]}
    return replace(c, value={**value, "estimated": True} if own[0].estimated else value)


def _namesake(c: Constraint, near: Place | None, holds: Holds) -> Constraint:
    """Choose again among regions of one name, now that the person and the index are known."""
    said = c.assume or {}
    cities = [str(said["city"]), *map(str, said["also"])]
    chosen = None
    if near is not None:
        chosen = next((city for city in _by_distance(cities, near)), None)
    if chosen is None:
        chosen = next((city for city in cities if holds(city)), cities[0])
    if chosen == cities[0]:
        return c
    c = assume(c, city=chosen, also=[city for city in cities if city != chosen])
    known = gazetteer().city(chosen)
    if c.value.get("level") != "city" or known is None:
        return c
    return replace(c, value={**c.value, "name": known.zh}, label={"zh": known.zh, "en": known.en})


def _by_distance(cities: Sequence[str], near: Place) -> list[str]:
    found = [(city, known) for city in cities if (known := gazetteer().city(city))]
    reach = {city: float(distance_km(near.lat, near.lon, r.lat, r.lon)) for city, r in found}
    return sorted((city for city in reach if reach[city] <= LOCAL_KM), key=lambda city: reach[city])


def zone(c: Constraint, near: Place | None) -> Constraint:
    """Rings around the city that was named, else around the person's; else around each place's own."""
    said = c.assume or {}
    if "lat" in said or said.get("relative_to") == OWN_CITY:
        return c
    city = gazetteer().city(str(said["relative_to"])) if "relative_to" in said else _around(near)
    if city is None or city.lat != city.lat:
        return c if "relative_to" in said else assume(c, relative_to=OWN_CITY)
    told = said.get("km_from_center") if "relative_to" in said else None
    bounds = told or zone_bounds(str(c.value), city.radius_km)
    return assume(c, km_from_center=bounds, relative_to=city.zh, lat=city.lat, lon=city.lon)


def _around(near: Place | None) -> Region | None:
    return gazetteer().city_at(near.lat, near.lon) if near is not None else None


def between(c: Constraint, near: Place | None, locate: Locate) -> Constraint:
    """Both ends of a way on the map; what is unknown ("公司") is asked for."""
    if c.value.get("points"):
        return c
    names = [str(a.get("name", "")) if isinstance(a, dict) else str(a) for a in c.value.get("anchors") or ()]
    found = [_anchor(name, near, locate) for name in names]
    if len(found) != 2 or None in found:
        unknown = [name for name, at in zip(names, found, strict=True) if at is None]
        return assume(replace(c, hardness="soft"), positions="unknown", unknown=unknown)
    return replace(c, value={**c.value, "points": found}, assume={"detour": DETOUR})


def _anchor(name: str, near: Place | None, locate: Locate) -> list[float] | None:
    plain = name.strip().lower()
    if _HERE.fullmatch(plain):
        return [near.lat, near.lon] if near is not None else None
    if _UNKNOWN.fullmatch(plain):
        return None
    places = [p for p in locate(name) if p.lat == p.lat and p.lon == p.lon]
    return [places[0].lat, places[0].lon] if places else None
