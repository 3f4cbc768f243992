"""What do "now", "here", "near the Bund" mean for this request? Resolved here, or honestly left open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeAlias

from engine.types import Constraint, Intent, Query
from engine.understand.gazetteer import gazetteer
from engine.understand.merge import relax_order
from engine.understand.when import DAYS

#: More branches of one chain than this are not all drawn into a filter.
MOST_PLACES: Final = 200


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """Where an item of the index stands, WGS-84."""

    id: str
    lat: float
    lon: float


Locate: TypeAlias = Callable[[str], Sequence[ItemPlace]]


def ground(intent: Intent, query: Query, now: datetime, locate: Locate) -> Intent:
    """Tie an intent to the clock (`now`, aware), the person's position (query.near) and the index's places.

    `locate` gives the items of a name. What cannot be resolved stays, softened, and its assume says what is unknown.
    """
    grounded = tuple(_ground(c, query, now, locate) for c in intent.constraints)
    if grounded == intent.constraints:
        return intent
    intent = replace(intent, constraints=grounded)
    return replace(intent, relax_order=relax_order(intent))


def _ground(c: Constraint, query: Query, now: datetime, locate: Locate) -> Constraint:
    if c.slot in ("distance", "travel_time"):
        return _from_person(c, query)
    if c.slot in ("place.named", "place.admin") and isinstance(c.value, dict):
        return _named(c, locate) if c.slot == "place.named" else _quarter(c)
    if c.slot == "place.relative":
        return _assume(replace(c, hardness="soft"), positions="unknown")
    if c.slot == "time.open" and c.op == "open_at":
        return _open(c, now)
    if c.slot == "place.zone" and "relative_to" not in (c.assume or {}):
        return _assume(c, relative_to="each place's own city")
    return c


def _assume(c: Constraint, **more: Any) -> Constraint:
    return replace(c, assume={**(c.assume or {}), **more})


def _from_person(c: Constraint, query: Query) -> Constraint:
    """A position sent with the request wins over one in a parse that came back."""
    if query.near is not None:
        assume = {k: v for k, v in (c.assume or {}).items() if k != "position"}
        return replace(c, assume={**assume, "lat": query.near.lat, "lon": query.near.lon})
    if c.assume and "lat" in c.assume:
        return c
    return _assume(replace(c, hardness="soft"), position="unknown")


def _named(c: Constraint, locate: Locate) -> Constraint:
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


def _quarter(c: Constraint) -> Constraint:
    """Few places say which quarter they stand in: the circle around its middle counts as well."""
    circles = gazetteer().centres(str(c.value.get("name", ""))) if c.value.get("level") in ("district", "area") else []
    if not circles or c.value.get("points"):
        return c
    return replace(c, value={**c.value, "points": [[lat, lon] for lat, lon, _ in circles], "km": circles[0][2]})


def _open(c: Constraint, now: datetime) -> Constraint:
    """ "now" is an instant (each place reads it in its own time zone); a clock time without a day means today."""
    if c.value == "now":
        return c if c.assume and "at" in c.assume else _assume(c, at=now.isoformat())
    if isinstance(c.value, dict) and "day" not in c.value:
        return _assume(replace(c, value={"day": DAYS[now.weekday()], **c.value}), day="today")
    return c
