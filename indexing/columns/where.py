"""Where is a row? The slots about places: districts, named places, zones, metro, distances."""

from typing import Any, Final

import numpy as np

from engine.types import I64, Constraint, Verdict
from indexing.columns import geo
from indexing.columns.data import Columns
from indexing.columns.regions import same_region
from indexing.columns.values import Tags, key
from indexing.columns.verdicts import Ruling
from indexing.columns.words import Naming

LEVELS: Final = ("province", "city", "district", "area")
NEAR_KM: Final = 2.0


def admin(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """In a province, city, district or area, named in either language; the address may name it too.

    A quarter whose middle is known (c.value "points", "km" once grounded) also holds what stands around it.
    """
    name, level = str(c.value["name"]), str(c.value.get("level", ""))
    same = same_region(name)
    kept = np.zeros(columns.count, bool)
    for each in LEVELS:
        kept |= columns.tags[each].where(f"region {name}", same)
    folded = key(name)
    kept |= columns.tags["address"].containing(folded)
    if level in LEVELS:
        known = columns.tags[level].known
    else:
        known = np.any([columns.tags[each].known for each in LEVELS], axis=0)
    if points := c.value.get("points"):
        reach = float(c.value.get("km") or NEAR_KM)
        km = geo.nearest_km(columns.numbers["lat"], columns.numbers["lon"], points, reach)
        kept, known = kept | (km <= reach), known | ~np.isnan(km)
    return Ruling.where(kept[rows], known[rows])


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
    """Within the assumed kilometres from the centre of the row's own city."""
    lo, hi = (c.assume or {}).get("km_from_center") or geo.ZONES[str(c.value)]
    km = columns.numbers["km_from_center"][rows]
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
    """Near a metro line or station that the row names; "metro": near any."""
    metro: Tags = columns.tags["metro"]
    name = key(str(c.value["name"]))
    if name in ("metro", "subway", "地铁"):
        return Ruling.where(metro.known[rows], metro.known[rows])
    return Ruling.where(metro.containing(name)[rows], metro.known[rows])


def between(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """On the way between two grounded anchors (c.value "points"); UNKNOWN until both are."""
    ends: Any = c.value.get("points") or ()
    if len(ends) != 2:
        return Ruling.unknown(len(rows))
    ratio = geo.detour(columns.numbers["lat"][rows], columns.numbers["lon"][rows], ends)
    with np.errstate(invalid="ignore"):
        return Ruling.where(ratio <= geo.DETOUR, ~np.isnan(ratio))
