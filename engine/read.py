"""What does this request ask for? The client's own parse when it sends one, else ours; then tied to here and now."""

import re
from datetime import datetime
from typing import Final

import numpy as np

from engine.aim import aimed
from engine.ports import Index
from engine.refer import refer
from engine.types import Constraint, Intent, Query
from engine.understand.gazetteer import gazetteer
from engine.understand.ground import ItemPlace, ground
from engine.understand.landmarks import landmarks
from engine.understand.merge import merge
from engine.understand.parse import understand

#: "人民广场地铁站" stands where 人民广场 does, as far as a landmark is known.
_STOP: Final = re.compile(r"(?:地铁|轻轨)?站$| (?:metro|subway|tube)? ?station$")
#: Places drawn from one name: a chain's branches, or the items of a quarter.
MOST = 200


def read(query: Query, index: Index, at: datetime) -> Intent:
    """-> an intent whose "now", "here" and names are grounded in the clock, the person's position and the index."""
    intent = understand(query, index.names, at) if query.parse is None else merge(query.parse, query)
    intent = refer(aimed(intent, index, query), index, query)
    return ground(
        intent,
        query,
        at,
        lambda name: locate(index, query.tenant, name),
        lambda city: bool(len(_rows(index, query.tenant, in_city(city)))),
    )


def in_city(name: str) -> Constraint:
    """The constraint to stand in a city."""
    return Constraint("place.admin", "in", {"level": "city", "name": name})


def locate(index: Index, tenant: str, name: str) -> list[ItemPlace]:
    """Where a name is: the places that bear it and the landmark; else the middle of the quarter so called."""
    known = [ItemPlace("", lat, lon) for lat, lon in landmarks().where(name) or landmarks().where(_STOP.sub("", name))]
    rows = _rows(index, tenant, Constraint("name", "eq", name))
    if len(rows):
        lat, lon = (index.column(tenant, "poi", axis, rows) for axis in ("lat", "lon"))
        ids = index.column(tenant, "poi", "id", rows)
        return known + [ItemPlace(str(i), float(a), float(b)) for i, a, b in zip(ids, lat, lon, strict=True)]
    known += [ItemPlace("", lat, lon) for lat, lon, _ in gazetteer().centres(name)]
    if not known and (city := gazetteer().city(name)):
        known.append(ItemPlace("", city.lat, city.lon))
    if known:
        return known
    rows = _rows(index, tenant, Constraint("place.admin", "in", {"level": "area", "name": name}))
    spots = np.column_stack([index.column(tenant, "poi", axis, rows) for axis in ("lat", "lon")])
    spots = spots[np.isfinite(spots).all(axis=1)]
    return [ItemPlace("", *np.median(spots, axis=0).tolist())] if len(spots) else []


def _rows(index: Index, tenant: str, constraint: Constraint) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.flatnonzero(index.allowed(tenant, "poi", [constraint]))[:MOST]
