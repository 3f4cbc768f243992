"""When is a place open on one very day: in season, in an odd week, on a public holiday of its country?"""

import re
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import TZPATH

import numpy as np
import numpy.typing as npt
from opening_hours import OpeningHours, State, UnknownCountryError  # type: ignore[attr-defined]

SLOTS_A_DAY: Final = 96
#: Rules that hold on public or school holidays, and rules that hold in some weeks of the year only.
_HOLIDAYS: Final = re.compile(r"\b[PS]H\b")
_SEASONS: Final = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|week|easter|(?:19|20)\d\d)\b|\[-?\d"
)


def on_holidays(text: str) -> bool:
    """Does the text say what happens on holidays?"""
    return bool(_HOLIDAYS.search(text))


def in_season(text: str) -> bool:
    """Do the hours change over the year?"""
    return bool(_SEASONS.search(text))


@lru_cache(maxsize=20_000)
def day_table(text: str, country: str | None, day: date) -> npt.NDArray[np.bool_]:
    """(open, maybe) bool[2, 192]: the quarter hours of a day and of the one after it, holidays of the country counted.

    The text must be a valid one. A country that the library does not know has no holidays.
    """
    first = datetime(day.year, day.month, day.day)
    table = np.zeros((2, 2 * SLOTS_A_DAY), bool)
    for start, end, state, _ in _hours(text, country).intervals(first, first + timedelta(days=2)):
        if state == State.CLOSED:
            continue
        low = -(-_minutes(start - first) // 15)
        high = 2 * SLOTS_A_DAY if end is None else -(-_minutes(end - first) // 15)
        table[0 if state == State.OPEN else 1, max(low, 0) : high] = True
    table.setflags(write=False)  # shared between requests
    return table


@lru_cache(maxsize=4096)
def public_holiday(country: str | None, day: date) -> bool:
    """Is the day a public holiday of a country (ISO code)? False where no calendar is known."""
    if country is None:
        return False
    try:
        hours = OpeningHours("PH", country=country, auto_country=False, auto_timezone=False)
    except UnknownCountryError:
        return False
    return bool(hours.is_open(datetime(day.year, day.month, day.day, 12)))


@cache
def country_of(zone: str) -> str | None:
    """The country of an IANA time zone ("Europe/Berlin" -> "DE"), by the system's zone.tab; None when unknown."""
    return _countries().get(zone)


@cache
def _countries() -> dict[str, str]:
    for folder in TZPATH:
        table = Path(folder) / "zone.tab"
        if table.is_file():
            rows = (line.split("\t") for line in table.read_text("utf-8").splitlines() if not line.startswith("#"))
            return {row[2].strip(): row[0] for row in rows if len(row) > 2}
    return {}


def _hours(text: str, country: str | None) -> Any:
    try:
        return OpeningHours(text, country=country, auto_country=False, auto_timezone=False)
    except UnknownCountryError:
        return OpeningHours(text, auto_country=False, auto_timezone=False)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
