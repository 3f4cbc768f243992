"""Where is a row? The slots about places: districts, named places, zones, metro, distances."""

import re
from typing import Any, Final

import numpy as np

from engine.geo import distance_km
from engine.types import I64, Constraint, Mask, Verdict
from indexing.columns import geo
from indexing.columns.data import Columns
from indexing.columns.regions import inside, same_region
from indexing.columns.values import Tags, key
from indexing.columns.verdicts import Ruling
from indexing.columns.words import Naming

LEVELS: Final = ("province", "city", "district", "area")
NEAR_KM: Final = 2.0
_LINE: Final = re.compile(r"(?:line )?(\d+) ?(?:号线)?")


def admin(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """In a province, city, district or area, named in either language; the address may name it too.

    A quarter whose middle is known (c.value "points", "km" once grounded) also holds what stands around it; where
    that circle is an estimate (c.value "estimated"), it speaks only for rows that tell no district, and as LIKELY.
    Of several regions of one name only that of the assumed city (c.assume "city") counts.
    """
    name, level = str(c.value["name"]), str(c.value.get("level", ""))
    same = same_region(name)
    kept = np.zeros(columns.count, bool)
    for each in LEVELS:
        kept |= columns.tags[each].where(f"region {name}", same)
    if level == "province":
        kept |= columns.tags["city"].where(f"inside {name}", inside(name))
    kept |= columns.tags["address"].containing(key(name))
    kept &= ~_elsewhere(columns, c)
    if level in LEVELS:
        known = columns.tags[level].known | (columns.tags["city"].known if level == "province" else False)
    else:
        known = np.any([columns.tags[each].known for each in LEVELS], axis=0)
    if points := c.value.get("points"):
        reach = float(c.value.get("km") or NEAR_KM)
        km = geo.nearest_km(columns.numbers["lat"], columns.numbers["lon"], points, reach)
        around, known = km <= reach, known | ~np.isnan(km)
        if c.value.get("estimated"):
            likely = around & ~kept & ~columns.tags["district"].known & ~_elsewhere(columns, c)
            ruling = Ruling.where((kept | likely)[rows], known[rows])
            return Ruling.of(np.where(likely[rows], Verdict.LIKELY, ruling.verdict))
        kept |= around
    return Ruling.where(kept[rows], known[rows])


def _elsewhere(columns: Columns, c: Constraint) -> Mask:
    """bool[n]: rows of another city than the one assumed for a name that several cities know."""
    city, tags = (c.assume or {}).get("city"), columns.tags["city"]
    if not city or c.value.get("level") not in ("district", "area"):
        return np.zeros(columns.count, bool)
    return tags.known & ~tags.where(f"region {city}", same_region(str(city)))


def named(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """Within the radius of a grounded place (c.value "points"), or with its name among the row's neighbours.

    The place itself is not near itself.
    """
    lat, lon = columns.numbers["lat"][rows], columns.numbers["lon"][rows]
    points, reach = c.value.get("points") or (), float(c.value.get("km") or NEAR_KM)
    kept, known = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    if points:
        km = geo.nearest_km(lat, lon, points, reach)
        kept, known = km <= reach, ~np.isnan(km)
    folded, nearby = key(str(c.value.get("name") or "")), columns.tags["nearby"]
    if folded:
        kept |= nearby.containing(folded)[rows]
        known |= nearby.known[rows]
        kept &= ~columns.tags["name"].mask([folded])[rows]
    return Ruling.where(kept, known)


def zone(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """Within the assumed kilometres from the centre of the city that is meant, else of the row's own city."""
    lo, hi = (c.assume or {}).get("km_from_center") or geo.ZONES[str(c.value)]
    centre = geo.point(c.assume)
    if centre is None:
        km = columns.numbers["km_from_center"][rows]
    else:
        km = geo.nearest_km(columns.numbers["lat"][rows], columns.numbers["lon"][rows], [centre], float(hi))
    with np.errstate(invalid="ignore"):
        return Ruling.where((km >= lo) & (km <= hi), ~np.isnan(km))


def distance(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """Within so many kilometres of the person; UNKNOWN where the person's position is."""
    return _from_person(columns, c, rows, float(c.value), Verdict.MET)


def travel(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """Within reach by foot, bike, car or transit: LIKELY, since it is an estimate from the distance."""
    speed = geo.SPEED[str(c.value.get("mode") or "walk")]
    reach = float((c.assume or {}).get("km") or float(c.value["minutes"]) * speed)
    return _from_person(columns, c, rows, reach, Verdict.LIKELY)


def _from_person(columns: Columns, c: Constraint, rows: I64, reach: float, good: Verdict) -> Ruling:
    here = geo.point(c.assume)
    if here is None:
        return Ruling.unknown(len(rows))
    km = geo.nearest_km(columns.numbers["lat"][rows], columns.numbers["lon"][rows], [here], reach)
    far = np.where(np.isnan(km), Verdict.UNKNOWN, Verdict.CONTRADICTED)
    return Ruling.of(np.where(km <= reach, good, far))


def transit(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """Near a metro line or station that the row names; "metro": near any.

    "2号线" is not "12号线".
    """
    metro: Tags = columns.tags["metro"]
    name = key(str(c.value["name"]))
    if name in ("metro", "subway", "地铁"):
        kept = metro.known
    elif line := _LINE.fullmatch(name):
        named = re.compile(rf"(?<!\d){line[1]} ?号线|\bline {line[1]}(?!\d)")
        kept = metro.where(f"line {line[1]}", lambda word: named.search(word) is not None)
    else:
        kept = metro.containing(name)
    return Ruling.where(kept[rows], metro.known[rows])


def between(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """On the way between two grounded anchors (c.value "points"); UNKNOWN until both are."""
    ends: Any = c.value.get("points") or ()
    if len(ends) != 2:
        return Ruling.unknown(len(rows))
    more = geo.detour_km(columns.numbers["lat"][rows], columns.numbers["lon"][rows], ends)
    straight = float(distance_km(*ends[0], *ends[1]))
    share = float((c.assume or {}).get("detour") or geo.DETOUR) - 1
    with np.errstate(invalid="ignore"):
        return Ruling.where(more <= max(share * straight, geo.DETOUR_KM), ~np.isnan(more))
