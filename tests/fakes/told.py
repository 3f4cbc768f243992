"""What does one item say of one constraint, and how is that shown? Values held against values, plain Python."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.types import Constraint, Verdict

Item = Mapping[str, Any]
LISTS = ("amenities", "tags", "cuisines", "topics")
Told = tuple[int, float, int, int]
UNKNOWN: Told = (int(Verdict.UNKNOWN), math.nan, 0, 0)


def told(kept: bool) -> Told:
    return (int(Verdict.MET), 1.0, 0, 0) if kept else (int(Verdict.CONTRADICTED), 0.0, 0, 0)


def tags_of(item: Item) -> list[str]:
    return [str(v) for f in LISTS for v in item.get(f) or ()]


def moment(at: Any) -> datetime:
    return at if isinstance(at, datetime) else datetime.fromisoformat(str(at))


def in_range(value: float, op: str, wanted: Any) -> bool:
    lo, hi = wanted if op == "between" else (wanted, wanted)
    return bool((op == "lte" or value >= lo) and (op == "gte" or value <= hi))


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    a, b = math.radians(lat1), math.radians(lat2)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def measured_as(item: Item, c: Constraint) -> str | None:
    fields = {"price": ("price_per_person", "price"), "place.zone": ("km_from_center",)}.get(c.slot, (c.slot,))
    value = next((item[f] for f in fields if item.get(f) is not None), None)
    return None if value is None else f"{c.slot} {value}"
