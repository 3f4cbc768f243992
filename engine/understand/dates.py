"""Which days does a text name? "12月24日", "24 Dec", "12/24到26号", "the day after tomorrow", "月底", "国庆"."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from msgspec.structs import replace

from engine.understand.holidays import Dates, holiday
from engine.understand.numbers import number
from engine.understand.patterns import Group, Lazy, Pattern, gated
from engine.understand.phrases import table
from engine.understand.timewords import DAYS, FILE, Token

_N: Final = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_MONTHS: Final = {
    name: n
    for n, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1)
    for name in names.split()
}  # fmt: skip
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NTH: Final = r"(?:st|nd|rd|th)?"
_HAN_DATE: Final = gated(
    rf"(?:(?P<y>20\d\d)年|(?P<yw>今年|明年|后年)的?)?(?P<m>{_N})月"
    rf"(?:份|(?P<d>{_N})[日号]?(?![\d个天])|(?P<of>初|上旬|中旬|下旬|底|末))?"
)
_ISO: Final = gated(r"(?P<y>20(?<![\d.]20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?![\d.])")
_DAY_FIRST: Final = gated(rf"(?P<d>\d(?<!\w\d)\d?){_NTH} (?:of )?(?P<m>{_MONTH})\b\.?(?:,? (?P<y>20\d\d))?")
_MONTH_FIRST: Final = gated(
    rf"\b(?P<m>{_MONTH})\b\.? (?:the )?(?P<d>\d{{1,2}}){_NTH}(?![\d:%]| ?[ap]m|k)(?:,? (?P<y>20\d\d))?"
)
_MONTH_ALONE: Final = gated(
    rf"\b(?P<of>in|during|this|next|early|late|mid-?|end of|by) (?P<m>{_MONTH})\b(?:,? (?P<y>20\d\d))?"
)
_SLASHED: Final = gated(r"(?P<m>\d(?<![\d/.]\d)\d?)/(?P<d>\d{1,2})(?![\d/])")
_DAY_ALONE: Final = gated(
    r"(?P<d>(?<![\d第])(?:\d{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]))"
    r"(?:号(?!线|店|楼|院|馆|公馆|门|仓|码|电池|房|桌|机|台|口|站|厅|字|球)"
    r"|(?<=\d)日(?!游|料|本|式|系|内|用|常|化|历|行|租|路|夜))"
)
#: The earlier ones win where two begin at one place.
_ALL: Final = (_HAN_DATE, _ISO, _DAY_FIRST, _MONTH_FIRST, _MONTH_ALONE, _SLASHED, _DAY_ALONE)
DATES: Final = Group(*_ALL)
_SPAN_BEFORE: Final = gated(rf"(?<![\d:$¥€£.])(?P<d>\d{{1,2}}){_NTH} ?(?:-|to|until|and) ?$")
_RANGE: Final = Lazy(r" ?(?:-|~|到|至|to|until|till|through|thru) ?")
_LAST_DAY: Final = Lazy(rf"(?P<d>\d{{1,2}}|{_N})(?:[日号]|{_NTH}(?![\d:年月点个天人元块]))(?: (?P<m>{_MONTH})\b)?")
_NIGHTS: Final = Lazy(
    r" ?(?:入住|住|for|,)? ?(?P<n>\d|[一两二三四五六七]|one|two|three|four|five|a)个? ?(?:晚|夜|nights?\b)"
)
_YEAR_BEFORE: Final = gated(r"(?:(?P<y>20\d\d)年?|(?P<w>今年|明年|后年|去年))的? ?$")
_YEAR_AFTER: Final = Lazy(r" (?P<y>20\d\d)\b| (?P<w>this year|next year|last year)\b")
_PART_LENGTH: Final = 2
_MEALS: Final = ("茶", "餐", "饭")
_YEARS: Final = {"今年": 0, "明年": 1, "后年": 2, "去年": -1, "this year": 0, "next year": 1, "last year": -1}
_ONLY_DAY: Final = Lazy(r"当天|那天|当日| itself\b")
_AROUND: Final = Lazy(r"前后|前夕| time\b")
_EXTRA: Final = Lazy(
    r"(?:放假)?期间|假期|小长假|长假|黄金周|前后|当天|那天|当日|时候| (?:holidays?|break|weekend|period)\b"
)


def dates(text: str, words: list[Token], today: date) -> list[Token]:
    """Tokens of kind "date": the explicit dates of a text, and its words for days and holidays made definite."""
    found = [*_explicit(text, today)]
    for token in words:
        if token.kind == "relative":
            offset, _, part = token.value.partition("_")
            day = today + timedelta(days=int(offset))
            meal = text.startswith(_MEALS, token.end) and token.end - token.start > _PART_LENGTH  # 今天下午茶
            end = token.end - _PART_LENGTH if meal else token.end
            window = tuple(table(FILE)["part"][part]["span"]) if part and not meal else None
            found.append(Token(token.start, end, "date", Dates(day, day, minutes=window)))
        elif token.kind == "stretch":
            found.append(replace(token, kind="date", value=stretch(token.value, today)))
        elif token.kind == "holiday":
            found.append(_holiday(text, token, today))
    return found


def month_number(name: str) -> int | None:
    """ "sept" -> 9; None for what is no English month."""
    return _MONTHS.get(name)


def of_week(days: tuple[str, ...], weeks: int, today: date) -> Dates:
    """Weekdays of this week (0), the next (1) ...; a week begins on Monday. What is over means the next such day."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    first, last = (monday + timedelta(days=DAYS.index(day)) for day in (days[0], days[-1]))
    if last < today:
        first, last = first + timedelta(weeks=1), last + timedelta(weeks=1)
    return Dates(first, last, days=days if len(days) > 1 else ())


