"""Which moment was a place's opening checked at? Said in words, by the place's own clock, for the evidence."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from engine.types import Constraint
from indexing.columns.dated import country_of, public_holiday
from indexing.columns.hours import DAYS, LATE, zone_of

_ZH: Final = "一二三四五六日"
_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def checked(constraint: Constraint, zone: str | None, zh: bool) -> str | None:
    """ "周三 18:05（当地时间）", "Fri 25 Dec 15:00, a public holiday"; None when no moment was checked."""
    value, assume = constraint.value, constraint.assume or {}
    if constraint.slot == "time.when":
        return _dates(value, assume, zone, zh)
    return _moment(value, assume, zone, zh) if isinstance(value, Mapping) else _standing(value, assume, zone, zh)


def _standing(value: Any, assume: Mapping[str, Any], zone: str | None, zh: bool) -> str | None:
    """ "now", "late" and "24_7"."""
    if value == "now" and assume.get("at"):
        name = zone or assume.get("tz")
        at = datetime.fromisoformat(str(assume["at"]))
        local = at.astimezone(zone_of(str(name))) if name else at
        return _day(local.date(), zone, zh, f" {local:%H:%M}" + ("（当地时间）" if zh else ", local time"))
    if value == "late":
        return f"次日 {_clock(LATE)}" if zh else f"{_clock(LATE)} at night"
    return None if value != "24_7" else "全天" if zh else "round the clock"


def _moment(value: Mapping[str, Any], assume: Mapping[str, Any], zone: str | None, zh: bool) -> str | None:
    """A minute or a window, of a date or of weekdays."""
    clock = f" {_clock(value['minute'])}" if "minute" in value else _window(value.get("from"), value.get("to"))
    if assume.get("date"):
        return _day(date.fromisoformat(str(assume["date"])), zone, zh, clock)
    return _weekdays(value.get("days") or [value["day"]], zh) + clock if value.get("days") or "day" in value else None


def _dates(value: Mapping[str, Any], assume: Mapping[str, Any], zone: str | None, zh: bool) -> str:
    first, last = (date.fromisoformat(str(value[end])[:10]) for end in ("from", "to"))
    window = _window(*(assume.get("minutes") or (None, None)))
    return "–".join(_day(day, zone, zh, "") for day in dict.fromkeys((first, last))) + window


def _day(day: date, zone: str | None, zh: bool, clock: str) -> str:
    holiday = public_holiday(country_of(zone) if zone else None, day)
    if zh:
        return f"{day.month}月{day.day}日周{_ZH[day.weekday()]}{clock}" + ("，公众假期" if holiday else "")
    return f"{_EN[day.weekday()]} {day.day} {day:%b}{clock}" + (", a public holiday" if holiday else "")


def _weekdays(days: Sequence[str], zh: bool) -> str:
    at = [DAYS.index(day) for day in days]
    return "、".join(f"周{_ZH[n]}" for n in at) if zh else ", ".join(_EN[n] for n in at)


def _window(start: float | None, end: float | None) -> str:
    return "" if start is None or end is None else f" {_clock(start)}–{_clock(end)}"


def _clock(minute: float) -> str:
    return f"{int(minute) // 60 % 24:02d}:{int(minute) % 60:02d}"
