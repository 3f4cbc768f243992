"""Which places of Munich does a predicate name? Brute force over OpenStreetMap tags, sharing no code with the engine.

Predicates are data, named by their first key; every one is true or false of an element:
  {"all": [p, ...]}  {"any": [p, ...]}  {"not": p}
  {"kind": ["cafe", ...]}                 the file it comes from, in the singular
  {"tag": KEY, "in": [VALUE, ...]}        one of the tag's values (parted by ; or ,) is in the list
  {"tag": KEY, "affirmed": true}          the tag is there and does not say no ("yes", "only", "wlan", "terrace" ...)
  {"open": "now" | "SU 09:00" | "today 25:00"}   hours past 24 belong to the night after that day
  {"open_on": ["SA", "SU"]}               open at some time from 06:00 to 24:00 on one of the days
  {"within_m": M, "of": "near" | {"name": NAME}}   great-circle distance to the request's position, or to any element of
                                          that name or any point listed for it in landmarks.json

A missing tag, missing hours and unreadable hours satisfy nothing, so they satisfy every "not". README.md gives reasons.
"""

import gzip
import json
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, validate

Predicate: TypeAlias = Mapping[str, Any]
Point: TypeAlias = tuple[float, float]  # lat, lon in degrees, WGS-84

KINDS: Final = {
    "bars": "bar", "cafes": "cafe", "parks": "park", "playgrounds": "playground", "pubs": "pub",
    "restaurants": "restaurant",
}  # fmt: skip
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
BERLIN: Final = ZoneInfo("Europe/Berlin")
#: A Wednesday noon with no holiday in the days around it, for queries that do not say when they are asked.
ASKED: Final = datetime(2026, 6, 17, 12, tzinfo=BERLIN)
EARTH_M: Final = 6_371_008.8
NAMES: Final = (
    "name",
    "name:de",
    "name:en",
    "name:zh",
    "alt_name",
    "old_name",
    "official_name",
    "short_name",
    "loc_name",
)


@dataclass(frozen=True)
class Element:
    """A place: id as the mapping of the set makes it, kind, OSM tags, position."""

    id: str
    kind: str
    tags: Mapping[str, str]
    at: Point


@dataclass(frozen=True)
class Asked:
    """What a predicate is held against besides the element. `points`: folded name -> where such places stand."""

    now: datetime
    near: Point | None
    points: Mapping[str, Sequence[Point]]


def folder() -> Path:
    """Where the GeoJSON files are: munich/ in LIFESTYLE_DATA, else in ../shared/data beside the project."""
    named = os.environ.get("LIFESTYLE_DATA")
    return (Path(named) if named else Path(__file__).parents[3].parent / "shared" / "data") / "munich"


def load(where: Path) -> list[Element]:
    """All elements of the six files, in file order."""
    out = []
    for name in KINDS:
        with gzip.open(where / f"{name}.geojson.gz", "rt", encoding="utf-8") as stream:
            features = json.load(stream)["features"]
        out += [element(feature["properties"], feature["geometry"]["coordinates"]) for feature in features]
    return out


def element(properties: Mapping[str, Any], coordinates: Sequence[float]) -> Element:
    """A feature's properties and its (lon, lat) -> the element."""
    tags = {key: str(value) for key, value in properties.items()}
    return Element(f"osm-{tags['type']}-{tags['id']}", KINDS[tags["category"]], tags, (coordinates[1], coordinates[0]))


def places(elements: Iterable[Element]) -> dict[str, list[Point]]:
    """Folded name -> every point that bears it: elements of any kind, then the listed landmarks."""
    out: dict[str, list[Point]] = {}
    for one in elements:
        names = {part for key in NAMES for part in re.split(r"\s*;\s*", one.tags.get(key, "").casefold()) if part}
        for name in names:
            out.setdefault(name, []).append(one.at)
    listed = json.loads((Path(__file__).parent / "landmarks.json").read_text("utf-8"))
    for name, points in listed.items():
        out.setdefault(name.casefold(), []).extend((lat, lon) for lat, lon in points)
    return out


