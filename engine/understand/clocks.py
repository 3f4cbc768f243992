"""Which times of the day does a text name? "下午三点半", "9点到18点", "7 pm", "between 2 and 5 pm"."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from engine.understand.numbers import number
from engine.understand.patterns import Group, Lazy, gated

_N: Final = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_PM: Final = frozenset({"下午", "傍晚", "晚上", "今晚", "明晚", "晚间", "夜里", "夜晚", "晚"})
_NIGHT: Final = frozenset({"晚上", "今晚", "明晚", "晚间", "夜里", "夜晚", "晚"})
_DATED: Final = frozenset({"今晚", "明晚"})  # the day is a token of its own
_SMALL_HOURS: Final = frozenset({"凌晨", "半夜", "深夜", "后半夜"})
_ZH: Final = gated(
    r"(?:(?P<part>早上|早晨|清晨|一早|上午|中午|下午|傍晚|晚上|今晚|明晚|晚间|夜里|夜晚|后半夜|半夜"
    r"|深夜|凌晨|晚|早)的?)?"
    rf"(?P<h>(?<![\d.:]){_N})(?:(?:点钟?|时(?!候|间|尚|光|装|髦|段|令|速|区|刻))(?!评|赞|菜|餐|单|击|心"
    rf"|缀|播|外|多少|[0-9一二三四五六七八九][分星]|五[分星])"
    r"(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<m>\d{1,2}(?![\d个人位名])"
    r"|[二三四五]?十[一二三四五六七八九]?|[一二三四五六七八九](?=分))分?)?)"
    r"(?P<after>以后|之后|过后|后(?!天))?(?P<before>以前|之前|前)?(?:还|都|仍|左右|就)?"
)
_COLON: Final = gated(
    r"(?:(?P<part>早上|上午|中午|下午|傍晚|晚上|今晚|明晚|晚间|凌晨|晚|早) ?)?"
    r"(?P<h>\d(?<![\d:.]\d)\d?):(?P<m>\d{2})(?![\d:]) ?(?P<ap>[ap]\.?m\b\.?)?(?P<after>以后|之后"
    r"|后(?!天))?(?P<before>以前|之前|前)?"
)
_HOUR_EN: Final = gated(
    r"(?P<h>\d(?<![\w.:$¥€£]\d)\d?)(?:(?:[:.](?P<m>[0-5]\d))? ?(?P<ap>[ap]\.?m\b\.?)|(?P<oh> ?o'?clock\b))"
)
_WORD_EN: Final = gated(
    r"\b(?P<word>noon|midday|midnight)\b"
    r"|\b(?P<past>half past|quarter past|quarter to) "
    r"(?P<h>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
)
_AT_EN: Final = gated(
    r"\b(?P<word>at|after|before|until|till|past) (?P<h>\d{1,2})"
    r"(?![\d:.%]| ?(?:[ap]\.?m|st|nd|rd|th|km|m|yuan|rmb|points?|stars?|people|least|most|k|°|hours?|min|o'?clock"
    r"|years?|days?|weeks?|months?)\b)"
)
_RELATION: Final = gated(r"\b(?P<word>at|after|past|until|till|til|by|before|from|around|about|till about|open) $")
_FROM: Final = gated(
    r"(?:\b(?:between|from) )?(?<![\d:.$¥€£/-])(?P<h>\d{1,2})(?::(?P<m>\d{2}))? ?(?:-|to|and|til{1,2}|until) ?$"
)
_TO: Final = Lazy(r" ?(?:-|~|到|至|to|and|til{1,2}|until|through|–) ?")
_SURELY: Final = Lazy(r"点(?:钟|半|[一三]刻|左右)|左右$")
_GOING: Final = Lazy(r"吃|去|出发|见|集合|到店|入住")
_UNTIL_ZH: Final = gated(r"(?:到|至|营业到|开到)$")
_NOON: Final = 720


class Clock(msgspec.Struct, frozen=True, gc=False):
    """A time of the day at [start, end): `minute` may pass 1440 ("晚上12点"); `to` ends a range.

    sure: it can be nothing else; bare: a number with a preposition alone ("after 6"); vague: neither half of the day
    was said; relation: "" | "after" | "until" | "before".
    """

    start: int
    end: int
    minute: int
    to: int | None = None
    sure: bool = False
    vague: bool = False
    relation: str = ""
    bare: bool = False


CLOCKS: Final = Group(_ZH, _COLON, _HOUR_EN, _WORD_EN, _AT_EN)


def clocks(text: str) -> list[Clock]:
    """Every time of the day in a folded text, in order, none overlapping; two joined by "to" are one range."""
    if not CLOCKS.lives(text):
        return []
    found = sorted((*_chinese(text), *_colons(text), *_english(text)), key=lambda c: (c.start, -c.end))
    apart: list[Clock] = []
    for clock in found:
        if not apart or clock.start >= apart[-1].end:
            apart.append(clock)
    return list(_ranges(text, apart))


def _ranges(text: str, found: list[Clock]) -> Iterator[Clock]:
    place = 0
    while place < len(found):
        clock = found[place]
        following = found[place + 1] if place + 1 < len(found) else None
        if following and _TO.fullmatch(text, clock.end, following.start) and clock.relation != "after":
            yield _joined(clock, following)
            place += 2
            continue
        yield _from_bare(text, clock)
        place += 1


def _joined(first: Clock, last: Clock) -> Clock:
    """A second time without its half of the day comes after the first: "下午2点到5点" ends at 17:00."""
    end = last.minute
    if last.vague and end <= first.minute and end + _NOON > first.minute:
        end += _NOON
    return Clock(first.start, last.end, first.minute, end, sure=True)


def _from_bare(text: str, clock: Clock) -> Clock:
    """ "between 2 and 5 pm": the bare hour before lies in the same half of the day if that is earlier."""
    before = _FROM.search(text, max(0, clock.start - 16), clock.start)
    if before is None or clock.to is not None or not clock.sure or not int(before["h"]) <= 24:
        return clock
    minute = int(before["h"]) * 60 + int(before["m"] or 0)
    if int(before["h"]) <= 12 and clock.minute >= _NOON:
        later = minute % _NOON + _NOON
        minute = later if later < clock.minute else minute % _NOON
    return Clock(before.start(), clock.end, minute, clock.minute, True)


def _chinese(text: str) -> Iterator[Clock]:
    for match in _ZH.finditer(text):
        if match[0] == "一点":  # "a bit"
            continue
        hour = number(match["h"])
        minute = 30.0 if match["half"] else 15.0 if match["quarter"] == "一" else 45.0 if match["quarter"] else 0.0
        minute = (number(match["m"]) or 0.0) if match["m"] else minute
        if hour is not None and hour <= 24 and minute < 60:
            yield _clock(text, match, int(hour), int(minute), match["part"] or "")


def _colons(text: str) -> Iterator[Clock]:
    for match in _COLON.finditer(text):
        hour, minute = int(match["h"]), int(match["m"])
        if hour <= 24 and minute < 60:
            part = "下午" if match["ap"] and match["ap"][0] == "p" else match["part"] or ("早" if match["ap"] else "")
            hour = 0 if match["ap"] and match["ap"][0] == "a" and hour == 12 else hour
            yield _clock(text, match, hour, minute, part, sure=True)


def _clock(text: str, match: re.Match[str], hour: int, minute: int, part: str, sure: bool = False) -> Clock:
    if (part in _PM and hour < 12) or (part == "中午" and hour < 3):
        hour += 12
    elif part in _NIGHT and hour == 12:
        hour = 24
    elif part in _SMALL_HOURS and hour == 12:
        hour = 0
    relation = "after" if match["after"] else "before" if match["before"] else ""
    start = match.start() + (len(part) if part in _DATED else 0)
    if not relation and (words := _UNTIL_ZH.search(text, max(0, start - 3), start)):
        relation = (
            "until" if not _TO.fullmatch(words[0]) or text[max(0, start - 3) : start - 1] in ("营业", "开") else ""
        )
        relation = "until" if text[max(0, start - 2) : start] in ("开到", "业到") else relation
    if before := _RELATION.search(text, max(0, start - 12), start):
        start, relation = before.start(), relation or _english_relation(before["word"])
    vague = not part and 0 < hour <= 12
    sure = sure or bool(part) or bool(_SURELY.search(match[0])) or bool(_GOING.match(text, match.end()))
    return Clock(start, match.end(), hour * 60 + minute, None, sure, vague, relation)


def _english_relation(word: str) -> str:
    return {
        "after": "after",
        "past": "after",
        "until": "until",
        "till": "until",
        "til": "until",
        "before": "before",
    }.get(word, "")


def _english(text: str) -> Iterator[Clock]:
    for match in _HOUR_EN.finditer(text):
        hour, vague = int(match["h"]), match["oh"] is not None
        if not vague:
            hour = hour % 12 + (12 if match["ap"][0] == "p" else 0)
        yield from _said(text, match, hour * 60 + int(match["m"] or 0), True, vague)
    for match in _WORD_EN.finditer(text):
        if match["word"]:
            yield from _said(text, match, 1439 if match["word"] == "midnight" else _NOON, False, False)
            continue
        minute = {"half past": 30, "quarter past": 15, "quarter to": -15}[match["past"]]
        yield from _said(text, match, int(number(match["h"]) or 0) * 60 + minute, True, True)
    for match in _AT_EN.finditer(text):
        relation = _english_relation(match["word"])
        if (minute := int(match["h"]) * 60) <= 1440:
            yield Clock(match.start(), match.end(), minute, None, False, True, relation, bare=True)


def _said(text: str, match: re.Match[str], minute: int, sure: bool, vague: bool) -> Iterator[Clock]:
    """The clock of an English match, with the word before it that relates to it; nothing past the end of the day."""
    if not 0 <= minute <= 1440:
        return
    start, relation = match.start(), ""
    if before := _RELATION.search(text, max(0, start - 12), start):
        relation = _english_relation(before["word"])
        start = start if before["word"] == "open" else before.start()
    yield Clock(start, match.end(), minute, None, sure, vague, relation)
