"""Can it be had, for how much, and where? For each hit what one needs to take it, before what is said of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from engine.panels.brief import name_of
from engine.ports import Index
from engine.types import Constraint, Hit, Query, Verdict

#: Attributes of an item that hold a way to reach or order it, the best first.
LINKS: Final = ("booking_url", "url", "website", "contact:website", "phone", "contact:phone")
TAKES: Final = Constraint("amenity", "has", "reservation")
IN_STOCK: Final = frozenset({"in_stock", "available", "preorder", "in stock", "low_stock", "low stock", "limited"})


def offered(index: Index, query: Query, hits: Sequence[Hit]) -> dict[str, Any] | None:
    """An offer a hit, in the order of the hits; None without any for sale."""
    offers = [_offer(index, query, hit) for hit in hits if hit.kind != "note"]
    return {"type": "offers", "offers": offers} if offers else None


def available(item: Mapping[str, Any]) -> bool | None:
    """Can it be had? None when nothing is said."""
    said = item.get("availability")
    return None if said is None else str(said).lower() in IN_STOCK


def _offer(index: Index, query: Query, hit: Hit) -> dict[str, Any]:
    item, attributes = hit.item, dict(hit.item.get("attributes") or {})
    place = index.locate(query.tenant, hit.id)
    taken = int(Verdict.UNKNOWN)
    if place is not None and place[0] == "poi":
        taken = int(index.judge(query.tenant, "poi", TAKES, np.array([place[1]], np.int64)).verdict[0])
    return {
        "id": hit.id,
        "name": name_of(item),
        "available": available(item),
        "price": item.get("price", item.get("price_per_person")),
        "currency": item.get("currency"),
        "link": next((attributes[name] for name in LINKS if attributes.get(name)), None),
        "takes_reservations": None if taken == Verdict.UNKNOWN else taken >= Verdict.LIKELY,
        "opening_hours": item.get("opening_hours"),
    }
