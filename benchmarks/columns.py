"""Columns of any number of places, drawn straight as arrays: what filters cost without a build of so many items."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from engine.types import Constraint
from indexing.columns.data import NUMBERS, TAGS, Columns
from indexing.columns.hours import Hours
from indexing.columns.mined import Claim, Mined
from indexing.columns.values import Tags

SEED: Final = 11
NOW: Final = datetime(2026, 11, 20, tzinfo=UTC)
CITIES: Final = ((30.25, 120.17), (31.23, 121.47), (39.91, 116.40), (22.54, 114.06), (30.57, 104.07), (48.14, 11.58))
#: Words and the share of rows that carry each.
CATEGORIES: Final = {"cafe": 0.1, "restaurant": 0.35, "bar": 0.05, "park": 0.05, "hotel": 0.15, "museum": 0.02,
                     "mall": 0.08, "hotpot": 0.1, "bakery": 0.1}  # fmt: skip
HAS: Final = {"wifi": 0.6, "parking": 0.4, "lawn": 0.05, "pet_friendly": 0.15, "family_with_kids": 0.2, "quiet": 0.25,
              "outdoor_seating": 0.2, "power_outlets": 0.1}  # fmt: skip
WEEKS: Final = (
    "Mo-Su 09:00-18:00", "Mo-Fr 08:00-22:00", "24/7", "Mo-Su 18:00-02:00", "Mo-Sa 10:00-20:00; PH off",
    "Mo-Su 10:00-22:00", "Tu-Su 11:00-14:00,17:00-22:00", "Sa-Su 10:00-16:00",
)  # fmt: skip
#: Of one attribute in so many rows notes speak.
TOLD: Final = 0.03


def columns(count: int) -> Columns:
    """Places around six cities; one city after the other, as a build lays them out."""
    rng = np.random.default_rng(SEED)
    city = np.sort(rng.integers(0, len(CITIES), count))
    centre = np.array(CITIES)[city]
    drawn: dict[str, Any] = {
        "lat": centre[:, 0] + rng.normal(0, 0.12, count), "lon": centre[:, 1] + rng.normal(0, 0.14, count),
        "price": np.round(rng.lognormal(4.2, 0.8, count)),
        "rating": np.round(np.clip(rng.normal(4.1, 0.5, count), 1, 5), 1),
        "rating_count": rng.integers(0, 3000, count), "popularity": rng.random(count),
        "km_from_center": rng.gamma(2, 5, count), "price_level": rng.integers(1, 5, count),
        "shortest": rng.choice([30.0, 60.0], count), "longest": rng.choice([90.0, 240.0], count),
    }  # fmt: skip
    numbers = {name: _holed(drawn[name], rng) if name in drawn else np.full(count, np.nan) for name in NUMBERS}
    values = {
        "category": _tags(CATEGORIES, count, rng, 1), "has": _tags(HAS, count, rng),
        "has_not": _tags({"lawn": 0.01}, count, rng), "currency": _tags({"cny": 0.9}, count, rng),
        "city": _coded([f"city {n}" for n in range(len(CITIES))], city),
    }  # fmt: skip
    tags = {name: values[name] if name in values else _tags({}, count, rng) for name in TAGS}
    weeks = Hours.of([*WEEKS, None], [None] * (len(WEEKS) + 1), NOW)
    code = rng.choice(len(WEEKS) + 1, count).astype(np.int32)
    hours = Hours(
        weeks.code[code],
        weeks.open,
        weeks.maybe,
        ("Asia/Shanghai",),
        np.zeros(count, np.int32),
        weeks.texts,
        weeks.monday,
    )
    return replace(Columns.of("poi", count, numbers, tags, hours), mined=_claims(count, rng))


def _holed(values: Any, rng: np.random.Generator) -> Any:
    """A value in ten is missing."""
    return np.where(rng.random(len(values)) < 0.1, np.nan, values.astype(np.float64))


def _coded(words: list[str], code: Any) -> Tags:
    return Tags(tuple(words), np.arange(len(code) + 1, dtype=np.int64), code.astype(np.int32))


def _tags(shares: dict[str, float], count: int, rng: np.random.Generator, most: int | None = None) -> Tags:
    """Each word on its share of the rows; `most` 1: one word a row."""
    words = list(shares)
    if most == 1:
        return _coded(words, rng.choice(len(words), count, p=list(shares.values())))
    carried = rng.random((count, len(words))) < np.array(list(shares.values()))
    starts = np.concatenate([[0], np.cumsum(carried.sum(axis=1))]).astype(np.int64)
    return Tags(tuple(words), starts, np.nonzero(carried)[1].astype(np.int32))


def _claims(count: int, rng: np.random.Generator) -> Mined:
    claims = {}
    for name in HAS:
        told = np.flatnonzero(rng.random(count) < TOLD)
        support, against = rng.integers(0, 4, (2, len(told)))
        share = rng.random(len(told)).astype(np.float32)
        claims[name] = Claim(told, share, support, against, np.full(len(told), 20000.0), told)
    return Mined(claims)


def six(rng: np.random.Generator) -> list[Constraint]:
    """A question that nobody asked before: what is fixed comes from a vocabulary, amounts and positions are new."""
    lat, lon = np.array(CITIES[rng.integers(len(CITIES))]) + rng.normal(0, 0.05, 2)
    moment = {"day": str(rng.choice(["MO", "FR", "SU"])), "minute": int(rng.integers(0, 1440))}
    return [
        Constraint("category", "in", str(rng.choice(["cafe", "restaurant", "hotel"]))),
        Constraint("amenity", "has", str(rng.choice(["wifi", "parking", "lawn"]))),
        Constraint("audience", "has", "family_with_kids", polarity=int(rng.choice([1, -1]))),
        Constraint("price", "lte", float(rng.integers(30, 300)), assume={"currency": "CNY"}),
        Constraint("rating", "gte", float(rng.choice([3.5, 4.0, 4.2, 4.5]))),
        Constraint("distance", "lte", float(rng.uniform(1, 20)), assume={"lat": float(lat), "lon": float(lon)}),
        Constraint("time.open", "open_at", moment),
    ]
