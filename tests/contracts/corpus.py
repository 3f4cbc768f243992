"""Which items do the contract suites speak about? A handful, small enough to know every right answer by heart."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.kindred import Kindred
from engine.types import F32, Kind
from indexing.centre import Means
from indexing.columns.words import naming
from indexing.kindred import Behaviour
from indexing.overlay import stated_links
from indexing.own_names import collect
from indexing.segment import NAMED, Contents, Frame, assemble
from indexing.sentences import split
from indexing.validate import to_table
from indexing.write import scales_of

Items = Sequence[dict[str, Any]]

NOW: Final = datetime(2026, 11, 20, tzinfo=UTC)
TENANT: Final = "demo"
DIM: Final = 8
_ZERO: Final = {lang: np.zeros(DIM, np.float32) for lang in ("zh", "en")}

POIS: Final[list[dict[str, Any]]] = [
    {
        "id": "p-lawn",
        "name": "草地咖啡",
        "category": "cafe",
        "city": "杭州",
        "district": "西湖区",
        "lat": 30.25,
        "lon": 119.95,
        "price_per_person": 60.0,
        "currency": "CNY",
        "rating": 4.6,
        "rating_count": 120.0,
        "amenities": ["lawn"],
        "body": "大草坪边的咖啡馆，手冲和蛋糕",
        "dishes": ["香河肉饼", "提拉米苏"],
        "opening_hours": "Mo-Su 09:00-18:00",
        "visit_minutes": [60.0, 120.0],
        "cuisines": ["coffee"],
    },
    {
        "id": "p-down",
        "name": "市中心咖啡",
        "category": "cafe",
        "city": "杭州",
        "district": "上城区",
        "lat": 30.2461,
        "lon": 120.1688,
        "price_per_person": 38.0,
        "currency": "CNY",
        "rating": 4.2,
        "rating_count": 300.0,
        "no_amenities": ["lawn"],
        "body": "Downtown espresso bar, quiet corners for work",
        "opening_hours": "Mo-Fr 08:00-22:00",
        "visit_minutes": [30.0, 90.0],
    },
    {
        "id": "p-park",
        "name": "城西公园",
        "category": "park",
        "city": "杭州",
        "district": "西湖区",
        "lat": 30.27,
        "lon": 120.0,
        "price_per_person": 0.0,
        "currency": "CNY",
        "rating": 4.8,
        "amenities": ["lawn"],
        "opening_hours": "24/7",
        "visit_minutes": [120.0, 240.0],
        "nearby": ["草地咖啡"],
        "body": "湖边的公园，可以露营",
    },
    {
        "id": "p-bar",
        "name": "夜猫酒吧",
        "category": "bar",
        "city": "上海",
        "district": "静安区",
        "lat": 31.2304,
        "lon": 121.4737,
        "price_per_person": 150.0,
        "currency": "CNY",
        "opening_hours": "Mo-Su 18:00-02:00",
        "brand": "NightOwl",
        "body": "鸡尾酒和爵士乐",
    },
    {
        "id": "p-bare",
        "name": "无名小店",
        "category": "restaurant",
        "body": "什么都不知道的小店",
    },
]

PRODUCTS: Final[list[dict[str, Any]]] = [
    {
        "id": "g-cream",
        "title": "舒缓面霜",
        "brand": "Avene",
        "category": "skincare",
        "price": 168.0,
        "currency": "CNY",
        "rating": 4.5,
        "tags": ["sensitive_skin"],
        "body": "敏感肌可用的面霜",
    },
    {
        "id": "g-sun",
        "title": "Sunscreen SPF50",
        "brand": "Anessa",
        "category": "skincare",
        "price": 40.0,
        "currency": "EUR",
        "rating": 4.9,
        "body": "light sunscreen for oily skin",
    },
    {
        "id": "g-tent",
        "title": "露营帐篷",
        "brand": "Naturehike",
        "category": "outdoor",
        "price": 599.0,
        "currency": "CNY",
        "body": "两人帐篷，防雨",
    },
]

NOTES: Final[list[dict[str, Any]]] = [
    {
        "id": "n-lawn",
        "title": "带娃去草地咖啡",
        "body": "草坪很大，孩子跑了一下午。",
        "poi_ids": ["p-lawn"],
        "trust": "organic",
        "published_at": "2026-10-01T00:00:00+00:00",
        "likes": 20.0,
    },
    {
        "id": "n-old",
        "title": "草地咖啡的回忆",
        "body": "去年的草坪还在。",
        "poi_ids": ["p-lawn"],
        "trust": "sponsored",
        "published_at": "2025-04-01T00:00:00+00:00",
    },
    {
        "id": "n-camp",
        "title": "周末露营清单",
        "body": "帐篷推荐这一顶，城西公园扎营。",
        "poi_ids": ["p-park"],
        "product_ids": ["g-tent"],
        "trust": "organic",
        "published_at": "2026-11-01T00:00:00+00:00",
    },
    {
        "id": "n-en",
        "title": "A quiet corner downtown",
        "body": "Best espresso for working.",
        "poi_ids": ["p-down"],
        "trust": "organic",
        "published_at": "2026-06-01T00:00:00+00:00",
    },
]

#: An item that a live upsert brings, one that it replaces, and one that it deletes.
NEW_POI: Final[dict[str, Any]] = {
    "id": "p-new",
    "name": "新开的草坪咖啡",
    "category": "cafe",
    "city": "杭州",
    "district": "余杭区",
    "lat": 30.3,
    "lon": 119.9,
    "price_per_person": 45.0,
    "currency": "CNY",
    "rating": 4.9,
    "amenities": ["lawn"],
    "body": "刚开业，有草坪",
}


def vector(item_id: str) -> F32:
    """A unit vector that depends on the id alone."""
    seed = int.from_bytes(item_id.encode()[-4:], "big")
    v = np.random.default_rng(seed).normal(size=DIM).astype(np.float32)
    return (v / np.linalg.norm(v)).astype(np.float32)


def vectors() -> dict[str, F32]:
    """Of all the items above but the tent, whose vector is still to come."""
    return {i["id"]: vector(i["id"]) for i in [*POIS, *PRODUCTS, *NOTES] if i["id"] != "g-tent"}


def _learnt() -> Kindred:
    """A place, a note and a product that the same people chose, and something that is in no index."""
    ids = ["p-down", "n-lawn", "g-cream", "gone"]
    vectors = np.array([[1, 0], [0.6, 0.8], [0, 1], [5, 5]], np.float32)
    near = np.array([[1, 3], [2, 0], [1, -1], [0, -1]], np.int64)
    weights = np.array([[0.5, 0.4], [0.7, 0.5], [0.7, np.nan], [0.4, np.nan]], np.float32)
    often = np.array([0.5, 1, 0.2, 0.3], np.float32)
    behind = np.array([3, 4, 2, 3])
    return Kindred(ids, vectors, vectors.T @ vectors, 0.1, near, weights, often, backing=3.0, people=9, behind=behind)


LEARNT: Final = _learnt()


def write(folder: Path, pois: Items, products: Items, notes: Items) -> None:
    """A segment of these items on disk, with the vectors above, not centred."""
    rows: dict[Kind, Items] = {"poi": pois, "product": products, "note": notes}
    nothing = np.full(DIM, np.nan, np.float32)
    matrices = {
        k: np.array([vectors().get(i["id"], nothing) for i in r], np.float32).reshape(-1, DIM) for k, r in rows.items()
    }
    by_id = {i["id"]: i for r in rows.values() for i in r}
    links, sentences = stated_links(notes), split(to_table("note", notes))
    contents = Contents(rows, matrices, links, sentences, NAMED.empty_table(), by_id.get, collect(rows))
    facts = {"built_at": NOW.isoformat(), "dim": DIM, "encoder": "none"}
    segment = assemble(contents, Frame(scales_of(rows), Means(_ZERO, _ZERO, on=False), facts), naming(), folder)
    Behaviour.of(LEARNT, {kind: part.ids for kind, part in segment.parts.items()}).save(folder)
