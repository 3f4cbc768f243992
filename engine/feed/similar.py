"""What is like an item? The item as an Intent: the wish for more of it."""

import numpy as np

from engine.ports import Index
from engine.types import F32, Intent, Query


def resemble(index: Index, item_id: str, query: Query) -> Intent:
    """An item -> the wish for more like it, of its own kind unless the request names kinds."""
    place = index.locate(query.tenant, item_id)
    if place is None:
        raise LookupError(item_id)
    vector = vector_of(index, query.tenant, item_id)
    title = index.column(query.tenant, place[0], "title", np.array([place[1]]))[0]
    return Intent(
        name="similar_to",
        kinds={place[0]: 1.0},
        constraints=query.filters,
        terms=str(title),
        tastes=None if vector is None else vector[np.newaxis, :],
        source="profile",
    )


def vector_of(index: Index, tenant: str, item_id: str) -> F32 | None:
    """An item's vector; None when the item is gone or not encoded yet."""
    place = index.locate(tenant, item_id)
    if place is None:
        return None
    vector = index.vectors(tenant, place[0], np.array([place[1]], np.int64))[0]
    return vector if np.isfinite(vector).all() else None
