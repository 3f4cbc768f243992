"""Items and constraints of every slot, drawn at random: what filters are tested with."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import numpy as np
from hypothesis import strategies as st

from engine.types import Constraint, Kind
from engine.vocabulary import APPLIES, MINED
from indexing.columns.build import build
from indexing.columns.data import Columns
from indexing.columns.mined import Claim, Mined
from indexing.columns.scales import Scales
from indexing.columns.words import naming

NOW: Final = datetime(2026, 11, 20, tzinfo=UTC)
CITIES: Final = {"杭州": (30.25, 120.17), "上海": (31.23, 121.47), "Munich": (48.14, 11.58), "Suva": (-18.14, 179.99)}
ATTRIBUTES: Final = ("lawn", "wifi", "parking", "free_parking", "quiet", "family_with_kids", "pet_friendly", "spring",
                     "sichuan", "vegan", "sensitive_skin", "beginner", "秋千")  # fmt: skip
CATEGORIES: Final = ("cafe", "restaurant", "咖啡馆", "sichuan_restaurant", "park", "hotel", "面霜", "tent", "杂货")
HOURS: Final = (
    "Mo-Su 09:00-18:00", "Mo-Fr 08:00-22:00", "24/7", "Mo-Su 18:00-02:00", "Mo-Sa 10:00-20:00; PH off",
    "Apr-Oct Mo-Su 09:00-21:00", "Sa-Su 10:00-16:00", 'Mo-Fr 09:00-17:00 unknown "ring"',
)  # fmt: skip


def _some(rng: np.random.Generator, values: Sequence[Any], share: float) -> list[Any]:
    return [v for v in values if rng.random() < share]


def item(rng: np.random.Generator, number: int) -> dict[str, Any]:
    """A row of every kind at once, with holes."""
    city = str(rng.choice(list(CITIES)))
    lat, lon = CITIES[city]
    row: dict[str, Any] = {
        "id": f"i{number}", "name": f"店{number % 7}", "title": f"东西{number % 7}", "body": "手冲 肉饼" * (number % 3),
        "city": city, "district": str(rng.choice(["西湖区", "静安区", "Schwabing"])), "area": "外滩",
        "address": f"{city}西湖路{number % 5}号", "lat": lat + float(rng.normal(0, 0.1)),
        "lon": (lon + float(rng.normal(0, 0.1)) + 180) % 360 - 180, "category": str(rng.choice(CATEGORIES)),
        "price": float(rng.choice([0, 38, 60, 99.5, 150, 400])), "currency": str(rng.choice(["CNY", "EUR"])),
        "rating": round(float(rng.uniform(1, 5)), 1), "rating_count": float(rng.integers(0, 500)),
        "amenities": _some(rng, ATTRIBUTES, 0.2), "no_amenities": _some(rng, ATTRIBUTES, 0.05),
        "cuisines": _some(rng, ("sichuan", "coffee", "vegan"), 0.3),
        "dishes": _some(rng, ("香河肉饼", "提拉米苏"), 0.4),
        "brand": str(rng.choice(["NightOwl", "Avene"])), "hotel_class": "comfort_hotel", "trust": "organic",
        "metro": str(rng.choice(["2号线西湖站", "12号线"])), "nearby": _some(rng, ("店3", "城西公园"), 0.3),
        "opening_hours": str(rng.choice(HOURS)), "tz": str(rng.choice(["Asia/Shanghai", "Europe/Berlin"])),
        "visit_minutes": [float(rng.choice([30, 60])), float(rng.choice([90, 240]))],
        "published_at": f"2026-{rng.integers(1, 12):02d}-11T08:00:00+00:00", "aliases": ["分店"],
        "attributes": {"size": str(rng.choice(["20寸", "500ml"]))}, "author_id": "a1", "likes": float(number % 9),
    }  # fmt: skip
    return {name: value for name, value in row.items() if name == "id" or rng.random() < 0.85}


@cache
def table(kind: Kind, count: int = 300, seed: int = 3) -> tuple[Columns, Sequence[Mapping[str, Any]]]:
    """Columns with evidence of notes, and the rows that they were built from."""
    rng = np.random.default_rng(seed)
    rows = [item(rng, number) for number in range(count)]
    scales = Scales(
        {city: at for city, at in CITIES.items()}, {"CNY|*": [38.0, 60.0, 150.0]}, {kind: [0.0, 100.0, 500.0]}
    )
    claims = {}
    for name in ATTRIBUTES[:6]:
        told = np.flatnonzero(rng.random(count) < 0.2)
        support, against = rng.integers(0, 4, (2, len(told)))
        claims[name] = Claim(
            told, rng.random(len(told)).astype(np.float32), support, against, np.full(len(told), 20000.0), told
        )
    return replace(build(kind, rows, scales, naming(), NOW), mined=Mined(claims)), rows


def _among(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


_KM: Final = _among(0.0, 0.8, 2.0, 5.0, 12.5, 40.0, 900.0)
_POINT: Final = _among(*CITIES.values()).map(lambda at: [at[0] + 0.03, at[1]])
_HERE: Final = _POINT.map(lambda at: {"lat": at[0], "lon": at[1]}) | st.none()
_RANGE: Final = st.one_of(
    st.tuples(_among("lte", "gte", "eq"), _among(0, 1, 2, 3.5, 4.2, 38, 60, 99.5, 240)),
    st.tuples(_among("between"), st.lists(_among(None, 0, 2, 4.5, 38, 99.5), min_size=2, max_size=2)),
)
_LIST: Final = st.lists(_among(*ATTRIBUTES), min_size=1, max_size=3)


def _ranged(slot: str, assume: st.SearchStrategy[Any]) -> st.SearchStrategy[Constraint]:
    return st.builds(lambda r, a: Constraint(slot, r[0], r[1], assume=a), _RANGE, assume)


def _of(slot: str, op: str, value: st.SearchStrategy[Any], assume: Any = None) -> st.SearchStrategy[Constraint]:
    return st.builds(lambda v, a: Constraint(slot, op, v, assume=a), value, assume if assume is not None else st.none())


_DATES: Final = _among("2026-11-28", "2026-12-25", "2026-10-01", "2026-02-17")
_WINDOW: Final = st.builds(
    lambda days, hours: {"days": days, **({"from": hours[0], "to": hours[1]} if hours else {})},
    st.lists(_among("MO", "SA", "SU"), min_size=1, max_size=3, unique=True),
    _among(None, (600, 720), (1200, 90), (0, 1440)),
)
_REGION: Final = st.builds(
    lambda level, name, at: {"level": level, "name": name, **at},
    _among("province", "city", "district", "area", ""),
    _among("杭州", "西湖区", "浙江", "外滩", "Shanghai"),
    _among({}, {"points": [[30.26, 120.17]], "km": 9.0}, {"points": [[30.2, 120.1]], "km": 9.0, "estimated": True}),
)
_NEAR: Final = st.builds(
    lambda name, points, km: {"name": name, "points": points, "km": km},
    _among("店3", "", "城西公园"),
    st.lists(_POINT, max_size=2),
    _KM,
)
_WAY: Final = st.lists(_POINT, min_size=2, max_size=2).map(lambda ends: {"points": ends})
_MOMENT: Final = st.builds(lambda d, m: {"day": d, "minute": m}, _among("MO", "SU"), st.integers(0, 1439))
_NOW: Final = st.builds(
    lambda at, tz: {"at": at, "tz": tz},
    _among("2026-11-20T09:59:31+00:00", "2026-12-25T12:00:00+08:00", "2026-07-01T23:45:00+02:00"),
    _among(None, "Asia/Shanghai"),
)
_SPAN: Final = st.builds(lambda day, more: {"from": day, "to": day, **more}, _DATES, _among({}, {"to": "2026-12-26"}))
_SLOTS: Final[dict[str, st.SearchStrategy[Constraint]]] = {
    **{slot: _of(slot, "has", _among(*ATTRIBUTES)) | _of(slot, "in", _LIST) for slot in MINED},
    "amenity": _of("amenity", "has", _among(*ATTRIBUTES)) | _of("amenity", "open", _among({"open": "秋千"})),
    "attr.size": _of(
        "attr.size", "has", _among({"min": 18, "max": 24, "unit": "寸"}, {"max": 600, "unit": "ml"}, "xl")
    ),
    "category": _of("category", "in", _among("cafe", "restaurant", "sichuan_restaurant", ["park", "hotel"])),
    "cuisine": _of("cuisine", "has", _among("sichuan", "coffee", "vegan", ["sichuan", "vegan"])),
    "dish": _of("dish", "has", _among("肉饼", "香河 肉饼", "手冲", "饺子")),
    "trust": _of("trust", "eq", _among("organic", "sponsored")),
    "language": _of("language", "has", _among("en")),
    "brand": _of("brand", "in", _among("nightowl", ["Avene", "NightOwl"], "none")),
    "name": _of("name", "eq", _among("店3", "分店"), _among(None, {"part_of_name": ["店"]})),
    "hotel_class": _of("hotel_class", "eq", _among("comfort_hotel", "luxury_hotel")),
    "price": _ranged("price", _among(None, {"currency": "CNY"}, {"people": 3, "currency": "EUR"})),
    **{slot: _ranged(slot, st.none()) for slot in ("price_level", "rating", "popularity")},
    "duration": _ranged("duration", _among(None, None, {"of": "trip"})),
    "recency": _of("recency", "gte", _DATES),
    "party_size": _of("party_size", "gte", _among(4)),
    "similar_to": _of("similar_to", "like", _among({"name": "店3"})),
    "place.admin": _of("place.admin", "in", _REGION, _among(None, {"city": "杭州"})),
    "place.named": _of("place.named", "near", _NEAR),
    "place.zone": _of("place.zone", "in", _among("center", "suburb_near"), _HERE),
    "place.transit": _of("place.transit", "near", _among({"name": "2号线"}, {"name": "metro"}, {"name": "西湖站"})),
    "place.relative": _of("place.relative", "between", _WAY),
    "distance": _of("distance", "lte", _KM, _HERE),
    "travel_time": _of(
        "travel_time", "lte", _among({"minutes": 15, "mode": "bike"}, {"minutes": 30, "mode": "drive"}), _HERE
    ),
    "time.open": st.one_of(
        _of("time.open", "open_at", _MOMENT, _among(None, {"date": "2026-12-25"}, {"date": "2026-10-01"})),
        _of("time.open", "open_at", _among("now"), _NOW),
        _of("time.open", "open_at", _among("24_7", "late", "now")),
        _of("time.open", "open_during", _WINDOW),
    ),
    "time.when": _of("time.when", "in", _SPAN, _among(None, {"minutes": [600, 720]})),
    "time.season": _of("time.season", "in", _among("spring", "winter", {"months": [3, 4]})),
}
assert set(_SLOTS) == set(APPLIES), set(APPLIES) ^ set(_SLOTS)

CONSTRAINTS: Final = st.one_of(*_SLOTS.values()).flatmap(
    lambda c: _among(1, 1, -1).map(lambda p: Constraint(c.slot, c.op, c.value, polarity=p, assume=c.assume))
)
