"""Has a constraint's value the form of its slot (engine/vocabulary.py)? What clients send is judged before it is used.

Slots that hold an attribute id or words take any text here: words that nobody knows find nothing, and harm nothing.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

_NUMBERS: Final = frozenset({"price", "price_level", "rating", "popularity", "distance", "duration", "party_size"})
#: Amounts that may be those of a named thing: cheaper, closer, better rated than it.
_COMPARED: Final = frozenset({"price", "distance", "rating"})
_SIZED: Final = frozenset({"attr.size", "attr.home", "attr.material", "attr.style", "attr.body", "attr.skin"})
_ZONES: Final = ("center", "suburb_near", "suburb")
_SEASONS: Final = ("spring", "summer", "autumn", "winter")
_LEVELS: Final = ("province", "city", "district", "area")
_DAYS: Final = frozenset({"MO", "TU", "WE", "TH", "FR", "SA", "SU", "PH"})
_OPEN: Final = ("now", "24_7", "late")


def wrong(slot: str, op: str, value: Any) -> str | None:
    """Why this is no value for the slot, with the form that would be; None when it is one."""
    if slot in _COMPARED and isinstance(value, Mapping):
        fits = op in ("lte", "gte") and _object(value, ref=_text)
        return None if fits else 'compares with a name: op lte or gte, {"ref": ".."}'
    if slot in _NUMBERS:
        return _number(op, value)
    if slot in _SIZED and isinstance(value, Mapping) and "open" not in value:
        return None if _sized(value) else 'must be {"min": 20, "max": 20, "unit": "in"}, either end may be left out'
    judged = {
        "place.admin": (lambda v: _object(v, level=_among(*_LEVELS), name=_text), '{"level": "city", "name": ".."}'),
        "place.named": (_named, '{"name": "..", "km": 2.0}'),
        "place.zone": (_among(*_ZONES), " or ".join(_ZONES)),
        "place.transit": (lambda v: _object(v, name=_text), '{"name": ".."}'),
        "place.relative": (lambda v: _object(v, anchors=_is_list), '{"anchors": [..]}'),
        "similar_to": (
            lambda v: isinstance(v, Mapping) and (_text(v.get("name")) or _text(v.get("id"))),
            '{"name": ".."}',
        ),
        "travel_time": (lambda v: _object(v, minutes=_is_number), '{"minutes": 10, "mode": "walk"}'),
        "time.open": (_during if op == "open_during" else _open_at, '"now", {"day": "SU", "minute": 540} or days'),
        "time.when": (lambda v: _object(v, **{"from": _is_date, "to": _is_date}), '{"from": "2026-11-28", "to": ".."}'),
        "time.season": (_season, '"spring" or {"months": [3, 4]}'),
        "recency": (_is_date, "a date such as 2026-05-01"),
    }.get(slot)
    if judged is None or judged[0](value):
        return None
    return f"must be {judged[1]}"


def wrong_assumption(assume: Mapping[str, Any]) -> str | None:
    """The name of an assumption that has not its form; None when all have. Those that nobody reads are not judged."""
    for name in ("lat", "lon", "km", "detour", "minutes"):
        told = assume.get(name)
        ends: Any = told if name == "minutes" and _is_list(told) else [told]  # of an hour of the day: from and to
        if told is not None and not all(map(_is_number, ends)):
            return name
    for name in ("also", "unknown"):
        listed = assume.get(name, [])
        if not (_is_list(listed) and all(isinstance(each, str) for each in listed)):
            return name
    if assume.get("also") and not isinstance(assume.get("city"), str):
        return "city"
    span = assume.get("km_from_center", [0, 0])
    whole = _is_list(span) and len(span) == 2 and all(end is None or _is_number(end) for end in span)
    return None if whole else "km_from_center"


def _number(op: str, value: Any) -> str | None:
    if op not in {"lte", "gte", "eq", "between"}:
        return "holds a number: op must be lte, gte, eq or between"
    if op != "between":
        return None if _is_number(value) else "must be a number"
    pair = isinstance(value, list | tuple) and len(value) == 2 and all(_is_number(end) for end in value)
    return None if pair and value[0] <= value[1] else "must be two numbers: [lowest, highest]"


def _object(value: Any, **needed: Any) -> bool:
    return isinstance(value, Mapping) and all(name in value and judge(value[name]) for name, judge in needed.items())


def _sized(value: Mapping[str, Any]) -> bool:
    ends = [value.get(end) for end in ("min", "max") if value.get(end) is not None]
    return bool(ends) and all(_is_number(end) for end in ends) and _text(value.get("unit"))


def _named(value: Any) -> bool:
    numbers = ("km", "lat", "lon")
    return _object(value, name=_text) and all(
        _is_number(value[name]) for name in numbers if value.get(name) is not None
    )


def _open_at(value: Any) -> bool:
    if isinstance(value, str):
        return value in _OPEN
    dayless = isinstance(value, Mapping) and "day" not in value  # today, as engine.understand.ground has it
    return _object(value, minute=_is_minute) if dayless else _object(value, day=_among(*_DAYS), minute=_is_minute)


def _during(value: Any) -> bool:
    days = _object(value, days=lambda v: _is_list(v) and all(isinstance(d, str) and d in _DAYS for d in v))
    return days and all(_is_minute(value[name]) for name in ("from", "to") if value.get(name) is not None)


def _season(value: Any) -> bool:
    if isinstance(value, str):
        return value in _SEASONS
    return _object(value, months=lambda v: _is_list(v) and all(_is_number(m) and m in range(1, 13) for m in v))


def _among(*known: str) -> Any:
    return lambda value: isinstance(value, str) and value in known


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_minute(value: Any) -> bool:
    return _is_number(value) and 0 <= value <= 2880


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and 1970 <= date.fromisoformat(value).year < 2200
    except ValueError:
        return False