def coming(day: str, today: date) -> Dates:
    """The next such weekday, today included."""
    found = today + timedelta(days=(DAYS.index(day) - today.weekday()) % 7)
    return Dates(found, found)


def stretch(name: str, today: date) -> Dates:
    """A loose stretch of days by its name in time.toml."""
    month = today.replace(day=1)
    following = _month(month, 1)
    stretches = {
        "two_days": (today, today + timedelta(days=1)),
        "few_days": (today, today + timedelta(days=3)),
        "this_week": (today, today + timedelta(days=6 - today.weekday())),
        "next_week": (today + timedelta(days=7 - today.weekday()), today + timedelta(days=13 - today.weekday())),
        "this_month": (today, following - timedelta(days=1)),
        "next_month": (following, _month(month, 2) - timedelta(days=1)),
        "month_end": (max(today, following - timedelta(days=7)), following - timedelta(days=1)),
        "month_start": (following, following + timedelta(days=6)),
        "month_middle": _middle(month if today.day <= 20 else following),
        "year_end": (max(today, date(today.year, 12, 15)), date(today.year, 12, 31)),
    }
    first, last = stretches[name]
    return Dates(first, last, {"stretch": name}, loose=True)


def _middle(month: date) -> tuple[date, date]:
    return month.replace(day=11), month.replace(day=20)


def _month(first: date, ahead: int) -> date:
    """The first day of the month so many months on."""
    years, month = divmod(first.month - 1 + ahead, 12)
    return date(first.year + years, month + 1, 1)


def _holiday(text: str, token: Token, today: date) -> Token:
    """With its year ("明年春节", "Christmas 2027") and what narrows it to its day ("国庆当天")."""
    before = _YEAR_BEFORE.search(text, max(0, token.start - 7), token.start)
    after = _YEAR_AFTER.match(text, token.end)
    said = before or after
    year = None if said is None else int(said["y"]) if said["y"] else today.year + _YEARS[said["w"]]
    found = holiday(token.value, today, year)
    if _ONLY_DAY.match(text, token.end):
        rule = table("holidays.toml")[token.value]
        day = found.first + timedelta(days=rule.get("shift", 0))
        found = Dates(day, day, found.assume)
    elif _AROUND.match(text, token.end):
        found = replace(found, first=found.first - timedelta(days=2), last=found.last + timedelta(days=2), loose=True)
    extra = _EXTRA.match(text, token.end)
    start = before.start() if before else token.start
    end = after.end() if after and not before else extra.end() if extra else token.end
    return Token(start, end, "date", found)


def _explicit(text: str, today: date) -> Iterator[Token]:
    if not DATES.lives(text):
        return
    found = [(m.start(), _ALL.index(pattern), m) for pattern in DATES.able(text) for m in pattern.finditer(text)]
    place = 0
    for start, number_of, match in sorted(found, key=lambda f: f[:2]):
        if start < place or (first := _read(_ALL[number_of], match, text, today)) is None:
            continue
        begin, place, first = _extended(match, first, text, today)
        yield Token(begin, place, "date", first)


