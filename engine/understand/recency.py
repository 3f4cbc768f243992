"""How new must a note be? "2026年的", "since September", "近半年", "past month", "今年发的"."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from engine.understand.dates import month_number
from engine.understand.patterns import Group, Lazy, gated
from engine.understand.pieces import Piece, Reading, signs
from engine.understand.quantity import Quantity, said

#: "Recent": of the last three months.
RECENT_DAYS: Final = 90
_POSTED: Final = r"(?:(?:写|发|更新|分享|整理|拍)(?:布|表)?)"
_YEAR: Final = gated(
    rf"(?P<zh>20\d\d) ?年?(?:以后|之后|以来|后|起|至今){_POSTED}?的?|(?P<of>20\d\d) ?年?(?:{_POSTED}的?"
    rf"|年?的|新版|最新|版)"
    r"|\b(?:from|since|after|in|posted in|written in)(?: the year)? (?P<en>20\d\d)(?: on| onwards?)?\b(?!-)"
    rf"|(?P<this>今年)(?:{_POSTED}的?|以来|的|新)|\b(?:from |posted |written "
    rf"|made )(?P<this_en>this year)\b|\bthis year's\b"
    rf"|(?P<last>去年)(?:的|以来|以后|至今|起|{_POSTED}的?)|\bsince (?P<last_en>last year)\b"
)
_SINCE_MONTH: Final = gated(
    r"\bsince (?P<en>[a-z]{3,9})\.?(?: (?P<y>20\d\d))?\b|(?:(?P<zy>20\d\d)年)?(?P<zh>\d{1,2})月(?:以来"
    r"|以后|之后|起|至今)"
)
_WITHIN: Final = gated(
    r"(?:最近|近|过去|最新|这|in the |over the |from the |within the )?(?:last|past|latest|previous|recent)? ?$"
)
_POSTED_BEHIND: Final = Lazy(rf"的?(?:{_POSTED}|笔记|评价|测评|攻略|帖子)")
_WITHIN_CUE: Final = gated(r"近|过去|last|past|previous|recent|within")
_ONE: Final = gated(
    r"(?:最近|近|过去)(?:的)?(?P<zh>一?周|一?个?月|半个?月|半年|一?年|一?个?星期)(?:以?来|内)?(?![号日末])"
    r"|\b(?:in |over |from |within )?(?:the )?(?:past|last) (?P<en>week|month|quarter|half year|year)\b"
    r"|(?P<since>上周|上个?月)(?:以来|至今)|\bsince last (?P<since_en>week|month)\b"
)
_RECENT: Final = gated(
    rf"近期|(?:最近|刚刚?|(?<!最)新){_POSTED}的?|近来|近日|\brecent(?:ly)?(?: (?:posted|written"
    rf"|published|updated|posts?|notes?|reviews?))?\b"
)
_DATED: Final = Group(_YEAR, _SINCE_MONTH, _ONE, _RECENT)
GATE: Final = _DATED.mask | signs("amount span", "amount time")
_LENGTHS: Final = {"周": 7, "星期": 7, "week": 7, "quarter": 92}


def since(reading: Reading) -> list[Piece]:
    """From which day on a note counts; relative stretches are counted back from reading.now."""
    text, today = reading.text, reading.now.date()
    pieces = [p for q in reading.quantities if (p := _counted(text, q, today))]
    if not _DATED.lives(text):
        return pieces
    pieces = [*_years(text, today), *_months(text, today), *_named(text, today), *pieces]
    recent = (today - timedelta(days=RECENT_DAYS)).isoformat()
    assume = {"recent_days": RECENT_DAYS}
    return pieces + [
        Piece(m.start(), m.end(), "recency", "gte", recent, "soft", assume=assume, rule="recency.recent", rank=2)
        for m in _RECENT.finditer(text)
    ]


def _piece(start: int, end: int, first: date, rule: str) -> Piece:
    return Piece(start, end, "recency", "gte", first.isoformat(), rule=f"recency.{rule}", rank=4)


def _years(text: str, today: date) -> Iterator[Piece]:
    for m in _YEAR.finditer(text):
        said_year = m["zh"] or m["of"] or m["en"]
        year = int(said_year) if said_year else today.year - (1 if m["last"] or m["last_en"] else 0)
        yield _piece(m.start(), m.end(), date(year, 1, 1), "year")


def _months(text: str, today: date) -> Iterator[Piece]:
    for m in _SINCE_MONTH.finditer(text):
        month = month_number(m["en"]) if m["en"] else int(m["zh"])
        if month is None or not 1 <= month <= 12:
            continue
        year = int(m["y"] or m["zy"] or today.year)
        first = date(year, month, 1)
        yield _piece(m.start(), m.end(), first if first <= today else first.replace(year=year - 1), "month")


def _named(text: str, today: date) -> Iterator[Piece]:
    """ "近半年", "in the past year"."""
    for m in _ONE.finditer(text):
        words = next(w for w in m.groups() if w)
        yield _piece(m.start(), m.end(), _back(words, today), "past")


def _back(words: str, today: date) -> date:
    half = "半" in words or "half" in words
    if "年" in words or "year" in words:
        return months_before(today, 6 if half else 12)
    if "月" in words or words == "month":
        return today - timedelta(days=15) if half else months_before(today, 1)
    return today - timedelta(days=next(days for unit, days in _LENGTHS.items() if unit in words))


def _counted(text: str, q: Quantity, today: date) -> Piece | None:
    """ "近3个月", "last 30 days", "过去两年": a stretch of the calendar behind a word that looks back."""
    if q.dimension not in ("span", "time") or q.unit in ("hour", "minute") or (q.dimension == "time" and q.low % 1440):
        return None
    before = _WITHIN.search(text, max(0, q.start - 16), q.start)
    posted = q.op == "lte" and _POSTED_BEHIND.match(text, q.end)
    if before is None or not (posted or _WITHIN_CUE.search(before[0])):
        return None
    if said(q).high * _DAYS[q.unit] > _LONG_AGO:
        return None
    count = int(said(q).high)
    months = {"month": count, "year": 12 * count}
    first = months_before(today, months[q.unit]) if q.unit in months else today - timedelta(days=count * _DAYS[q.unit])
    return _piece(before.start(), q.end, first, "past")


_DAYS: Final = {"day": 1, "week": 7, "month": 30, "year": 365}
#: Days beyond which "the last so many" says nothing of how new a note is: fifty years.
_LONG_AGO: Final = 50 * 365


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for shorter in range(4):
        try:
            return date(years, month + 1, day.day - shorter)
        except ValueError:
            continue
    return date(years, month + 1, 28)
