"""A tiny world for engine tests: four cafés, a park, three notes; attributes and distances chosen by hand."""

import numpy as np

from engine.types import F32, Constraint, Intent, Query
from tests.fakes.index import MemoryIndex

TENANT = "demo"


def unit(*values: float) -> F32:
    vector = np.array(values, np.float32)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def world(dead: tuple[str, ...] = ()) -> MemoryIndex:
    pois = [
        {
            "id": "far",
            "name": "山野",
            "category": "cafe",
            "amenities": ["lawn"],
            "km_from_center": 20.0,
            "price_per_person": 40.0,
        },
        {
            "id": "near",
            "name": "城中",
            "category": "cafe",
            "amenities": ["lawn"],
            "km_from_center": 2.0,
            "price_per_person": 90.0,
        },
        {"id": "bare", "name": "水泥", "category": "cafe", "no_amenities": ["lawn"], "km_from_center": 22.0},
        {"id": "mute", "name": "无言", "category": "cafe", "km_from_center": 25.0, "price_per_person": 200.0},
        {"id": "park", "name": "公园", "category": "park", "amenities": ["lawn"], "km_from_center": 18.0},
    ]
    notes = [
        {"id": "n1", "title": "草坪好大", "body": "山野的草坪好大", "poi_ids": ["far"], "author_id": "a1"},
        {"id": "n2", "title": "草坪也好", "body": "孩子跑了一下午", "poi_ids": ["far", "park"], "author_id": "a1"},
        {
            "id": "n3",
            "title": "咖啡一般",
            "body": "无言的咖啡一般",
            "poi_ids": ["mute"],
            "author_id": "a2",
            "trust": "sponsored",
        },
    ]
    vectors = {
        "far": unit(1, 0.1, 0, 0), "near": unit(0.9, 0.3, 0, 0), "bare": unit(0.5, 0.5, 0, 0),
        "mute": unit(0.2, 1, 0, 0), "park": unit(0.6, 0, 0.8, 0), "n1": unit(1, 0, 0, 0),
        "n2": unit(0.8, 0.2, 0.1, 0), "n3": unit(0, 1, 0, 0),
    }  # fmt: skip
    return MemoryIndex(notes=notes, pois=pois, vectors=vectors, tenant=TENANT, dead=dead)


CAFE = Constraint("category", "eq", "cafe", label={"zh": "咖啡馆", "en": "café"})
LAWN = Constraint("amenity", "has", "lawn", label={"zh": "草坪", "en": "lawn"})
SUBURB = Constraint(
    "place.zone",
    "in",
    "suburb_near",
    hardness="soft",
    assume={"km_from_center": [10, 40]},
    label={"zh": "近郊", "en": "suburb"},
)


def intent(*constraints: Constraint, **more: object) -> Intent:
    given = {
        "name": "find_place",
        "kinds": {"poi": 1.0},
        "text": "草坪 咖啡",
        "terms": "草坪 咖啡",
        "lang": "zh",
    } | more
    return Intent(constraints=constraints, **given)  # type: ignore[arg-type]


def query(**more: object) -> Query:
    return Query(TENANT, **more)  # type: ignore[arg-type]
