"""Where are the places that a constraint names? Ids and names become positions in this index."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from msgspec.structs import replace

from engine.types import Constraint
from indexing.columns import geo
from indexing.columns.values import key

if TYPE_CHECKING:
    from indexing.snapshot import Snapshot

#: A name may have several branches; each is an anchor.
MOST: Final = 20

Point = tuple[float, float]


def ground(index: "Snapshot", constraint: Constraint) -> Constraint:
    """place.named and place.relative get "points", (lat, lon) of what they name; any other constraint is as it was."""
    value = constraint.value
    if constraint.slot == "place.named" and isinstance(value, Mapping) and "points" not in value:
        return replace(constraint, value={**value, "points": _points(index, value)})
    if constraint.slot == "place.relative" and isinstance(value, Mapping) and "points" not in value:
        anchors = [a if isinstance(a, Mapping) else {"name": str(a)} for a in value.get("anchors") or ()]
        firsts = [found[0] for a in anchors if (found := _points(index, a))]
        return replace(constraint, value={**value, "points": firsts})
    return constraint


def _points(index: "Snapshot", value: Mapping[str, Any]) -> list[Point]:
    """By its own position, else by ids, else by name among the places of the index."""
    own = geo.point(value)
    if own:
        return [own]
    rows = [found[1] for i in value.get("ids") or () if (found := index.where.get(str(i))) and found[0] == "poi"]
    if not rows and value.get("name"):
        rows = _by_name(index, key(str(value["name"])))
    shelf, at = index.shelves["poi"], np.array(rows[:MOST], np.int64)
    lat = shelf.take(at, lambda part, local: part.columns.numbers["lat"][local])
    lon = shelf.take(at, lambda part, local: part.columns.numbers["lon"][local])
    return [(float(a), float(b)) for a, b in zip(lat, lon, strict=True) if not np.isnan(a)]


def _by_name(index: "Snapshot", name: str) -> list[int]:
    shelf = index.shelves["poi"]
    parts = zip(shelf.starts, shelf.parts, shelf.living, strict=True)
    found = [start + (part.columns.tags["name"].carrying([name]) & alive).rows() for start, part, alive in parts]
    return list(map(int, np.concatenate(found)))