def gold(query: Mapping[str, Any], elements: Sequence[Element], points: Mapping[str, Sequence[Point]]) -> list[str]:
    """Ids of the elements that satisfy the query's "where", sorted."""
    now = datetime.fromisoformat(query["now"]) if query.get("now") else ASKED
    near = (query["near"]["lat"], query["near"]["lon"]) if query.get("near") else None
    asked = Asked(now.astimezone(BERLIN), near, points)
    return sorted(one.id for one in elements if holds(query["where"], one, asked))


def holds(predicate: Predicate, one: Element, asked: Asked) -> bool:
    """Whether the predicate is true of the element. ValueError names a predicate that is none."""
    test = TESTS.get(next(iter(predicate), ""))
    if test is None:
        raise ValueError(f"no predicate: {predicate}")
    return test(predicate, one, asked)


def metres(a: Point, b: Point) -> float:
    """Great-circle distance."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, point)) for point in (a, b))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(half))


def _tag(predicate: Predicate, one: Element, _: Asked) -> bool:
    values = _values(one.tags.get(predicate["tag"], ""))
    if predicate.get("affirmed"):
        return bool(values - {"no", "none"})
    return not values.isdisjoint(predicate["in"])


@cache
def _values(text: str) -> frozenset[str]:
    return frozenset(value.strip().casefold() for value in re.split("[;,]", text)) - {""}


def _open(predicate: Predicate, one: Element, asked: Asked) -> bool:
    hours = one.tags.get("opening_hours")
    return hours is not None and _is_open(hours, moment(predicate["open"], asked.now))


def _open_on(predicate: Predicate, one: Element, asked: Asked) -> bool:
    hours = one.tags.get("opening_hours")
    starts = [moment(f"{day} 06:00", asked.now) for day in predicate["open_on"]]
    return hours is not None and any(
        _is_open(hours, start + timedelta(minutes=15 * step)) for start in starts for step in range(72)
    )


def moment(when: str, now: datetime) -> datetime:
    """The local time that "now", "today HH:MM" or "DAY HH:MM" (the first such day from today on) stands for."""
    if when == "now":
        return now
    day, clock = when.split()
    ahead = 0 if day == "today" else (DAYS.index(day) - now.weekday()) % 7
    hour, minute = map(int, clock.split(":"))
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=ahead, hours=hour, minutes=minute)


@cache
def _hours(text: str) -> OpeningHours | None:
    if not validate(text):
        return None
    # Without a country there are no public holidays: the regular week.
    return OpeningHours(text, timezone=BERLIN, coords=(48.137, 11.575), auto_country=False, auto_timezone=False)


@cache
def _is_open(text: str, when: datetime) -> bool:
    hours = _hours(text)
    return hours is not None and bool(hours.is_open(when))


def _within(predicate: Predicate, one: Element, asked: Asked) -> bool:
    of = predicate["of"]
    if of == "near":
        if asked.near is None:
            raise ValueError("the predicate needs a position, and the query gives none")
        return metres(one.at, asked.near) <= float(predicate["within_m"])
    points = asked.points.get(of["name"].casefold())
    if not points:
        raise ValueError(f"no place is named {of['name']}")
    return any(metres(one.at, point) <= predicate["within_m"] for point in points)


TESTS: Final[Mapping[str, Callable[[Predicate, Element, Asked], bool]]] = {
    "all": lambda p, one, asked: all(holds(part, one, asked) for part in p["all"]),
    "any": lambda p, one, asked: any(holds(part, one, asked) for part in p["any"]),
    "not": lambda p, one, asked: not holds(p["not"], one, asked),
    "kind": lambda p, one, asked: one.kind in p["kind"],
    "tag": _tag,
    "open": _open,
    "open_on": _open_on,
    "within_m": _within,
}
