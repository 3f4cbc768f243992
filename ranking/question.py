"""Which question is it, and of where? A digest by which pages of the same question are known to be so."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache

from engine.types import Intent, Place, Query
from engine.understand.fold import fold


def digest(intent: Intent, query: Query) -> str:
    """Of the words (or the taste's owner), the filters and the kinds: equal for who asks the same. It tells nothing."""
    said = folded(intent.normalized or intent.query or query.text) or f"feed {query.user}"
    filters = sorted(f"{c.slot} {c.op} {c.value}" for c in query.filters)
    return hashlib.sha256("\0".join([said, *filters, *query.kinds]).encode()).hexdigest()[:24]


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """A short text in the plain form of engine.understand.fold; names come again and again, so they are kept."""
    return fold(text).text


def anchor(intent: Intent, query: Query) -> Place | None:
    """The first wanted constraint that carries a position, or else where the person is."""
    for constraint in intent.constraints:
        for source in (constraint.value, constraint.assume):
            if constraint.polarity > 0 and isinstance(source, Mapping):
                lat, lon = source.get("lat"), source.get("lon")
                if isinstance(lat, int | float) and isinstance(lon, int | float):
                    return Place(lat, lon)
    return query.near
