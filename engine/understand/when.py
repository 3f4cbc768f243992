"""When: opening times, days, dates and seasons that a text names."""

import re
from datetime import date, datetime, timedelta
from typing import Any, Final

from engine.understand.numbers import number
from engine.understand.patterns import gated
from engine.understand.pieces import Piece, Reading

DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_HAN_DAYS: Final = dict(zip("一二三四五六日天", (*DAYS, "SU"), strict=True))
_EN_DAYS: Final = dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), DAYS, strict=True))
_N: Final = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"

#: "After eleven": open a while beyond it, in minutes.
AFTER: Final = 30
#: Parts of the day, as minutes of the day: a place that is open then is open in the middle of it.
_PARTS: Final = {
    "早上": 480,
    "早晨": 480,
    "上午": 600,
    "中午": 750,
    "下午": 900,
    "傍晚": 1080,
    "晚上": 1170,
    "晚间": 1170,
    "morning": 540,
    "noon": 750,
    "lunchtime": 750,
    "afternoon": 900,
    "evening": 1170,
    "night": 1260,
}
_PART: Final = re.compile(r"的? ?(?P<part>" + "|".join(_PARTS) + r")(?! ?\d|[一二两三四五六七八九十\d]{1,3}点)")
_CLOCK_ZH: Final = re.compile(
    rf"(?:(?P<part>早上|早晨|清晨|上午|中午|下午|傍晚|晚上|今晚|晚间|夜里|夜晚|半夜|深夜|凌晨|晚|早))?"
    rf"(?P<h>{_N})(?:点钟?|时(?!候|间|尚))(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<m>\d{{1,2}}(?!\d)"
    rf"|[二三四五]?十[一二三四五六七八九]?|[一二三四五六七八九](?=分))分?)?(?:以后"
    rf"|之后|后|以前|之前|还|都|仍)?"
)
_CLOCK_EN: Final = re.compile(
    r"(?:\bat |\bafter |\buntil |\btill |\bpast |\bby "
    r"|\bbefore )?(?:(?P<h>\d{1,2})(?::(?P<m>\d{2}))? ?(?P<ap>[ap]\.?m\b\.?)"
    r"|(?P<h24>\d{1,2}):(?P<m24>\d{2})|(?P<word>noon|midnight))"
)
_DAY: Final = gated(
    r"(?P<next>这|本|下|上)?个?(?:(?:周|星期|礼拜)(?P<zh>[一二三四五六日天])(?:(?:到|至|-)(?:周|星期"
    r"|礼拜)?(?P<to>[一二三四五六日天]))?(?!游)"
    r"|(?P<weekend>周末|双休日)|(?P<work>工作日))"
    r"|(?P<thiswe>\bthis weekend|\bnext weekend)|\b(?:at |on )?(?:the )?(?P<weekend_en>weekends?)\b"
    r"|(?:\bon )?\b(?P<en>mon|tue|wed|thu|fri|sat|sun)(?:days?|sdays?|nesdays?|rsdays?|urdays?|s|r|rs)?\b"
    r"|\b(?P<work_en>weekdays?|workdays?)\b"
)
_RELATIVE: Final = gated(
    r"(?P<today>今天|今日|\btoday)|(?P<tonight>今晚|今夜|\btonight)|(?P<tomorrow>明天|明日|明晚"
    r"|\btomorrow)|(?P<after>后天|day after tomorrow)"
)
_ALWAYS: Final = gated(
    r"(?:24|二十四) ?(?:个?小时|h)(?:都|全天)?(?:营业|开放|开门|开着|经营|服务的?店)?(?!热水|前台|接|送"
    r"|服务)|全天(?:营业|开放)|通宵营业?"
    r"|(?:open )?(?:24 ?/ ?7|24 ?-?h(?:ou)?rs?(?! ?(?:hot|front|reception|room|service))(?: a day)?"
    r"|around the clock|all night)"
)
_NOW: Final = gated(
    r"(?:现在|此刻|目前|这会儿|这个点)(?:还|正在|正)?(?:营业|开门|开着|开放|能去|有开)(?:中|着)?|正在营业"
    r"|营业中|(?:still |currently )?open (?:right )?now|now open|currently open|open at the moment"
)
_LATE: Final = gated(
    r"(?:凌晨|深夜|半夜|很晚|大半夜|午夜)(?:还|也|都|仍)?(?:开着?|营业|开门)的?|营业到(?:很晚|深夜|凌晨"
    r"|半夜)|开到(?:很晚|深夜|凌晨|半夜)|深夜食堂|夜宵|宵夜"
    r"|open (?:very |till |until )?late(?: at night)?|late[- ]night|open past midnight|late hours"
)
_OPEN: Final = gated(
    r"(?:就|还|都|仍|才)?(?:是)?(?:开门|营业|开着|开放|开(?!车|心|始|会|阔)|关门|打烊)的?|\bopen(?:s"
    r"|ing)?\b|\bclos(?:e|es|ing)\b|available"
)
_OPENS_BEFORE: Final = gated(r"\b(?:also |still )?open(?:s|ed|ing)?(?: late| early)? ?$")
_SEASON: Final = {
    "spring": r"春天|春季|春日|\bin spring|\bspring(?:time)?\b(?! roll)",
    "summer": r"夏天|夏季|夏日|避暑|\bsummer\b",
    "autumn": r"秋天|秋季|秋日|赏秋|\bautumn\b|\bin (?:the )?fall\b",
    "winter": r"冬天|冬季|冬日|\bwinter\b",
    "blossom": r"樱花季|赏樱|看樱花|cherry blossoms?",
}
_SEASONS: Final = gated("|".join(f"(?P<{name}>{words})" for name, words in _SEASON.items()))
_HINT: Final = gated(
    r"[周天晚点时开业夜晨日季礼星午通春夏秋冬樱]|open|day|week|night|[ap]\.?m|late|clos|24|now|:|summer"
    r"|spring|autumn|fall|winter|noon|cherry"
)


