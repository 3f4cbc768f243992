"""A handful of items whose features can be worked out by hand, and candidates over them."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from engine.types import KINDS, Candidates, Constraint, Intent, Kind, Place, Query
from tests.fakes.index import MemoryIndex

NAN = float("nan")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
CITY = {"city": "上海", "category": "cafe"}
POIS = [
    CITY
    | {"id": "lawn", "name": "草坪咖啡", "lat": 31.2, "lon": 121.4, "price_per_person": 40.0, "rating": 4.5}
    | {"rating_count": 90.0, "amenities": ["lawn"], "km_from_center": 12.0, "brand": "草坪"},
    CITY
    | {"id": "plain", "name": "Plain Café", "lat": 31.2, "lon": 121.5, "price_per_person": 80.0, "rating": 3.5}
    | {"rating_count": 10.0, "no_amenities": ["lawn"], "tags": ["smoking"]},
    {"id": "bare", "name": "无名", "category": "park"},
]
NOTES = [
    {"id": "n1", "title": "周末去草坪咖啡", "body": "草坪很大", "published_at": datetime(2026, 11, 12, tzinfo=UTC)}
    | {"impressions": 90.0, "clicks": 19.0, "saves": 9.8, "trust": "organic", "poi_ids": ["lawn"]},
    {"id": "n2", "title": "Ad", "body": "buy", "trust": "sponsored", "published_at": datetime(2020, 1, 1, tzinfo=UTC)},
]
PRODUCTS = [
    {"id": "tent", "title": "Tent", "category": "tent", "price": 300.0, "brand": "Peak"}
    | {"head": "tent", "words": "peak tent"}  # as the build derives them
]

LAWN = Constraint("amenity", "has", "lawn", "hard")
NO_SMOKE = Constraint("amenity", "has", "smoking", "soft", polarity=-1)
CAFE = Constraint("category", "eq", "cafe", "hard")
CHEAP = Constraint("price", "lte", 50.0, "soft")
SHANGHAI = Constraint("place.admin", "in", {"level": "city", "name": "上海"}, "hard")


def index() -> MemoryIndex:
    """Three places, two notes, one product; lawn is mined for one place."""
    return MemoryIndex(
        notes=NOTES, products=PRODUCTS, pois=POIS, mined={("lawn", "lawn"): (0.9, 3, 1)}, tenant="demo", now=NOW
    )


def intent(*constraints: Constraint, text: str = "有草坪的咖啡店", **more: object) -> Intent:
    """A query for places above all."""
    fields = {"terms": "草坪 咖啡", "query": text, "normalized": text, **more}
    return Intent("find_place", {"poi": 1.0, "note": 0.5}, constraints, **fields)  # type: ignore[arg-type]


def query(near: Place | None = None) -> Query:
    """The request around it."""
    return Query(tenant="demo", text="有草坪的咖啡店", near=near)


def found(*items: tuple[Kind, int], dense: Sequence[float] = (), fused: Sequence[float] = ()) -> Candidates:
    """Candidates in the order given; scores fall by place where none are given."""
    n = len(items)
    falling = np.linspace(1, 0.1, n) if n else np.empty(0)
    return Candidates(
        kind=np.array([KINDS.index(kind) for kind, _ in items], dtype=np.int8),
        row=np.array([row for _, row in items], dtype=np.int64),
        dense=np.array(dense or falling, dtype=np.float32),
        lexical=np.array([NAN if i % 2 else 2.0 * (n - i) for i in range(n)], dtype=np.float32),
        votes=np.full(n, NAN, dtype=np.float32),
        fused=np.array(fused or falling, dtype=np.float32),
        relax_level=np.zeros(n, dtype=np.int8),
    )


ALL = found(("poi", 0), ("note", 0), ("poi", 1), ("product", 0), ("poi", 2), ("note", 1))
