"""What is like an item? The item as an Intent: the wish for more of it."""

import numpy as np

from engine.ports import Index
from engine.types import Intent, Query


def resemble(index: Index, item_id: str, query: Query) -> Intent:
    """An item -> the wish for more like it, of its own kind unless the request names kinds."""
    place = index.locate(query.tenant, item_id)
    if place is None:
        raise LookupError(item_id)
    kind, row = place[0], np.array([place[1]], np.int64)
    vector, title = index.vectors(query.tenant, kind, row), index.column(query.tenant, kind, "title", row)[0]
    return Intent(
        name="similar_to",
        kinds={kind: 1.0},
        constraints=query.filters,
        terms=str(title),
        tastes=vector if np.isfinite(vector).all() else None,  # not encoded yet
        source="profile",
    )
