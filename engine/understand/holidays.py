"""When is a holiday? Rules of holidays.toml; days off in China as the State Council announced them, where known."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import msgspec

from engine.understand.phrases import table
from engine.understand.timewords import HOLIDAYS

#: Where a three-day holiday begins, counted from its day, by weekday: it takes in a weekend. Wednesday: alone.
_BRIDGE: Final = {0: -2, 1: -2, 2: 0, 3: 0, 4: 0, 5: 0, 6: -1}


class Dates(msgspec.Struct, frozen=True, gc=False):
    """A stretch of days, both ends included, and what was taken for granted about it."""

    first: date
    last: date
    assume: Mapping[str, Any] = msgspec.field(default_factory=dict)
    days: tuple[str, ...] = ()  # of a named week: its weekdays
    loose: bool = False  # "these days": nobody will count them
    minutes: tuple[int, int] | None = None  # the part of the day


def holiday(name: str, today: date, year: int | None = None) -> Dates:
    """The holiday of a year, else the next one that is not over; `name`: a key of holidays.toml."""
    rule = table(HOLIDAYS)[name]
    if year is not None:
        return _in_year(name, year)
    years = (today.year - 1, today.year, today.year + 1, today.year + 2)
    found = (_in_year(name, y) for y in years if _possible(rule, y))
    return next(dates for dates in found if dates.last >= today)


def _possible(rule: Mapping[str, Any], year: int) -> bool:
    return not ("lunar" in rule and year > 2099)


@cache
def _in_year(name: str, year: int) -> Dates:
    rule = table(HOLIDAYS)[name]
    if "months" in rule:
        first, last = (date(year, *map(int, day.split("-"))) for day in rule["months"])
        last = last if last >= first else last.replace(year=year + 1)
        return Dates(first, last, {"holiday": name, "dates": "differ by place and school"}, loose=True)
    day = _day(rule, year)
    if "official" in rule:
        return _days_off(name, day)
    first = day - timedelta(days=rule.get("shift", 0))
    return Dates(first, first + timedelta(days=rule.get("days", 1) - 1), {"holiday": name})


def _day(rule: Mapping[str, Any], year: int) -> date:
    kinds: dict[str, Callable[[Any, int], date]] = {
        "fixed": lambda value, y: date(y, *map(int, value.split("-"))),
        "nth": _nth,
        "easter": lambda value, y: easter(y) + timedelta(days=value),
        "lunar": _lunar,
        "term": _solar_term,
    }
    return next(of(rule[kind], year) for kind, of in kinds.items() if kind in rule)


def _days_off(name: str, day: date) -> Dates:
    """The days off as announced; in other years as they mostly are, and assume says that nobody has said so yet."""
    off = _announced()
    if day in off:
        first = last = day
        while first - timedelta(days=1) in off:
            first -= timedelta(days=1)
        while last + timedelta(days=1) in off:
            last += timedelta(days=1)
        return Dates(first, last, {"holiday": name, "days_off": "as announced"})
    rule = table(HOLIDAYS)[name]
    length, first = rule["days"], day - timedelta(days=rule.get("shift", 0))
    if length == 3:
        first = day + timedelta(days=_BRIDGE[day.weekday()])
        length = 1 if day.weekday() == 2 else 3
    return Dates(first, first + timedelta(days=length - 1), {"holiday": name, "days_off": "not announced"})


@cache
def _announced() -> frozenset[date]:
    """Days off of China that chinese_calendar knows. Imported when first asked for."""
    from chinese_calendar.constants import holidays  # noqa: PLC0415 - seldom needed, and slow

    return frozenset(holidays)


def made_up(day: date) -> bool:
    """Is this weekend day a working day in China, to make up for a long holiday?"""
    from chinese_calendar.constants import workdays  # noqa: PLC0415 - seldom needed, and slow

    return day.weekday() >= 5 and day in workdays


def _lunar(value: str, year: int) -> date:
    """A day of the Chinese calendar in the lunar year that begins in `year`; 12-30: its last day, whichever that is."""
    from lunar_python import Lunar  # noqa: PLC0415 - seldom needed, and slow

    month, day = map(int, value.split("-"))
    if (month, day) == (12, 30):  # the day before the new year that begins in `year`
        return _lunar("01-01", year) - timedelta(days=1)
    solar = Lunar.fromYmd(year - 1 if month == 12 else year, month, day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def _solar_term(value: str, year: int) -> date:
    from lunar_python import Solar  # noqa: PLC0415 - seldom needed, and slow

    solar = Solar.fromYmd(year, 6, 1).getLunar().getJieQiTable()[value]
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def _nth(value: list[int], year: int) -> date:
    count, weekday, month = value
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    return day + timedelta(weeks=count - 1)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, as in Meeus, Astronomical Algorithms)."""
    century, golden = year // 100, year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    rest = (32 + 2 * (century % 4) + 2 * (year % 100 // 4) - epact - year % 100 % 4) % 7
    late = (golden + 11 * epact + 22 * rest) // 451
    month, day = divmod(epact + rest - 7 * late + 114, 31)
    return date(year, month, day + 1)
