"""What does a constraint become among Qdrant's conditions? One that loses no row: what it lets in too much, our own
filter takes out again.

Native: categories, attributes as merchant and notes come to together, cuisines that are stated, brands, names, classes,
labels of trust, ranges of numbers, prices in their currency, visits, days of publication, circles on the map, regions,
opening at a quarter hour of the week. Beside, by the columns alone: dishes, sizes, languages, open attributes, metro,
zones by distance from a centre, ways between, named places without a point, dates and holidays, seasons.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from engine.types import Constraint, Kind
from engine.vocabulary import MINED
from indexing.columns import geo
from indexing.columns.data import Columns
from indexing.columns.dated import SLOTS_A_DAY
from indexing.columns.hours import DAYS, SLOTS
from indexing.columns.judge import filters
from indexing.columns.ranges import bounds, stays
from indexing.columns.regions import in_country, inside, same_region
from indexing.columns.values import key
from indexing.columns.where import LEVELS, NEAR_KM
from indexing.columns.words import Naming
from indexing.qdrant.payload import judged_names

Condition: TypeAlias = dict[str, Any]
#: Their earth is a little larger or smaller than ours.
_WIDER: Final = 1.01
#: More values than these are not sent.
MOST: Final = 2000


class Native(NamedTuple):
    """A condition that every row that keeps the constraint meets; `exact`: and no other row."""

    condition: Condition
    exact: bool


class Seen(NamedTuple):
    """What a condition is made by: the columns of all parts of a kind, and the lexicon."""

    kind: Kind
    parts: Sequence[Columns]
    naming: Naming


def native(seen: Seen, constraints: Iterable[Constraint]) -> tuple[dict[str, Any] | None, bool]:
    """-> the filter (None: no condition), and whether it says all that the constraints say."""
    must: list[Condition] = []
    must_not: list[Condition] = []
    whole = True
    for constraint in constraints:
        if not filters(seen.kind, constraint):
            continue
        found = of(seen, constraint)
        if found is None or (constraint.polarity < 0 and not found.exact):
            whole = False
        else:
            whole &= found.exact
            (must if constraint.polarity > 0 else must_not).append(found.condition)
    said = {name: each for name, each in (("must", must), ("must_not", must_not)) if each}
    return said or None, whole


def of(seen: Seen, c: Constraint) -> Native | None:
    """What a constraint becomes, its polarity aside; None for one that is judged beside."""
    if isinstance(c.value, Mapping) and ("ref" in c.value or "open" in c.value):
        return None
    rule = _attribute if c.slot in MINED else _RULES.get(c.slot)
    return None if rule is None else rule(seen, c)


def any_of(field: str, values: Iterable[str]) -> Condition:
    """One of the values stands in the field."""
    return {"key": field, "match": {"any": sorted(set(values))}}


def either(*conditions: Condition) -> Condition:
    """At least one holds."""
    return {"should": list(conditions)}


def between(field: str, lo: float, hi: float) -> Condition:
    """Ends included; a missing number never is."""
    ends = {name: float(end) for name, end in (("gte", lo), ("lte", hi)) if np.isfinite(end)}
    return {"key": field, "range": ends or {"gte": -1e300}}


def circle(lat: float, lon: float, km: float) -> Condition:
    """Within so many kilometres, and a little more."""
    return {"key": "at", "geo_radius": {"center": {"lat": lat, "lon": lon}, "radius": km * 1000 * _WIDER}}


def _wanted(c: Constraint) -> list[str]:
    return [str(v) for v in c.value] if isinstance(c.value, list | tuple) else [str(c.value)]


def _attribute(seen: Seen, c: Constraint) -> Native | None:
    if isinstance(c.value, Mapping):
        return None
    wanted = _wanted(c)
    names = [f"{c.slot}:{value}" for value in wanted]
    if not judged_names(seen.kind).issuperset(names):
        return None
    told = any_of("told", names)
    return Native(told, True) if len(names) == 1 else Native(either(told, any_of("has", wanted)), False)


def _category(seen: Seen, c: Constraint) -> Native:
    naming = seen.naming
    wanted = {node for raw in _wanted(c) for node in (raw, *naming.categories(raw))}
    nodes = {n for node in wanted for n in naming.descendants(node)}
    wider = {n for node in wanted for n in naming.ancestors(node)}
    itself = any_of("category", nodes)
    if not wider:
        return Native(itself, True)
    by_tags = either(any_of("cuisine", nodes), any_of("has", nodes))
    return Native(either(itself, {"must": [any_of("category", wider), by_tags]}), True)


def _listed(field: str, slot: str | None = None) -> Callable[[Seen, Constraint], Native]:
    def rule(seen: Seen, c: Constraint) -> Native:
        direct = seen.naming.direct
        ids = {i for raw in _wanted(c) for i in ({raw, key(raw)} | (direct(slot, raw) if slot else frozenset()))}
        return Native(any_of(field, ids), True)

    return rule


def _name(seen: Seen, c: Constraint) -> Native | None:
    if (c.assume or {}).get("part_of_name"):
        return None
    return Native(any_of("name", {str(c.value), key(str(c.value))}), True)


def _number(field: str) -> Callable[[Seen, Constraint], Native]:
    return lambda seen, c: Native(between(field, *bounds(c.op, c.value)), True)


def _price(seen: Seen, c: Constraint) -> Native | None:
    people, currency = float((c.assume or {}).get("people", 1)), (c.assume or {}).get("currency")
    if people != 1:
        return None
    fits = between("price", *bounds(c.op, c.value))
    if not currency:
        return Native(fits, True)
    same = either(
        any_of("currency", [key(str(currency))]), {"is_empty": {"key": "currency"}}, between("price", 0.0, 0.0)
    )
    return Native({"must": [fits, same]}, True)


def _duration(seen: Seen, c: Constraint) -> Native | None:
    if (c.assume or {}).get("of"):
        return None
    return Native({"must": [between(end, *ends) for end, ends in stays(c.op, c.value).items()]}, True)


def _recency(seen: Seen, c: Constraint) -> Native:
    return Native(between("published", float(np.datetime64(str(c.value)[:10], "D").astype(int)), np.inf), True)


def _around(seen: Seen, c: Constraint) -> Native | None:
    """From the person; a way that takes some minutes is a circle too."""
    here = geo.point(c.assume)
    if here is None:
        return None
    if c.slot == "distance":
        reach = float(c.value)
    else:
        speed = geo.SPEED[str(c.value.get("mode") or "walk")]
        reach = float((c.assume or {}).get("km") or float(c.value["minutes"]) * speed)
    return Native(circle(*here, reach), False)


def _region(seen: Seen, c: Constraint) -> Native | None:
    """Fields that name the region in any spelling, addresses that hold its name, and the circle of a quarter."""
    value = c.value
    if value.get("or"):
        return None
    name, level = str(value["name"]), str(value.get("level", ""))
    tests: list[tuple[str, Callable[[str], bool]]] = [(field, same_region(name)) for field in LEVELS]
    tests.append(("address", lambda word: key(name) in word))
    if level in ("country", "province"):
        tests.append(("city", in_country(name) if level == "country" else inside(name)))
    conditions = []
    for field, test in tests:
        words = {word for columns in seen.parts for word in columns.tags[field].words if test(word)}
        if len(words) > MOST:
            return None
        conditions += [any_of(field, words)] if words else []
    reach = float(value.get("km") or NEAR_KM)
    conditions += [circle(lat, lon, reach) for lat, lon in value.get("points") or ()]
    return Native(either(*conditions) if conditions else any_of("city", [""]), False)


def _open(seen: Seen, c: Constraint) -> Native | None:
    """At a quarter hour of any week. Of a date, which may be a holiday, the columns alone know."""
    moment = c.value if isinstance(c.value, Mapping) else (c.assume or {})
    if c.op != "open_at" or c.value in ("now", "24_7", "late") or (c.assume or {}).get("date") or "day" not in moment:
        return None
    slot = (DAYS.index(str(moment["day"])) * SLOTS_A_DAY + int(moment["minute"]) // 15) % SLOTS
    inside_ = {"must": [{"key": "from", "range": {"lte": slot}}, {"key": "to", "range": {"gt": slot}}]}
    return Native({"nested": {"key": "hours", "filter": inside_}}, True)


_RULES: Final[Mapping[str, Callable[[Seen, Constraint], Native | None]]] = {
    "category": _category, "brand": _listed("brand", "brand"), "name": _name,
    "hotel_class": _listed("hotel_class", "hotel_class"), "trust": _listed("trust"), "price": _price,
    "price_level": _number("price_level"), "rating": _number("rating"), "popularity": _number("popularity"),
    "duration": _duration, "recency": _recency, "distance": _around, "travel_time": _around, "place.admin": _region,
    "time.open": _open,
}  # fmt: skip