def _extended(match: re.Match[str], first: Dates, text: str, today: date) -> tuple[int, int, Dates]:
    """A single day with what makes it the beginning or the end of a stretch."""
    if first.first != first.last:
        return match.start(), match.end(), first
    before = _SPAN_BEFORE.search(text, max(0, match.start() - 9), match.start())
    if before and match.re.pattern == _DAY_FIRST.pattern:  # "24-26 Dec"
        day = _valid(first.last.year, first.last.month, int(before["d"]))
        if day and day < first.last:
            return before.start(), match.end(), replace(first, first=day)
    end, last = _until(text, match.end(), first.first)
    return match.start(), end, replace(first, last=last)


def _until(text: str, place: int, first: date) -> tuple[int, date]:
    """What ends a stay or a range that begins on a day: another date, a day of the month, a number of nights."""
    nights = _NIGHTS.match(text, place)
    if nights:
        count = 1 if nights["n"] == "a" else int(number(nights["n"]) or 0)
        return nights.end(), first + timedelta(days=count)
    to = _RANGE.match(text, place)
    if to is None:
        return place, first
    for pattern in _ALL[:-1]:
        other = pattern.match(text, to.end())
        second = _read(pattern, other, text, first) if other else None
        if other and second and second.last > first:
            return other.end(), second.last
    if (day := _LAST_DAY.match(text, to.end())) is not None:
        month = _MONTHS[day["m"]] if day["m"] else first.month
        last = _valid(first.year, month, int(number(day["d"]) or 0))
        if last and last > first:
            return day.end(), last
    return place, first


def _read(pattern: Pattern, match: re.Match[str], text: str, today: date) -> Dates | None:
    """A match of one of the patterns -> its day, or a whole month; None when there is no such day."""
    said = match.groupdict()
    day = int(number(said.get("d") or "") or 0)
    if pattern is _DAY_ALONE:
        return _day_of_month(day, today)
    if pattern is _SLASHED:
        return _slashed(int(said["m"]), day, match, text, today)
    month = _MONTHS.get(said["m"]) or int(number(said["m"]) or 0)
    year = int(said["y"]) if said["y"] else today.year + _YEARS[said["yw"]] if said.get("yw") else None
    if said.get("d"):
        return _on(year, month, day, today)
    return _whole_month(year, month, said["of"] or "", today) if 1 <= month <= 12 else None


def _on(year: int | None, month: int, day: int, today: date) -> Dates | None:
    """A day; without a year the next one that is not over."""
    found = _valid(year or today.year, month, day)
    if year is None and (found is None or found < today):
        found = _valid(today.year + 1, month, day) or _valid(today.year + 2, month, day)
    return Dates(found, found) if found else None


def _day_of_month(day: int, today: date) -> Dates | None:
    for ahead in range(3):
        month = _month(today.replace(day=1), ahead)
        found = _valid(month.year, month.month, day)
        if found and found >= today:
            return Dates(found, found)
    return None


def _slashed(month: int, day: int, match: re.Match[str], text: str, today: date) -> Dates | None:
    """ "12/24": a date when it can be nothing else: past the twelfth, or the beginning of a range."""
    if month > 12 >= day:
        month, day = day, month
    if day <= 12 and not _RANGE.match(text, match.end()):
        return None
    return _on(None, month, day, today)


def _whole_month(year: int | None, month: int, part: str, today: date) -> Dates:
    first = date(year or today.year, month, 1)
    if year is None and _month(first, 1) <= today:
        first = date(today.year + 1, month, 1)
    last = _month(first, 1) - timedelta(days=1)
    spans = {"初": (1, 10), "上旬": (1, 10), "early": (1, 10), "中旬": (11, 20), "mid": (11, 20), "mid-": (11, 20)}
    ends = {"下旬": 11, "底": 7, "末": 7, "late": 11, "end of": 7}
    if part in spans:
        first, last = first.replace(day=spans[part][0]), first.replace(day=spans[part][1])
    elif part in ends:
        first = last - timedelta(days=ends[part] - 1)
    return Dates(first, last, {"stretch": "month"}, loose=True)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
