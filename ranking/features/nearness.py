"""How near is it, in space and time?"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from engine.types import F32
from engine.understand.unions import each
from ranking.batch import NAN, Batch, f32
from ranking.question import folded

#: Where closeness and freshness reach 0 (the form of Vespa's `closeness` and `freshness`).
FAR_KM: Final = 50.0
STALE_DAYS: Final = 730.0
DAY_MINUTES: Final = 1440.0


def distance_km(batch: Batch) -> F32 | float:
    """Kilometres to the named place, or else to the person; NaN without either or without a position."""
    return NAN if batch.distance is None else batch.distance


def geo_closeness(batch: Batch) -> F32 | float:
    """max(1 - distance / 50 km, 0)."""
    return NAN if batch.distance is None else f32(np.maximum(1 - batch.distance / FAR_KM, 0))


def km_from_center(batch: Batch) -> F32:
    """Kilometres from the centre of the item's own city."""
    return batch.number("km_from_center")


def same_city(batch: Batch) -> F32 | float:
    """1 when it lies in the city asked for; NaN when none is asked for or its city is unknown."""
    asked = {folded(name) for c in batch.intent.constraints for name in _cities(c.slot, c.value)}
    if not asked:
        return NAN
    return batch.valued("city", lambda city: folded(city) in asked if city else NAN)


def item_age_days(batch: Batch) -> F32:
    """Days since it was published, as of the snapshot."""
    return batch.number("age_days")


def freshness(batch: Batch) -> F32:
    """max(1 - age / 730 days, 0)."""
    return f32(np.maximum(1 - item_age_days(batch) / STALE_DAYS, 0))


def minutes_to_close(batch: Batch) -> F32 | float:
    """Minutes that a place stays open from the moment of asking on, 0 when closed, a day at most; NaN without hours."""
    if not math.isfinite(batch.known.at):
        return NAN
    at, out = datetime.fromtimestamp(batch.known.at, UTC), np.full(len(batch), np.nan, np.float32)
    for kind, where, rows in batch.parts:
        if kind == "poi":
            out[where] = np.minimum(batch.index.closing(batch.query.tenant, kind, at, rows), DAY_MINUTES)
    return out


def _cities(slot: str, value: Any) -> list[str]:
    named = each(value) if slot == "place.admin" and isinstance(value, Mapping) else ()
    return [str(region.get("name")) for region in named if region.get("level") == "city"]
