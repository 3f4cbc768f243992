"""Which measured amounts does a text state? "100-150元", "至少4.5分", "under 200 yuan", "一个半小时", "within 3 km"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from engine.understand.numbers import NUMERAL, between, number
from engine.understand.patterns import gated

Op: TypeAlias = Literal["eq", "gte", "lte", "between", "about"]
Dimension: TypeAlias = Literal["money", "points", "stars", "time", "length", "people", "area", ""]


@dataclass(frozen=True, slots=True)
class Quantity:
    """[start, end) of a folded text says `op` low (and high); in yuan, points, minutes, kilometres, m2."""

    start: int
    end: int
    op: Op
    low: float
    high: float
    dimension: Dimension
    unit: str  # as written; "" when none


#: unit as written -> (dimension, factor). Longest first in the expression below.
_UNITS: Final[dict[str, tuple[Dimension, float]]] = {
    **dict.fromkeys(["元", "块", "块钱", "元钱", "人民币", "rmb", "cny", "yuan", "kuai", "元人民币"], ("money", 1.0)),
    **dict.fromkeys(["¥", "$", "€", "£", "dollar", "dollars", "usd", "bucks", "euro", "euros", "eur"], ("money", 1.0)),
    **dict.fromkeys(["pound", "pounds", "gbp", "欧元", "欧", "美元", "美金", "英镑"], ("money", 1.0)),
    **dict.fromkeys(["分", "point", "points"], ("points", 1.0)),
    **dict.fromkeys(["星", "颗星", "star", "stars"], ("stars", 1.0)),
    **dict.fromkeys(["小时", "个小时", "个钟头", "钟头", "个钟", "h", "hour", "hours", "hr", "hrs"], ("time", 60.0)),
    **dict.fromkeys(["分钟", "min", "mins", "minute", "minutes"], ("time", 1.0)),
    **dict.fromkeys(["天", "日", "整天", "day", "days"], ("time", 1440.0)),
    **dict.fromkeys(
        ["公里", "千米", "km", "kms", "kilometer", "kilometers", "kilometre", "kilometres"], ("length", 1.0)
    ),
    **dict.fromkeys(["米", "m", "meter", "meters", "metre", "metres"], ("length", 0.001)),
    **dict.fromkeys(["mile", "miles", "英里"], ("length", 1.609)),
    **dict.fromkeys(["人", "位", "个人", "people", "persons", "guests", "pax"], ("people", 1.0)),
    **dict.fromkeys(["平", "平米", "平方米", "m2", "sqm", "㎡"], ("area", 1.0)),
}
_CURRENCY: Final = r"(?:[¥$€£]|rmb|cny|usd|eur)"
_UNIT: Final = "|".join(
    re.escape(unit) + (r"(?![a-z])" if unit.isalpha() and unit.isascii() else "" if unit.isalnum() else r"(?! ?\d)")
    for unit in sorted(_UNITS, key=len, reverse=True)
)


def _one(name: str) -> str:
    """A numeral with its currency sign and unit, as named groups that begin with `name`."""
    numeral = rf"(?P<{name}n>{NUMERAL})(?P<{name}half>个半)?"
    return rf"(?:(?P<{name}sign>{_CURRENCY}) ?)?{numeral}(?:[ -]?(?P<{name}unit>{_UNIT}))?"


_MORE: Final = (
    r"(?P<gte>(?:评分)?(?:及|或)?以上|或更[高多久长]|上(?![下面])|起(?!来)|往上|\+| ?plus\b"
    r"|,? ?(?:or|and) (?:more|above|higher|up|over|better|longer)|and upwards?)"
    r"|(?P<lte>(?:及|或)?以下|一下|以内|之内|内(?!容)|不到|封顶|,? ?or (?:less|below|under|lower|cheaper"
    r"|fewer|shorter)| max\b| tops\b)"
    r"|(?P<about>左右|上下|多(?=[块元]))|(?P<none>之间|的?范围)"
)
_RANGE = gated(rf"{_one('a')}(?: ?(?P<sep>-|到|至|to\b|and\b) ?{_one('b')})?(?: ?(?:{_MORE}))?")
_PAIR = gated(rf"(?P<a>[1-9一二两三四五六七八九])[、,](?P<b>[1-9二三四五六七八九])(?P<unit>{_UNIT})")
_HALF = gated(
    r"(?P<n>(?<!个)半|half(?: an?)?|\b(?:one|an?) and a half|\ban?)[ -]?(?P<u>个小时|个钟头|小时|天|日"
    r"|hours?|days?)(?![a-z])"
)
_BEFORE = gated(
    r"(?:(?P<gte>不低于|不少于|不小于|高于|大于|超过|多于|至少|最少|起码|>=?|≥|at least|no less than|over"
    r"|above|more than"
    r"|higher than|minimum(?: of)?|from)"
    r"|(?P<lte>不超过|不高于|不大于|别超过|不要超过|低于|少于|小于|最多|至多|顶多|不到|便宜于|<=?|≤|under"
    r"|below|less than|up to"
    r"|at most|no more than|not more than|cheaper than|maximum(?: of)?|max|within|lower than)"
    r"|(?P<about>大约|大概|差不多|约|around|about|roughly|approximately)|(?P<none>between))[:的]? ?$"
)
_LOOK_BACK: Final = 16
_ONE_SIDED: Final[tuple[Op, ...]] = ("gte", "lte", "about")


def quantities(text: str) -> list[Quantity]:
    """All amounts in a folded text, left to right, none overlapping."""
    return list(_scan(text))


def _scan(text: str) -> Iterator[Quantity]:
    place = 0
    for match in _HALF.finditer(text):
        yield from _ranges(text, place, match.start())
        yield _half(match)
        place = match.end()
    yield from _ranges(text, place, len(text))


def _half(match: re.Match[str]) -> Quantity:
    words, unit = match["n"], match["u"]
    day = unit[0] in "天日d"
    factor = 1440.0 if day else 60.0
    amount = 1.5 if words.endswith("and a half") else 0.5 if words[0] in "半h" else 1.0
    minutes = 240.0 if day and amount == 0.5 else amount * factor  # half a day out is four hours, not twelve
    return Quantity(match.start(), match.end(), "eq", minutes, minutes, "time", unit)


def _ranges(text: str, place: int, end: int) -> Iterator[Quantity]:
    while place < end:
        pair, match = _PAIR.search(text, place, end), _RANGE.search(text, place, end)
        if match is None:
            return
        if pair and pair.start() <= match.start():
            found, place = _pair(pair), pair.end()
        else:
            found, place = _range(text, match)
        if found:
            yield found


def _pair(match: re.Match[str]) -> Quantity | None:
    low, high = number(match["a"]), number(match["b"])
    if low is None or high is None or high != low + 1:
        return None
    dimension, factor = _UNITS[match["unit"]]
    return Quantity(match.start(), match.end(), "between", low * factor, high * factor, dimension, match["unit"])


def _range(text: str, match: re.Match[str]) -> tuple[Quantity | None, int]:
    """One match -> the quantity (None when it is no number) and where to go on."""
    second = match["bn"] is not None
    first_unit, unit = match["aunit"] or match["asign"] or "", match["bunit"] or match["bsign"] or ""
    before = _BEFORE.search(text, max(0, match.start() - _LOOK_BACK), match.start())
    if second and not _joined(match, first_unit, unit, before):
        second = False
    end = match.end() if second or match["bn"] is None else match.start("sep")
    unit = (unit or first_unit) if second else first_unit
    dimension, factor = _UNITS.get(unit, ("", 1.0))
    near = between(match["an"]) if not second else None
    low = number(match["an"])
    if near is None and low is None:
        return None, match.end("an")
    low, high = near or (low or 0.0, low or 0.0)
    if match["ahalf"]:
        low = high = low + 0.5
    low_factor = _UNITS[first_unit][1] if first_unit else factor
    low, high = low * low_factor, high * factor
    if second:
        high = (number(match["bn"]) or 0.0) * factor
    start = before.start() if before else match.start()
    op = _op(match, before, second or near is not None, second or match["bn"] is None)
    return Quantity(start, end, op, min(low, high), max(low, high), dimension, unit), end


def _joined(match: re.Match[str], first: str, second: str, before: re.Match[str] | None) -> bool:
    """Are two numerals the ends of one range, and not two amounts side by side?"""
    if first and second and _UNITS[first][0] != _UNITS[second][0]:
        return False
    if first and not second:  # "200元-300" is one range, "3天到100" is not
        return match["sep"] == "-"
    if match["sep"] != "and" or (before and before["none"]):
        return True
    low, high = number(match["an"]), number(match["bn"])  # "200 and 300 yuan"
    return bool(second and not first and low and high and low < high and _UNITS[second][0] == "money")


def _op(match: re.Match[str], before: re.Match[str] | None, pair: bool, whole: bool) -> Op:
    if pair:
        return "between"
    if whole:
        for op in _ONE_SIDED:
            if match[op]:
                return op
    if before:
        for op in _ONE_SIDED:
            if before[op]:
                return op
    return "eq"
