"""Where is a row? The slots about places: districts, named places, zones, metro, distances."""

import re
from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import Any, Final

import numpy as np
from msgspec.structs import replace

from engine.geo import distance_km
from engine.types import Constraint, Verdict
from engine.understand.unions import each
from indexing.columns import geo
from indexing.columns.bits import Bits, Rows
from indexing.columns.data import Columns
from indexing.columns.judgement import ByRow, Cost, Judgement, Sets, Unheard
from indexing.columns.ranges import within
from indexing.columns.regions import in_country, inside, same_region
from indexing.columns.values import Tags, key
from indexing.columns.verdicts import Ruling
from indexing.columns.words import Naming

LEVELS: Final = ("province", "city", "district", "area")
NEAR_KM: Final = 2.0
_LINE: Final = re.compile(r"(?:line )?(\d+) ?(?:号线)?")


def admin(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """In a province, city, district or area, named in either language; the address may name it too.

    A quarter whose middle is known (c.value "points", "km" once grounded) also holds what stands around it; where
    that circle is an estimate (c.value "estimated"), it speaks only for rows that tell no district, and as LIKELY.
    Of several regions of one name only that of the assumed city (c.assume "city") counts. Of several regions any will
    do (c.value "or"), and a row is elsewhere only where it is known to stand in none.
    """
    first, *others = each(c.value)
    found = [_region(columns, replace(c, value=first))]
    found += [_region(columns, replace(c, value=one, assume={"city": one.get("city")})) for one in others]
    return found[0] if not others else _any_of(found, columns.count)


def _any_of(found: Sequence[Sets], count: int) -> Sets:
    """What one of several sets keeps."""
    kept = Bits.union((sets.kept for sets in found), count)
    sure = Bits.union((sets.kept - (sets.likely or Bits.none(count)) for sets in found), count)
    known = reduce(and_, (sets.known for sets in found)) | kept
    return Sets(kept, known, kept - sure)


def _region(columns: Columns, c: Constraint) -> Sets:
    name, level = str(c.value["name"]), str(c.value.get("level", ""))
    tags, same, elsewhere = columns.tags, same_region(name), _elsewhere(columns, c)
    called = [tags[each].where(f"region {name}", same) for each in LEVELS]
    called.append(tags["address"].containing(key(name)))
    levels = [level] if level in LEVELS else list(LEVELS)
    if level == "country":
        called.append(tags["city"].where(f"country {name}", in_country(name)))
        levels = ["city"]
    if level == "province":
        called.append(tags["city"].where(f"inside {name}", inside(name)))
        levels.append("city")
    kept = Bits.union(called, columns.count) - elsewhere
    known = Bits.union((tags[each].known for each in levels), columns.count)
    points = c.value.get("points")
    if not points:
        return Sets(kept, known)
    around, known = columns.grid.within(points, float(c.value.get("km") or NEAR_KM)), known | columns.grid.known
    if c.value.get("estimated"):
        likely = around - kept - tags["district"].known - elsewhere
        return Sets(kept | likely, known, likely)
    return Sets(kept | around, known)


def _elsewhere(columns: Columns, c: Constraint) -> Bits:
    """Rows of another city than the one assumed for a name that several cities know."""
    city, tags = (c.assume or {}).get("city"), columns.tags["city"]
    if not city or c.value.get("level") not in ("district", "area"):
        return Bits.none(columns.count)
    return tags.known - tags.where(f"region {city}", same_region(str(city)))


def named(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """Within the radius of a grounded place (c.value "points"), or with its name among the row's neighbours.

    The place itself is not near itself.
    """
    points, reach = c.value.get("points") or (), float(c.value.get("km") or NEAR_KM)
    folded, nothing = key(str(c.value.get("name") or "")), Bits.none(columns.count)
    nearby = columns.tags["nearby"]
    beside = nearby.containing(folded) if folded else nothing
    itself = columns.tags["name"].carrying([folded]) if folded else nothing

    def look(rows: Rows) -> Ruling:
        km = geo.nearest_km(columns.numbers["lat"][rows], columns.numbers["lon"][rows], points, reach)
        known = ~np.isnan(km) if points else np.zeros(len(km), bool)
        told = nearby.known.at(rows) if folded else False
        return Ruling.where(((km <= reach) | beside.at(rows)) & ~itself.at(rows), known | told)

    return ByRow(look, lambda: (columns.grid.within(points, reach) | beside) - itself, Cost.CIRCLE)


def zone(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """Within the assumed kilometres from the centre of the city that is meant, else of the row's own city."""
    lo, hi = sorted(map(float, (c.assume or {}).get("km_from_center") or geo.ZONES[str(c.value)]))
    centre, grid = geo.point(c.assume), columns.grid

    def look(rows: Rows) -> Ruling:
        km = columns.numbers["km_from_center"][rows]
        if centre is not None:
            km = geo.nearest_km(columns.numbers["lat"][rows], columns.numbers["lon"][rows], [centre], hi)
        return Ruling.where(within(km, "between", (lo, hi)), ~np.isnan(km))

    def kept() -> Bits:
        if centre is None:
            return columns.orders["km_from_center"].between(lo, hi)
        return grid.within([centre], hi) - grid.within([centre], lo, rim=False)

    return ByRow(look, kept, Cost.CIRCLE)


def distance(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """Within so many kilometres of the person; UNKNOWN where the person's position is."""
    return _from_person(columns, c, float(c.value), Verdict.MET)


def travel(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """Within reach by foot, bike, car or transit: LIKELY, since it is an estimate from the distance."""
    speed = geo.SPEED[str(c.value.get("mode") or "walk")]
    reach = float((c.assume or {}).get("km") or float(c.value["minutes"]) * speed)
    return _from_person(columns, c, reach, Verdict.LIKELY)


def _from_person(columns: Columns, c: Constraint, reach: float, good: Verdict) -> Judgement:
    here = geo.point(c.assume)
    if here is None:
        return Unheard(columns.count)

    def look(rows: Rows) -> Ruling:
        km = geo.nearest_km(columns.numbers["lat"][rows], columns.numbers["lon"][rows], [here], reach)
        far = np.where(np.isnan(km), Verdict.UNKNOWN, Verdict.CONTRADICTED)
        return Ruling.of(np.where(km <= reach, good, far))

    return ByRow(look, lambda: columns.grid.within([here], reach), Cost.CIRCLE)


def transit(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """Near a metro line or station that the row names; "metro": near any.

    "2号线" is not "12号线".
    """
    metro: Tags = columns.tags["metro"]
    name = key(str(c.value["name"]))
    if name in ("metro", "subway", "地铁"):
        return Sets(metro.known, metro.known)
    if line := _LINE.fullmatch(name):
        named = re.compile(rf"(?<!\d){line[1]} ?号线|\bline {line[1]}(?!\d)")
        return Sets(metro.where(f"line {line[1]}", lambda word: named.search(word) is not None), metro.known)
    return Sets(metro.containing(name), metro.known)


def between(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """On the way between two grounded anchors (c.value "points"); UNKNOWN until both are."""
    ends: Any = c.value.get("points") or ()
    if len(ends) != 2:
        return Unheard(columns.count)
    straight = float(distance_km(*ends[0], *ends[1]))
    longer = max((float((c.assume or {}).get("detour") or geo.DETOUR) - 1) * straight, geo.DETOUR_KM)

    def look(rows: Rows) -> Ruling:
        more = geo.detour_km(columns.numbers["lat"][rows], columns.numbers["lon"][rows], ends)
        return Ruling.where(within(more, "between", (None, longer)), ~np.isnan(more))

    def kept() -> Bits:
        one_leg = (straight + longer) / 2 + 1e-6  # of a way so long one leg at least is no longer than its half
        near = columns.grid.within(ends, one_leg).rows()
        return Bits.of_rows(near[look(near).verdict >= Verdict.LIKELY], columns.count)

    return ByRow(look, kept, Cost.CIRCLE)
