"""Are times read as people mean them, in both languages, counted from the clock that is given?"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.understand.fold import fold
from engine.understand.holidays import easter, holiday, made_up
from engine.understand.lexicon import load
from engine.understand.names import NO_NAMES
from engine.understand.phrases import table
from engine.understand.pieces import Piece, Reading
from engine.understand.timewords import DAYS, HOLIDAYS
from engine.understand.when import when

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)  # a Sunday


def pieces(text: str, now: datetime = NOW) -> list[Piece]:
    return when(Reading.of(fold(text).text, "zh", load(), NO_NAMES, now))


def said(text: str, now: datetime = NOW) -> tuple[str, Any, str]:
    (piece,) = pieces(text, now)
    return piece.slot, piece.value, piece.hardness


def at(day: str, minute: int) -> tuple[str, Any, str]:
    return "time.open", {"day": day, "minute": minute}, "hard"


def on(first: str, last: str | None = None, hardness: str = "hard") -> tuple[str, Any, str]:
    return "time.when", {"from": first, "to": last or first}, hardness


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("现在营业的药店", ("time.open", "now", "hard")),
        ("I need a vet right now", ("time.open", "now", "hard")),
        ("这会儿还营业的便利店", ("time.open", "now", "hard")),
        ("深夜还能吃东西的地方", ("time.open", "late", "hard")),
        ("24小时书店", ("time.open", "24_7", "hard")),
        ("凌晨还开着的烧烤店", ("time.open", "late", "hard")),
        ("bar that's still open after midnight", ("time.open", "late", "hard")),
        ("夜宵", ("time.open", "late", "soft")),
        ("周三下午三点开门的书店", at("WE", 900)),
        ("brunch Sunday 9 am", at("SU", 540)),
        ("Fri after 8pm", at("FR", 1230)),
        ("今晚8点", at("SU", 1200)),
        ("订明天晚上七点的西餐厅", at("MO", 1140)),
        ("周五晚六点半", at("FR", 1110)),
        ("this Friday 6:30pm", at("FR", 1110)),
        ("cafe open on Saturday at 8 for breakfast", at("SA", 480)),
        ("Thai restaurant open Monday evening at 7", at("MO", 1140)),
        ("周六晚上12点以后还开的酒吧", at("SU", 60)),
        ("restaurant still open at midnight on Saturday", at("SA", 1439)),
        ("bar open late tonight", at("SU", 1410)),
        ("周一中午营业的餐厅", at("MO", 750)),
    ],
)
def test_moments(text: str, expected: tuple[str, Any, str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "value", "hardness"),
    [
        ("周末去哪", {"days": ["SA", "SU"]}, "soft"),
        ("周六日都开门的医院", {"days": ["SA", "SU"]}, "hard"),
        ("museums open on Mondays", {"days": ["MO"]}, "hard"),
        ("周二到周四", {"days": ["TU", "WE", "TH"]}, "soft"),
        ("Fri-Mon", {"days": ["FR", "SA", "SU", "MO"]}, "soft"),
        ("周六下午2点到5点", {"days": ["SA"], "from": 840, "to": 1020}, "hard"),
        ("Saturday between 2 and 5 pm", {"days": ["SA"], "from": 840, "to": 1020}, "hard"),
        ("周日下午去哪", {"days": ["SU"], "from": 720, "to": 1080}, "soft"),
        ("订周日下午的密室", {"days": ["SU"], "from": 720, "to": 1080}, "hard"),
        ("Mon to Fri 9am-6pm", {"days": list(DAYS[:5]), "from": 540, "to": 1080}, "hard"),
        ("weekdays after 6", {"days": list(DAYS[:5]), "from": 1110, "to": 1125}, "hard"),
        ("工作日早上8点开门", {"days": list(DAYS[:5]), "from": 480, "to": 495}, "hard"),
    ],
)
def test_windows(text: str, value: dict[str, Any], hardness: str) -> None:
    assert said(text) == ("time.open", value, hardness)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天有什么好玩的", on("2026-11-22")),
        ("anything fun tonight?", on("2026-11-22")),
        ("the day after tomorrow", on("2026-11-24")),
        ("下周五", on("2026-11-27")),
        ("book camping spot 周六", on("2026-11-28")),
        ("12月24日", on("2026-12-24")),
        ("24 Dec", on("2026-12-24")),
        ("2026年12月24号", on("2026-12-24")),
        ("2027-01-05", on("2027-01-05")),
        ("3月5日", on("2027-03-05")),
        ("12/24到26号", on("2026-12-24", "2026-12-26")),
        ("24-26 Dec", on("2026-12-24", "2026-12-26")),
        ("Dec 30 to Jan 2", on("2026-12-30", "2027-01-02")),
        ("12月24号入住一晚", on("2026-12-24", "2026-12-25")),
        (
            "the weekend of Dec 12",
            ("time.when", {"from": "2026-12-12", "to": "2026-12-13", "days": ["SA", "SU"]}, "hard"),
        ),
        ("in December", on("2026-12-01", "2026-12-31", "soft")),
        ("月底", on("2026-11-24", "2026-11-30", "soft")),
        ("这两天", on("2026-11-22", "2026-11-23", "soft")),
        ("国庆去哪玩", on("2027-10-01", "2027-10-07")),
        ("元旦三亚", on("2027-01-01", "2027-01-03")),
        ("Christmas Day", on("2026-12-25")),
        ("七夕约会", on("2027-08-08")),
        ("2026年国庆", on("2026-10-01", "2026-10-07")),
        ("暑假", on("2027-07-01", "2027-08-31", "soft")),
    ],
)
def test_dates(text: str, expected: tuple[str, Any, str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text", ["周一不开门的博物馆", "周一闭馆的博物馆", "museums closed on Mondays", "museums shut on Mondays"]
)
def test_days_on_which_a_place_is_shut(text: str) -> None:
    (found,) = pieces(text)
    assert (found.value, found.hardness, found.polarity) == ({"days": ["MO"]}, "hard", -1)


@pytest.mark.parametrize("text", ["周一不闭馆的博物馆", "museums not closed on Mondays", "周一也开门的博物馆"])
def test_days_on_which_a_place_is_not_shut(text: str) -> None:
    (found,) = pieces(text)
    assert (found.value, found.hardness, found.polarity) == ({"days": ["MO"]}, "hard", 1)


@pytest.mark.parametrize(
    ("text", "season"),
    [("秋天穿搭", "autumn"), ("in cherry blossom season", {"months": [3, 4]}), ("红叶季", {"months": [10, 11]})],
)
def test_seasons(text: str, season: Any) -> None:
    assert said(text) == ("time.season", season, "soft")


@pytest.mark.parametrize(
    "text",
    ["summer palace", "开心的地方", "24小时热水的酒店", "2号线沿线", "有一点贵", "night market", "7-11",
     "afternoon tea",
     "晚餐", "spring rolls", "4.5分以上", "1/2", "open kitchen", "每天通勤的包"],
)  # fmt: skip
def test_what_only_looks_like_time(text: str) -> None:
    assert pieces(text) == []


def test_the_part_of_a_named_day_and_what_is_not_announced_are_stated() -> None:
    (morning,), (national,) = pieces("tomorrow morning"), pieces("国庆")
    assert morning.assume == {"minutes": [360, 720]}
    assert national.assume == {"holiday": "national_day", "days_off": "not announced"}


def test_a_weekend_day_that_is_worked_is_stated() -> None:
    (piece,) = pieces("今天去哪", datetime(2026, 2, 14, 9, tzinfo=UTC))
    assert piece.assume and "working_day" in piece.assume
    assert made_up(date(2026, 2, 14))
    assert not made_up(date(2026, 2, 7))


@pytest.mark.parametrize(
    ("name", "year", "first", "last"),
    [
        ("spring_festival", 2026, date(2026, 2, 15), date(2026, 2, 23)),
        ("national_day", 2025, date(2025, 10, 1), date(2025, 10, 8)),
        ("dragon_boat", 2026, date(2026, 6, 19), date(2026, 6, 21)),
        ("qingming", 2027, date(2027, 4, 3), date(2027, 4, 5)),
        ("lantern", 2026, date(2026, 3, 3), date(2026, 3, 3)),
        ("new_years_eve_lunar", 2026, date(2026, 2, 16), date(2026, 2, 16)),
        ("thanksgiving", 2026, date(2026, 11, 26), date(2026, 11, 26)),
        ("mothers_day", 2027, date(2027, 5, 9), date(2027, 5, 9)),
    ],
)
def test_holidays_as_calendars_have_them(name: str, year: int, first: date, last: date) -> None:
    found = holiday(name, date(2026, 11, 22), year)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize("day", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28)])
def test_easter(day: date) -> None:
    assert easter(day.year) == day


@given(st.dates(date(2024, 1, 1), date(2060, 12, 31)), st.sampled_from(sorted(table(HOLIDAYS))))
def test_the_next_holiday_is_not_over_and_within_a_year(today: date, name: str) -> None:
    found = holiday(name, today)
    assert found.first <= found.last
    assert today <= found.last <= today + timedelta(days=440)


@given(st.integers(0, 6), st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
def test_any_weekday_and_time_reads_back(day: int, hour: int, minute: int) -> None:
    for text in (f"周{'一二三四五六日'[day]}{hour:02d}:{minute:02d}开门", f"open {DAYS[day]} {hour:02d}:{minute:02d}"):
        spelled = text.replace(f" {DAYS[day]} ", f" {('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')[day]} ")
        vague = 0 < hour < 7  # nobody opens at 03:00; "3:00" of an afternoon
        expected = (hour + 12) * 60 + minute if vague else hour * 60 + minute
        assert said(spelled) == at(DAYS[day], expected)


@given(st.text(alphabet="周一二三下午晚上点半号月日12345:-/ amponsatdecjan到至国庆节明天开门", max_size=30))
def test_any_text_is_read_and_spans_stay_inside(text: str) -> None:
    assert all(0 <= p.start < p.end <= len(text) for p in pieces(text))
