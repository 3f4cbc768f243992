"""How is a stored value shown as evidence? "距市中心12.4公里", "¥38 per person", "周六日营业 09:00-18:00"."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import numpy as np

from engine.geo import distance_km
from engine.types import I64, Constraint
from engine.understand.unions import each
from engine.vocabulary import MINED
from indexing import fetch
from indexing.columns import geo
from indexing.columns.moment import checked
from indexing.columns.values import key
from indexing.columns.words import Naming
from indexing.segment import Part

Say: TypeAlias = Callable[[Part, Constraint, int, Mapping[str, Any], bool], str | None]
_SIGNS: Final = {"CNY": "¥", "EUR": "€", "USD": "$", "GBP": "£", "JPY": "JP¥"}


def measured(part: Part, constraint: Constraint, rows: I64, lang: str, naming: Naming) -> list[str | None]:
    """For each row the value that the ruling rests on, in Chinese or English; None when it rests on no stored value."""
    zh, slot = lang != "en", constraint.slot
    if slot in MINED:
        return _merchant(part, constraint, rows, zh, naming)
    if slot == "category":
        words = [part.columns.tags["category"].at(int(row)) for row in rows]
        return [naming.label(each[0], "zh" if zh else "en") if each else None for each in words]
    if slot not in _SAY:
        return [None] * len(rows)
    say, items = _SAY[slot], fetch.items(part, rows)
    return [say(part, constraint, int(row), item, zh) for row, item in zip(rows, items, strict=True)]


def _merchant(part: Part, constraint: Constraint, rows: I64, zh: bool, naming: Naming) -> list[str | None]:
    """What the merchant's own data says of an attribute, evidence of notes left aside."""
    if isinstance(constraint.value, Mapping):
        return [None] * len(rows)
    raws = [str(v) for v in constraint.value] if isinstance(constraint.value, list | tuple) else [str(constraint.value)]
    ids = {i for raw in raws for i in (raw, key(raw), *naming.direct(constraint.slot, raw))}
    label = ("或" if zh else " or ").join(naming.label(raw, "zh" if zh else "en") for raw in raws)
    yes, no = (part.columns.tags[name].carrying(ids).at(rows).tolist() for name in ("has", "has_not"))
    has = f"商家标注：{label}" if zh else f"listed by the merchant: {label}"
    has_not = f"商家标注：没有{label}" if zh else f"the merchant lists no {label}"
    return [has if y else has_not if n else None for y, n in zip(yes, no, strict=True)]


def _number(part: Part, name: str, row: int) -> float | None:
    value = float(part.columns.numbers[name][row])
    return None if np.isnan(value) else value


def _price(part: Part, c: Constraint, row: int, item: Mapping[str, Any], zh: bool) -> str | None:
    value = _number(part, "price", row)
    if value is None:
        return None
    currency = item.get("currency") or ""
    amount = f"{_SIGNS.get(currency, currency + ' ' if currency else '')}{value:g}"
    if value == 0:
        return "免费" if zh else "free"
    if part.kind == "product":
        return f"价格{amount}" if zh else amount
    return f"人均{amount}" if zh else f"{amount} per person"


def _zone(part: Part, c: Constraint, row: int, item: Mapping[str, Any], zh: bool) -> str | None:
    centre, lat, lon = geo.point(c.assume), _number(part, "lat", row), _number(part, "lon", row)
    km = _number(part, "km_from_center", row)
    if centre is not None and lat is not None and lon is not None:
        km = float(distance_km(lat, lon, *centre))
    if km is None:
        return None
    return f"距市中心{km:.1f}公里" if zh else f"{km:.1f} km from the centre"


def _distance(part: Part, c: Constraint, row: int, item: Mapping[str, Any], zh: bool) -> str | None:
    lat, lon, here = _number(part, "lat", row), _number(part, "lon", row), geo.point(c.assume)
    if lat is None or lon is None or here is None:
        return None
    km = float(distance_km(lat, lon, *here))
    return f"距你{km:.1f}公里" if zh else f"{km:.1f} km from you"


