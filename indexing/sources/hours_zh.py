"""How do Chinese opening hours read in OSM syntax? "周一至周五 10:00-22:00" -> "Mo-Fr 10:00-22:00"."""

import re
from itertools import pairwise
from typing import Any, Final

_DAYS: Final = dict(zip("一二三四五六日", ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), strict=True))
_SEASONS: Final = {"春季": "Mar-May", "夏季": "Jun-Aug", "秋季": "Sep-Nov", "冬季": "Dec-Feb"}
_DAY_NAME: Final = r"(?:周|星期)[一二三四五六日]"
_SELECTOR: Final = re.compile(rf"(?:春季|夏季|秋季|冬季)|{_DAY_NAME}(?:\s*[-,]\s*{_DAY_NAME})*")
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})-(次日)?(\d{1,2}):(\d{2})")
_ALL_DAY: Final = re.compile(r"全天|二十四小时|(?<!\d)24小时")
#: Words beside the hours that change nothing: which meal, "opening hours", punctuation.
_FILLER: Final = re.compile(r"营业(?:时间为?)?|[早午晚]市|[早午晚正]餐|[上中下]午|早点|晚上|早|晚|[。:;,、\s]")
_MINUTES: Final = {None: "00", "半": "30"}
_SAME: Final = (
    *(("：", ":"), ("；", ";"), ("，", ","), ("星期天", "周日"), ("周天", "周日")),
    *(("工作日", "周一-周五"), ("周末", "周六,周日"), ("不营业", "不开"), ("休息", "不开")),
)


def hours_zh(value: Any) -> str:
    """Chinese text -> an OSM opening_hours expression; raises ValueError when any part of it is not understood.

    What follows 非营业时段 (dates on which a place was closed once) is left out: it says nothing about a usual week.
    """
    text = _spell_alike(str(value).split("非营业时段")[0])
    tokens = _tokens(text)
    if not any(kind == "time" for kind, _ in tokens):
        raise ValueError(f"hold no hours: {value!r:.60}")
    if "days" in {kind for kind, _ in tokens} and tokens[0][0] == "time":  # "9:00-21:00 周一至周日"
        tokens = [each for each in tokens if each[0] != "time"] + [each for each in tokens if each[0] == "time"]
    return "; ".join(_rules(tokens))


def _spell_alike(text: str) -> str:
    for old, new in _SAME:
        text = text.replace(old, new)
    text = re.sub(r"(\d{1,2})点(半|\d{2}(?!\d))?", lambda said: f"{said[1]}:{_MINUTES.get(said[2], said[2])}", text)
    text = re.sub(r"\s*(?:[-–—－~～]+|至|到)\s*", "-", text)
    return re.sub(r"-(?:晚[上间]?|下午)\s*(\d{1,2})(?=:)", lambda said: f"-{_after_noon(int(said[1]))}", text)


def _after_noon(hour: int) -> int:
    return hour + 12 if hour < 12 else hour


def _tokens(text: str) -> list[tuple[str, str]]:
    """-> [(season | days | time, OSM text)], in the order said."""
    found: list[tuple[int, int, str, str]] = []
    for match in _SELECTOR.finditer(text):
        season = _SEASONS.get(match[0])
        found.append((*match.span(), "season" if season else "days", season or _days(match[0])))
    for match in _TIME.finditer(text):
        found.append((*match.span(), "time", _time(*match.groups())))
    for match in _ALL_DAY.finditer(text):
        found.append((*match.span(), "time", "00:00-24:00"))
    for match in re.finditer("不开", text):
        found.append((*match.span(), "time", "off"))
    found.sort()
    edges = [0, *(edge for begin, end, *_ in found for edge in (begin, end)), len(text)]
    rest = "".join(text[begin:end] for begin, end in list(pairwise(edges))[::2])
    if left := _FILLER.sub("", rest):
        raise ValueError(f"are not understood: {left!r:.40} in {text!r:.60}")
    return [(kind, osm) for _, _, kind, osm in found]


def _days(text: str) -> str:
    text = re.sub(r"周|星期|\s", "", text)
    return "".join(_DAYS.get(sign, sign) for sign in text)


def _time(hour: str, minute: str, next_day: str | None, until: str, until_minute: str) -> str:
    begin, end = int(hour) * 60 + int(minute), int(until) * 60 + int(until_minute) + (1440 if next_day else 0)
    if not (int(minute) < 60 and int(until_minute) < 60 and begin < 1440 and end <= 2880):
        raise ValueError(f"{hour}:{minute}-{until}:{until_minute} is no time of day")
    return f"{begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}"


def _rules(tokens: list[tuple[str, str]]) -> list[str]:
    """Group: seasons and days hold for the times after them."""
    rules: list[str] = []
    seasons: list[str] = []
    days = ""
    times: list[str] = []
    last = ""
    for kind, osm in [*tokens, ("end", "")]:
        if kind != "time" and times:
            rules.append(" ".join(part for part in (",".join(seasons), days, ",".join(times)) if part))
            times, days, seasons = [], "", seasons if kind == "days" else []
        if kind == "season":
            seasons = [*seasons, osm] if last == "season" else [osm]
        elif kind == "days":
            days = f"{days},{osm}" if last == "days" else osm
        elif kind == "time":
            times.append(osm)
        last = kind
    return rules
