"""What does an item look like? One Arrow schema per table, and nothing else decides it.

`check` and `Sieve` (indexing/validate.py) hold rows against these schemas.
"""

from typing import Any, Final, Literal, TypeAlias

import pyarrow as pa

from engine.types import Kind

TableName: TypeAlias = Kind | Literal["event"]

_text, _num, _when = pa.string(), pa.float64(), pa.timestamp("s", tz="UTC")
_texts = pa.list_(_text)
_map = pa.map_(_text, _text)


def _field(name: str, kind: Any, *, needed: bool = False) -> pa.Field:
    return pa.field(name, kind, nullable=not needed)


#: NOTES: posts by people. `trust`: organic | sponsored | merchant | ai_assisted | suspected.
NOTES: Final = pa.schema(
    [
        _field("id", _text, needed=True),
        _field("title", _text, needed=True),
        _field("body", _text, needed=True),
        _field("lang", _text),
        _field("author_id", _text),
        _field("published_at", _when),
        _field("topics", _texts),
        _field("category", _text),
        _field("poi_ids", _texts),
        _field("product_ids", _texts),
        _field("media", pa.list_(pa.struct([("kind", _text), ("url", _text)]))),
        _field("impressions", _num),
        _field("clicks", _num),
        _field("likes", _num),
        _field("saves", _num),
        _field("comments", _num),
        _field("shares", _num),
        _field("trust", _text),
        _field("trust_why", _texts),  # found by us (indexing/trust.py); what a source gives is replaced
        _field("lat", _num),
        _field("lon", _num),
        _field("city", _text),
    ]
)

#: PRODUCTS. `category` is a taxonomy node id or a raw name that the lexicon maps to one.
PRODUCTS: Final = pa.schema(
    [
        _field("id", _text, needed=True),
        _field("title", _text, needed=True),
        _field("body", _text),
        _field("lang", _text),
        _field("brand", _text),
        _field("category", _text),
        _field("category_path", _texts),
        _field("price", _num),
        _field("currency", _text),
        _field("attributes", _map),
        _field("tags", _texts),
        _field("rating", _num),
        _field("rating_count", _num),
        _field("availability", _text),
        _field("image", _text),
    ]
)

#: POIS: places. Coordinates are WGS-84. `price_per_person`: what one person pays: a meal, a ticket (0 = free), a night.
#: visit_minutes is [shortest, longest] of a usual visit. `opening_hours` in OSM syntax. `nearby`: neighbour names.
POIS: Final = pa.schema(
    [
        _field("id", _text, needed=True),
        _field("name", _text, needed=True),
        _field("aliases", _texts),
        _field("body", _text),
        _field("lang", _text),
        _field("category", _text),
        _field("category_path", _texts),
        _field("lat", _num),
        _field("lon", _num),
        _field("city", _text),
        _field("district", _text),
        _field("area", _text),
        _field("address", _text),
        _field("metro", _text),
        _field("price_per_person", _num),
        _field("currency", _text),
        _field("rating", _num),
        _field("rating_count", _num),
        _field("opening_hours", _text),
        _field("tz", _text),
        _field("amenities", _texts),
        _field("no_amenities", _texts),
        _field("tags", _texts),
        _field("cuisines", _texts),
        _field("dishes", _texts),
        _field("hotel_class", _text),
        _field("visit_minutes", pa.list_(_num)),
        _field("nearby", _texts),
        _field("brand", _text),
        _field("attributes", _map),
        _field("image", _text),
    ]
)

#: EVENTS: what people did (names of User Behavior Insights).
EVENTS: Final = pa.schema(
    [
        _field("query_id", _text),
        _field("user_id", _text, needed=True),
        _field("session_id", _text),
        _field("action", _text, needed=True),
        _field("object_id", _text, needed=True),
        _field("position", pa.int64()),
        _field("at", _when, needed=True),
    ]
)

ACTIONS: Final = frozenset(
    {"impression", "click", "save", "like", "share", "comment", "follow", "book", "purchase", "hide", "report"}
)
TRUST: Final = frozenset({"organic", "sponsored", "merchant", "ai_assisted", "suspected"})

SCHEMAS: Final[dict[Kind, pa.Schema]] = {"note": NOTES, "product": PRODUCTS, "poi": POIS}
TABLES: Final[dict[TableName, pa.Schema]] = {"note": NOTES, "product": PRODUCTS, "poi": POIS, "event": EVENTS}

#: The text that is embedded and shown as a title, per kind.
TITLE: Final[dict[Kind, str]] = {"note": "title", "product": "title", "poi": "name"}