def when(reading: Reading, now: datetime) -> list[Piece]:
    """Pieces about time; relative dates are counted from `now`."""
    text = reading.text
    if not _HINT.search(text):
        return []
    pieces = [_say(m, "24_7", "when.always") for m in _ALWAYS.finditer(text)]
    pieces += [_say(m, "now", "when.now") for m in _NOW.finditer(text)]
    pieces += [
        _say(m, "late", "when.late", "soft" if m[0] in ("夜宵", "宵夜") else "hard") for m in _LATE.finditer(text)
    ]
    pieces += [
        Piece(m.start(), m.end(), "time.season", "in", _season(str(m.lastgroup)), "soft", rule="when.season")
        for m in _SEASONS.finditer(text)
    ]
    return pieces + _days_and_clocks(text, now)


def _say(match: re.Match[str], value: str, rule: str, hardness: str = "hard") -> Piece:
    kind: Any = hardness
    return Piece(match.start(), match.end(), "time.open", "open_at", value, kind, rule=rule, rank=3)


def _season(name: str) -> Any:
    return {"months": [3, 4]} if name == "blossom" else name


def _days_and_clocks(text: str, now: datetime) -> list[Piece]:
    days = [(m.start(), m.end(), *_days(m)) for m in _DAY.finditer(text)]
    dates = [(m.start(), m.end(), _date(m, now.date())) for m in _RELATIVE.finditer(text)]
    pieces: list[Piece] = []
    clocks = [c for pattern in (_CLOCK_ZH, _CLOCK_EN) for m in pattern.finditer(text) if (c := _clock(m)) is not None]
    for start, end, minute, sure in clocks:
        day = next((d for d in days if -1 <= start - d[1] <= 2 or -1 <= d[0] - end <= 4), None)
        on = next((d for d in dates if d[0] <= start <= d[1] + 2 or 0 <= d[0] - end <= 4), None)
        opens = _OPEN.match(text, end) or _OPEN.search(text, max(0, start - 12), start)
        if not (sure or opens or day):
            continue
        named = day[2][0] if day and len(day[2]) == 1 else DAYS[on[2].weekday()] if on else None
        after = text[start:end].endswith(("以后", "之后")) or text[start:end].startswith("after ")
        value = _moment(text[start:end], text[max(0, start - 5) : start], minute + AFTER * after, named)
        begin, stop = min(start, day[0] if day else start, on[0] if on else start), max(end, day[1] if day else end)
        if opens and opens.start() >= end:
            stop = max(stop, opens.end())
        pieces.append(Piece(begin, stop, "time.open", "open_at", value, rule="when.clock", rank=3))
    pieces += [_open_days(d, text, now) for d in days]
    pieces += [_on_date(d) for d in dates]
    return pieces


def _moment(words: str, before: str, minute: int, day: str | None) -> Any:
    """The minute that must be open: "until 11 pm" a quarter before, "after midnight" half past, on the next day."""
    if words.endswith("midnight") and words.startswith(("after", "past")):
        if day is None:
            return "late"
        minute = 1440 + AFTER
    elif words.startswith(("until", "till")) or before.endswith("到"):
        minute -= 15
    if day and minute >= 1440:  # the night after
        day = DAYS[(DAYS.index(day) + 1) % 7]
    return {"day": day, "minute": minute % 1440} if day else {"minute": minute % 1440}


