"""Against what is a value measured? City centres, price quartiles, popularity percentiles of one snapshot.

Worked out once over all items at the build; a live upsert is placed on the scales of its snapshot.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from engine.geo import distance_km
from engine.types import Kind
from indexing.columns.values import key

Row = Mapping[str, Any]
#: A category's own quartiles need this many prices; else those of its currency are taken.
ENOUGH: Final = 20
#: An item without a city belongs to the nearest known centre within this many kilometres.
OWN_CITY_KM: Final = 60.0


@dataclass(frozen=True)
class Scales:
    """City -> (lat, lon), "currency|category" -> price quartiles, kind -> popularity percentiles."""

    centers: Mapping[str, Sequence[float]] = field(default_factory=dict)
    prices: Mapping[str, Sequence[float]] = field(default_factory=dict)
    popularity: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def km_from_center(self, row: Row) -> float:
        """Kilometres from the centre of the row's own city; NaN without a position or a city."""
        lat, lon = row.get("lat"), row.get("lon")
        if lat is None or lon is None or not self.centers:
            return float("nan")
        own = self.centers.get(key(row.get("city") or ""))
        if own:
            return float(distance_km(lat, lon, own[0], own[1]))
        places = np.array(list(self.centers.values()), np.float64)
        nearest = float(distance_km(lat, lon, places[:, 0], places[:, 1]).min())
        return nearest if nearest <= OWN_CITY_KM else float("nan")

    def price_level(self, row: Row) -> float:
        """1 (cheapest quarter of its category) to 4; NaN without a price or a scale."""
        price = price_of(row)
        group = price_groups(row)
        scale = next((self.prices[g] for g in group if g in self.prices), None)
        if price is None or scale is None:
            return float("nan")
        return 1.0 + bisect_left(scale, price)

    def percentile(self, kind: Kind, row: Row) -> float:
        """Popularity in [0, 1] among the items of the kind; NaN where nothing was counted."""
        scale, raw = self.popularity.get(kind), popularity_of(kind, row)
        if not scale or raw is None:
            return float("nan")
        return (bisect_left(scale, raw) + bisect_right(scale, raw)) / 2 / len(scale)


def price_of(row: Row) -> float | None:
    """A product's price, or what a person pays at a place."""
    value = row.get("price") if row.get("price") is not None else row.get("price_per_person")
    return None if value is None else float(value)


def price_groups(row: Row) -> tuple[str, str]:
    """The scales a price may be read on, the closest first."""
    currency = row.get("currency") or ""
    return f"{currency}|{key(row.get('category') or '')}", f"{currency}|*"


def popularity_of(kind: Kind, row: Row) -> float | None:
    """How much an item was noticed: ratings of places and products, reactions to notes (a save counts double)."""
    if kind != "note":
        return None if row.get("rating_count") is None else float(row["rating_count"])
    counts = [row.get(n) for n in ("likes", "saves", "comments", "shares")]
    if all(c is None for c in counts):
        return None
    likes, saves, comments, shares = (float(c or 0) for c in counts)
    return likes + 2 * saves + comments + shares


def price_scales(rows: Iterable[Row]) -> dict[str, list[float]]:
    """Quartiles of every group with enough prices."""
    prices: defaultdict[str, list[float]] = defaultdict(list)
    for row in rows:
        price = price_of(row)
        if price is not None:
            for group in price_groups(row):
                prices[group].append(price)
    usable = {g: v for g, v in prices.items() if len(v) >= ENOUGH or g.endswith("|*")}
    return {g: np.quantile(v, [0.25, 0.5, 0.75]).tolist() for g, v in usable.items()}


def popularity_scale(kind: Kind, rows: Iterable[Row]) -> list[float]:
    """101 percentiles of a kind's popularity; empty when nothing was counted."""
    counted = [p for row in rows if (p := popularity_of(kind, row)) is not None]
    return np.quantile(counted, np.linspace(0, 1, 101)).tolist() if counted else []


def centers_of(
    rows: Iterable[Row], known: Callable[[str], tuple[float, float] | None]
) -> dict[str, tuple[float, float]]:
    """Folded city -> centre: the gazetteer's where it knows the city, else the median of the city's own places."""
    places: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        if row.get("city") and row.get("lat") is not None and row.get("lon") is not None:
            places[key(row["city"])].append((row["lat"], row["lon"]))
    return {city: known(city) or _median(at) for city, at in places.items()}


def _median(places: Sequence[tuple[float, float]]) -> tuple[float, float]:
    lat, lon = np.median(np.array(places, np.float64), axis=0)
    return float(lat), float(lon)