def _named(part: Part, c: Constraint, row: int, item: Mapping[str, Any], zh: bool) -> str | None:
    name, points = str(c.value.get("name") or ""), c.value.get("points") or ()
    if key(name) and any(key(name) in key(n) for n in item.get("nearby") or ()):
        return f"周边有{name}" if zh else f"{name} is nearby"
    lat, lon = _number(part, "lat", row), _number(part, "lon", row)
    if lat is None or lon is None or not points:
        return None
    km = min(float(distance_km(lat, lon, *p)) for p in points)
    return f"距{name}{km:.1f}公里" if zh else f"{km:.1f} km from {name}"


def _between(part: Part, c: Constraint, row: int, item: Mapping[str, Any], zh: bool) -> str | None:
    lat, lon, ends = _number(part, "lat", row), _number(part, "lon", row), c.value.get("points") or ()
    if lat is None or lon is None or len(ends) != 2:
        return None
    more = float(geo.detour_km(lat, lon, ends))
    return f"顺路，多走{more:.1f}公里" if zh else f"{more:.1f} km more than the straight way"


def _region_or_circle(part: Part, c: Constraint, row: int, item: Mapping[str, Any], zh: bool) -> str | None:
    """Its own district; of a place that tells none, how far the middle of the one asked for is."""
    told = _region(part, c, row, item, zh)
    regions = [region for region in each(c.value) if region.get("points")]
    if item.get("district") or item.get("area") or not regions:
        return told
    lat, lon = _number(part, "lat", row), _number(part, "lon", row)
    if lat is None or lon is None:
        return told
    km, name = min((float(distance_km(lat, lon, *p)), str(one["name"])) for one in regions for p in one["points"])
    words = (c.label or {}).get("zh" if zh else "en", name) if len(each(c.value)) == 1 else name
    return f"距{words}中心{km:.1f}公里" if zh else f"{km:.1f} km from the middle of {words}"


def _hours(part: Part, c: Constraint, row: int, item: Mapping[str, Any], zh: bool) -> str | None:
    text = item.get("opening_hours")
    if not text:
        return None
    at = checked(c, item.get("tz"), zh)
    if zh:
        return f"营业时间 {text}" + (f"（查的是{at}）" if at else "")
    return f"open {text}" + (f" (checked: {at})" if at else "")


def _visit(part: Part, c: Constraint, row: int, item: Mapping[str, Any], zh: bool) -> str | None:
    if not item.get("visit_minutes"):
        return None
    lo, hi = (m / 60 for m in (item["visit_minutes"][0], item["visit_minutes"][-1]))
    hours = f"{lo:g}" if lo == hi else f"{lo:g}-{hi:g}"
    return f"游玩{hours}小时" if zh else f"a visit takes {hours} hours"


def _dish(part: Part, c: Constraint, row: int, item: Mapping[str, Any], zh: bool) -> str | None:
    words = key(str(c.value)).split()
    dishes = [d for d in item.get("dishes") or () if any(w in key(d) for w in words)]
    return None if not dishes else ("推荐菜：" if zh else "dishes: ") + "、".join(dishes[:3])


def _region(part: Part, c: Constraint, row: int, item: Mapping[str, Any], zh: bool) -> str | None:
    names = [item[n] for n in ("city", "district", "area") if item.get(n)] or part.columns.tags["city"].at(row)
    return (" ".join(names) or item.get("address")) or None


def _stored(name: str, zh_label: str, en_label: str) -> Say:
    def say(part: Part, c: Constraint, row: int, item: Mapping[str, Any], zh: bool) -> str | None:
        value = item.get(name)
        if value is None:
            return None
        shown = f"{value:g}" if isinstance(value, float) else str(value)
        return f"{zh_label if zh else en_label}{shown}"

    return say


#: slot -> how it is said.
_SAY: Final[Mapping[str, Say]] = {
    "price": _price,
    "price_level": _price,
    "rating": _stored("rating", "评分", "rated "),
    "place.zone": _zone,
    "place.admin": _region_or_circle,
    "place.named": _named,
    "place.relative": _between,
    "place.transit": _stored("metro", "地铁：", "metro: "),
    "distance": _distance,
    "travel_time": _distance,
    "time.open": _hours,
    "time.when": _hours,
    "duration": _visit,
    "dish": _dish,
    "brand": _stored("brand", "品牌：", "brand: "),
    "hotel_class": _stored("hotel_class", "", ""),
    "trust": _stored("trust", "可信度：", "trust: "),
    "recency": _stored("published_at", "发布于", "published "),
}