def _open_days(found: tuple[int, int, list[str], int | None], text: str, now: datetime) -> Piece:
    """Named days ask for places that open then; "this weekend" asks for dates."""
    start, end, days, week = found
    if week is not None:
        monday = now.date() - timedelta(days=now.weekday()) + timedelta(weeks=week)
        first, last = (monday + timedelta(days=DAYS.index(day)) for day in (days[0], days[-1]))
        value: dict[str, Any] = {"from": first.isoformat(), "to": last.isoformat(), "days": days}
        return Piece(start, end, "time.when", "in", value, "soft", rule="when.date")
    if (part := _PART.match(text, end)) and len(days) == 1:
        opens = _OPEN.match(text, part.end()) or _OPENS_BEFORE.search(text, max(0, start - 12), start)
        moment = {"day": days[0], "minute": _PARTS[part["part"]]}
        stop = max(part.end(), opens.end()) if opens else part.end()
        return Piece(start, stop, "time.open", "open_at", moment, "hard" if opens else "soft", rule="when.part")
    opens = _OPEN.match(text, end) or _OPENS_BEFORE.search(text, max(0, start - 12), start)
    stop, start = (max(end, opens.end()), min(start, opens.start())) if opens else (end, start)
    return Piece(start, stop, "time.open", "open_during", {"days": days}, "hard" if opens else "soft", rule="when.days")


def _on_date(found: tuple[int, int, date]) -> Piece:
    day = found[2].isoformat()
    value = {"from": day, "to": day, "days": [DAYS[found[2].weekday()]]}
    return Piece(found[0], found[1], "time.when", "in", value, "soft", rule="when.date")


def _days(match: re.Match[str]) -> tuple[list[str], int | None]:
    """-> days, and which week from now when one is named (0 this, 1 next)."""
    week = {"这": 0, "本": 0, "下": 1}.get(match["next"] or "")
    if match["thiswe"]:
        return ["SA", "SU"], int(match["thiswe"].startswith("next"))
    if match["weekend"] or match["weekend_en"]:
        return ["SA", "SU"], week
    if match["work"] or match["work_en"]:
        return list(DAYS[:5]), week
    first = _HAN_DAYS[match["zh"]] if match["zh"] else _EN_DAYS[match["en"]]
    if match["to"]:
        low, high = DAYS.index(first), DAYS.index(_HAN_DAYS[match["to"]])
        return list(DAYS[low : high + 1]) or [first], week
    return [first], week


def _date(match: re.Match[str], today: date) -> date:
    return today + timedelta(days={"today": 0, "tonight": 0, "tomorrow": 1, "after": 2}[str(match.lastgroup)])


def _clock(match: re.Match[str]) -> tuple[int, int, int, bool] | None:
    """-> start, end, minute of the day, is it surely a time of day; None when it cannot be one."""
    groups = match.groupdict()
    if "part" in groups:
        return _clock_zh(match)
    if match["word"]:
        return match.start(), match.end(), 720 if match["word"] == "noon" else 1439, False
    if match["h24"]:
        hour, minute = int(match["h24"]), int(match["m24"])
    else:
        hour, minute = int(match["h"]) % 12 + (12 if match["ap"][0] == "p" else 0), int(match["m"] or 0)
    return (match.start(), match.end(), hour * 60 + minute, True) if hour <= 24 and minute < 60 else None


def _clock_zh(match: re.Match[str]) -> tuple[int, int, int, bool] | None:
    hour, part = number(match["h"]), match["part"] or ""
    minute = 30.0 if match["half"] else 15.0 if match["quarter"] == "一" else 45.0 if match["quarter"] else 0.0
    minute = (number(match["m"]) or 0.0) if match["m"] else minute
    if hour is None or hour > 24 or minute >= 60:
        return None
    if (part in ("下午", "傍晚", "晚上", "今晚", "晚间", "夜里", "夜晚", "晚") and hour < 12) or (
        part == "中午" and hour < 3
    ):
        hour += 12
    elif part in ("晚上", "今晚", "晚间", "夜里", "夜晚", "晚") and hour == 12:
        hour = 24
    elif part in ("凌晨", "半夜", "深夜") and hour == 12:
        hour = 0
    return match.start(), match.end(), int(hour * 60 + minute), bool(part)
