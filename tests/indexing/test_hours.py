"""Is a place open when the library says so: at any moment, by its own clock, on holidays, in season?"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from engine.types import Constraint, Verdict
from indexing.columns.dated import country_of, public_holiday
from indexing.columns.hours import DAYS, Hours
from indexing.columns.moment import checked

WEEK = datetime(2026, 11, 25)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Tokyo")
COUNTRIES = dict(zip(ZONES, ("CN", "DE", "US", "JP"), strict=True))
TEXTS = (
    "Mo-Fr 09:00-18:00", "Fr 18:00-02:00", "Mo-Su 22:00-04:00", "24/7", "Mo-Sa 10:00-20:00; PH off",
    "Mo-Fr 08:00-12:00,14:00-18:00; PH 10:00-16:00", "Apr-Oct Mo-Su 10:00-22:00; Nov-Mar Sa-Su 11:00-16:00",
    "Tu-Su 12:00-15:00; Dec 24-26 off", "Sa-Su,PH 09:00-13:00", "Th[-1] 18:00-23:00",
)  # fmt: skip
ROWS = [(text, zone) for text in TEXTS for zone in ZONES]
TABLE = Hours.of([text for text, _ in ROWS], [zone for _, zone in ROWS], WEEK)
EVERY = np.arange(len(ROWS))
BROKEN, MET = Verdict.CONTRADICTED, Verdict.MET


def truth(text: str, zone: str, moment: datetime) -> Verdict:
    hours = OpeningHours(text, country=COUNTRIES[zone], auto_country=False, auto_timezone=False)
    return MET if hours.is_open(moment) else BROKEN


def quarter(days: int, slot: int) -> datetime:
    return datetime(2026, 1, 1) + timedelta(days=days, minutes=15 * slot)


@given(st.integers(0, 700), st.integers(0, 95))
def test_any_date_and_time_as_the_library_has_it(days: int, slot: int) -> None:
    moment = quarter(days, slot)
    got = TABLE.open_at(EVERY, DAYS[moment.weekday()], moment.hour * 60 + moment.minute, moment.date())
    assert got.tolist() == [truth(text, zone, moment) for text, zone in ROWS]


@given(st.integers(0, 6), st.integers(0, 95))
def test_any_weekday_and_time_as_in_the_reference_week(day: int, slot: int) -> None:
    moment = datetime(2026, 11, 23) + timedelta(days=day, minutes=15 * slot)
    weekly = [k for k, (text, _) in enumerate(ROWS) if "PH" not in text]
    got = TABLE.open_at(EVERY[weekly], DAYS[day], moment.hour * 60 + moment.minute)
    assert got.tolist() == [truth(*ROWS[k], moment) for k in weekly]


@given(st.sampled_from(DAYS), st.integers(0, 95), st.lists(st.integers(0, len(ROWS)), max_size=9))
def test_few_rows_by_themselves_are_as_among_all(day: str, slot: int, rows: list[int]) -> None:
    table = Hours.of([*(text for text, _ in ROWS), None], [*(zone for _, zone in ROWS), None], WEEK)
    few = np.array(rows, np.int64)
    assert table.open_at(few, day, 15 * slot).tolist() == table.open_at(slice(None), day, 15 * slot)[few].tolist()
    assert table.late(few).tolist() == table.late(slice(None))[few].tolist()


@given(st.integers(0, 700), st.integers(0, 95))
def test_now_is_the_clock_of_the_place(days: int, slot: int) -> None:
    at = quarter(days, slot).replace(tzinfo=UTC)
    local = [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for _, zone in ROWS]
    expected = [truth(text, zone, moment) for (text, zone), moment in zip(ROWS, local, strict=True)]
    assert TABLE.open_now(EVERY, at, None).tolist() == expected


@given(st.integers(0, 700), st.integers(0, 92), st.integers(1, 40))
def test_a_window_needs_an_hour_of_it_open(days: int, start: int, length: int) -> None:
    day, end = quarter(days, 0), start + length
    got = TABLE.open_during(EVERY, [day.date()], start * 15, end * 15)
    for verdict, (text, zone) in zip(got.tolist(), ROWS, strict=True):
        hours = OpeningHours(text, country=COUNTRIES[zone], auto_country=False, auto_timezone=False)
        slots = sum(hours.is_open(day + timedelta(minutes=15 * s)) for s in range(start, end))
        assert verdict == (MET if slots >= min(4, length) else BROKEN)


def test_an_open_night_reaches_into_the_next_day() -> None:
    friday_night = Hours.of(["Fr 18:00-02:00"], ["Europe/Berlin"], WEEK)
    assert friday_night.open_at(np.array([0]), "SA", 60).tolist() == [MET]
    assert friday_night.open_at(np.array([0]), "SU", 60).tolist() == [BROKEN]


@pytest.mark.parametrize(("text", "minute", "verdict"), [("PH off", 660, BROKEN), ("PH 10:00-16:00", 660, MET)])
def test_public_holidays_of_the_country(text: str, minute: int, verdict: Verdict) -> None:
    table = Hours.of([f"Mo-Su 08:00-20:00; {text}"], ["Europe/Berlin"], WEEK)
    assert table.open_at(np.array([0]), "FR", minute, date(2026, 12, 25)).tolist() == [verdict]
    assert table.open_at(np.array([0]), "TH", 480, date(2026, 12, 24)).tolist() == [MET]


def test_countries_and_their_holidays() -> None:
    if not (Path("/usr/share/zoneinfo") / "zone.tab").exists():
        pytest.skip("this system has no zone.tab")
    assert [country_of(zone) for zone in ZONES] == ["CN", "DE", "US", "JP"]
    assert country_of("Moon/Tranquility") is None
    assert public_holiday("DE", date(2026, 12, 25))
    assert not public_holiday("XX", date(2026, 12, 25))


@pytest.mark.parametrize(
    ("op", "value", "assume", "zh", "en"),
    [
        ("open_at", "now", {"at": "2026-11-25T10:05:00+00:00"},
         "11月25日周三 11:05（当地时间）", "Wed 25 Nov 11:05, local time"),
        ("open_at", {"day": "FR", "minute": 900}, {"date": "2026-12-25"}, "12月25日周五 15:00，公众假期",
         "Fri 25 Dec 15:00, a public holiday"),
        ("open_at", {"day": "SU", "minute": 540}, {}, "周日 09:00", "Sun 09:00"),
        ("open_during", {"days": ["SA", "SU"], "from": 720, "to": 1080}, {},
         "周六、周日 12:00–18:00", "Sat, Sun 12:00–18:00"),
        ("open_at", "late", {}, "次日 01:00", "01:00 at night"),
    ],
)  # fmt: skip
def test_the_checked_moment_is_said(op: str, value: object, assume: dict[str, str], zh: str, en: str) -> None:
    asked = Constraint("time.open", op, value, assume=assume)
    assert checked(asked, "Europe/Berlin", True) == zh
    assert checked(asked, "Europe/Berlin", False) == en


def test_minutes_until_it_closes() -> None:
    texts = ["Mo-Su 09:00-18:00", "24/7", None, "Mo-Su 20:00-02:00", "Sa-Su 10:00-12:00"]
    hours = Hours.of(texts, ["Asia/Shanghai"] * 4 + [None], datetime(2026, 11, 23, tzinfo=UTC))
    rows = np.arange(len(texts))
    at = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)  # Wednesday, 17:40 in Shanghai
    np.testing.assert_array_equal(hours.closing(rows, at), [20, 7 * 1440 - 10, np.nan, 0, 0])
    night = datetime(2026, 11, 29, 17, 5, tzinfo=UTC)  # Monday, 01:05 in Shanghai: the week begins anew
    np.testing.assert_array_equal(hours.closing(rows[:4], night), [0, 7 * 1440 - 5, np.nan, 55])
    np.testing.assert_array_equal(hours.closing(rows[::-1][:1], datetime(2026, 11, 28, 11, tzinfo=UTC)), [60])
