"""Has a constraint's value the form of its slot (engine/vocabulary.py)? What clients send is judged before it is used.

A word that nobody knows is no wrong form: it finds nothing, and harms nothing.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from engine.understand.unions import OR, each
from engine.vocabulary import MINED

Judge: TypeAlias = Callable[[Any], bool]

_NUMBERS: Final = frozenset({"price", "price_level", "rating", "popularity", "distance", "duration", "party_size"})
#: Amounts that may be those of a named thing: cheaper, closer, better rated than it.
_COMPARED: Final = frozenset({"price", "distance", "rating"})
_SIZED: Final = frozenset({"attr.size", "attr.home", "attr.material", "attr.style", "attr.body", "attr.skin"})
_ZONES: Final = ("center", "suburb_near", "suburb")
_SEASONS: Final = ("spring", "summer", "autumn", "winter")
_LEVELS: Final = ("country", "province", "city", "district", "area")
_DAYS: Final = frozenset({"MO", "TU", "WE", "TH", "FR", "SA", "SU"})
_MODES: Final = ("walk", "bike", "drive", "transit")
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
    judge, form = _hours(op) if slot == "time.open" else _FORMS.get(slot, _HEARD if slot in MINED else _WORDS)
    return None if judge(value) else f"must be {form}"


def wrong_assumption(slot: str, assume: Mapping[str, Any]) -> str | None:
    """The name of an assumption that has not its form; None when all have. Those that nobody reads are not judged."""
    judges = {**_ASSUMED, "minutes": _is_span if slot == "time.when" else _is_number}
    for name, judge in judges.items():
        if assume.get(name) is not None and not judge(assume[name]):
            return name
    return "city" if assume.get("also") and assume.get("city") is None else None


def _hours(op: str) -> tuple[Judge, str]:
    return (_during if op == "open_during" else _open_at), '"now", {"day": "SU", "minute": 540} or days'


def _number(op: str, value: Any) -> str | None:
    if op not in {"lte", "gte", "eq", "between"}:
        return "holds a number: op must be lte, gte, eq or between"
    if op != "between":
        return None if _is_number(value) else "must be a number"
    pair = isinstance(value, list | tuple) and len(value) == 2 and all(_is_number(end) for end in value)
    return None if pair and value[0] <= value[1] else "must be two numbers: [lowest, highest]"


def _object(value: Any, **needed: Judge) -> bool:
    return isinstance(value, Mapping) and all(name in value and judge(value[name]) for name, judge in needed.items())


def _sized(value: Mapping[str, Any]) -> bool:
    ends = [value.get(end) for end in ("min", "max") if value.get(end) is not None]
    return bool(ends) and all(_is_number(end) for end in ends) and _text(value.get("unit"))


def _grounded(value: Mapping[str, Any]) -> bool:
    """Is what grounding has put in (engine/understand/position.py) as it was put?"""
    return all(judge(value[name]) for name, judge in _GROUND.items() if value.get(name) is not None)


def _placed(**needed: Judge) -> Judge:
    return lambda value: _object(value, **needed) and _grounded(value)


def _regions(value: Any) -> bool:
    """One region, or several."""
    if not isinstance(value, Mapping) or not _is_list(value.get(OR) or []):
        return False
    return all(_region(one) and (one.get("city") is None or _text(one["city"])) for one in each(value))


def _like(value: Any) -> bool:
    return isinstance(value, Mapping) and (_text(value.get("name")) or _text(value.get("id"))) and _grounded(value)


def _way(value: Any) -> bool:
    return _object(value, minutes=_is_number) and _among(*_MODES)(value.get("mode") or "walk")


def _dates(value: Any) -> bool:
    return _object(value, **{"from": _is_date, "to": _is_date}) and _is_days(value.get("days") or [])


def _words(value: Any) -> bool:
    """One or several."""
    return _text(value) or (_is_list(value) and bool(value) and all(map(_text, value)))


def _heard(value: Any) -> bool:
    """The same, or a word that is looked for in what people wrote."""
    return _words(value) or _object(value, open=_text)


def _open_at(value: Any) -> bool:
    if isinstance(value, str):
        return value in _OPEN
    dayless = isinstance(value, Mapping) and "day" not in value  # today, as engine.understand.ground has it
    return _object(value, minute=_is_minute) if dayless else _object(value, day=_among(*_DAYS), minute=_is_minute)


def _during(value: Any) -> bool:
    days = _object(value, days=_is_days)
    return days and all(_is_minute(value[name]) for name in ("from", "to") if value.get(name) is not None)


def _season(value: Any) -> bool:
    if isinstance(value, str):
        return value in _SEASONS
    return _object(value, months=lambda v: _is_list(v) and all(_is_number(m) and m in range(1, 13) for m in v))


def _among(*known: str) -> Judge:
    return lambda value: isinstance(value, str) and value in known


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_texts(value: Any) -> bool:
    return _is_list(value) and all(isinstance(each, str) for each in value)


def _is_days(value: Any) -> bool:
    return _is_texts(value) and all(day in _DAYS for day in value)


def _is_span(value: Any) -> bool:
    return _is_list(value) and len(value) == 2 and all(map(_is_number, value))


def _is_points(value: Any) -> bool:
    return _is_list(value) and all(map(_is_span, value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_minute(value: Any) -> bool:
    return _is_number(value) and 0 <= value <= 2880


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and 1970 <= date.fromisoformat(value).year < 2200
    except ValueError:
        return False


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


_region: Final = _placed(level=_among(*_LEVELS), name=_text)
_GROUND: Final[Mapping[str, Judge]] = {
    "km": _is_number, "lat": _is_number, "lon": _is_number, "points": _is_points, "ids": _is_texts,
}  # fmt: skip
_WORDS: Final[tuple[Judge, str]] = (_words, "text, or a list of texts")
_HEARD: Final[tuple[Judge, str]] = (_heard, 'text, a list of texts, or {"open": ".."}')
_FORMS: Final[Mapping[str, tuple[Judge, str]]] = {
    "place.admin": (_regions, '{"level": "city", "name": ".."}, with others of which any will do in "or": [..]'),
    "place.named": (_placed(name=_text), '{"name": "..", "km": 2.0}'),
    "place.zone": (_among(*_ZONES), " or ".join(_ZONES)),
    "place.transit": (_placed(name=_text), '{"name": ".."}'),
    "place.relative": (_placed(anchors=_is_list), '{"anchors": [..]}'),
    "similar_to": (_like, '{"name": ".."}'),
    "travel_time": (_way, '{"minutes": 10, "mode": "walk"}'),
    "time.when": (_dates, '{"from": "2026-11-28", "to": ".."}'),
    "time.season": (_season, '"spring" or {"months": [3, 4]}'),
    "recency": (_is_date, "a date such as 2026-05-01"),
}
_ASSUMED: Final[Mapping[str, Judge]] = {
    **_GROUND,
    "detour": _is_number,
    "people": _is_number,
    "also": _is_texts,
    "unknown": _is_texts,
    "part_of_name": _is_texts,
    "km_from_center": _is_span,
    "city": _text,
    "tz": _text,
    "currency": _text,
    "mode": _text,
    "day": _text,
    "at": _is_moment,
    "date": _is_date,
}
