"""What does this request ask for? The client's own parse when it sends one, else ours; then tied to here and now."""

from datetime import datetime

import numpy as np

from engine.ports import Index
from engine.types import Constraint, Intent, Query
from engine.understand.ground import MOST_PLACES, ItemPlace, ground
from engine.understand.merge import merge
from engine.understand.parse import understand


def read(query: Query, index: Index, at: datetime) -> Intent:
    """-> an intent whose "now", "here" and names are grounded in the clock, the person's position and the index."""
    intent = merge(query.parse, query) if query.parse else understand(query, index.names, at)
    return ground(intent, query, at, lambda name: _places(index, query.tenant, name))


def _places(index: Index, tenant: str, name: str) -> list[ItemPlace]:
    """The places of this name, branches of a chain included."""
    for slot in ("name", "brand"):
        rows = np.flatnonzero(index.allowed(tenant, "poi", [Constraint(slot, "eq", name)]))[:MOST_PLACES]
        if len(rows):
            lat, lon = (index.column(tenant, "poi", axis, rows) for axis in ("lat", "lon"))
            ids = [str(item["id"]) for item in index.items(tenant, "poi", rows)]
            return [ItemPlace(i, float(a), float(o)) for i, a, o in zip(ids, lat, lon, strict=True)]
    return []
