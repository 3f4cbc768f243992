"""Which measured amounts does a text state? "100-150元", "至少4.5分", "under 200 yuan", "一个半小时", "within 3 km".

A small grammar, one function a rule; each takes a text and a place in it:

    quantity = bound? (pair | range | amount) bound?
    range    = amount ("-" | "到" | "to" | "and") amount
    amount   = sign? numeral "个半"? unit? ("半" | digit | nights)?
    fraction = "半" | "half an" | "a couple of" ... unit of time
"""

import re
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from engine.understand.numbers import FIGURES, NUMERAL, SPELLED, between, number
from engine.understand.patterns import Group, Lazy, gated
from engine.understand.units import BARE, Dimension, Unit, words

Op: TypeAlias = Literal["eq", "gte", "lte", "between", "about"]


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """[start, end) of a folded text says `op` low (and high), in the base of its dimension (quantities.toml).

    `unit` is the unit as said; low / factor is the number as said. `numeral`: where the (first) number begins.
    """

    start: int
    end: int
    op: Op
    low: float
    high: float
    dimension: Dimension
    unit: str = ""
    factor: float = 1.0
    numeral: int = 0


class _Amount(msgspec.Struct, frozen=True, gc=False):
    start: int
    end: int
    low: float
    high: float
    unit: Unit
    rough: bool = False  # "百来"
    numeral: str = ""


_WORDS: Final = words()
_FIGURES: Final = gated(FIGURES)
_SPELLED: Final = gated(SPELLED)
_NUMERAL: Final = Lazy(NUMERAL)
_SEPARATOR: Final = Lazy(r" ?(-|~|到|至|to\b|and\b|或|or\b) ?")
_PAIR: Final = gated(r"([1-9一二两三四五六七八九])[、,]([1-9二三四五六七八九])(?=[^\d一二三四五六七八九十百千万])")
_FRACTION: Final = gated(
    r"(?P<half>(?<!个)(?<![\d一二两三四五六七八九])半|\bhalf(?: an?)?)[ -]?"
    r"(?P<hu>个小时|个钟头|个钟|小时|个月|年|天|日|hours?|days?|months?|years?)(?![a-z])"
    r"|\b(?P<one>(?:one|an?) (?:hour|day) and a half|an? (?=(?:hour|day)s?\b))(?P<ou>hours?|days?|)(?![a-z])"
    r"|\b(?P<two>(?:a )?couple(?: of)?|俩) ?(?P<tu>hours|days|weeks|months|小时|钟头)(?![a-z])"
    r"|\b(?P<few>several|a few) (?P<fu>hours|days|weeks|months)\b"
)
_ANY: Final = Group(_FIGURES, _SPELLED, _FRACTION)
_SIGN: Final = Lazy(r"[¥$€£]? ?")
_TENTHS: Final = Lazy(r"([1-9])(?![\d.米点个人份斤件])")
_PER: Final = Lazy(r" ?(?:/|每|一|per |a )(?:人|位|晚|夜|月|天|person|head|night|month)")
_NIGHTS: Final = Lazy(
    r" plan\b|,? ?(?:and )?(?:\d{1,2}|[一两二三四五六七八九十]|one|two|three|four|five|six"
    r"|seven)[ -]?(?:个?[夜晚]|nights?\b)"
)
_DAYS_NIGHTS: Final = Lazy(r"d ?(?:[/-] ?)?\d{1,2}n\b")
_SCALED: Final = gated(r"[百千万kw]\d?$")
_LOOK_BACK: Final = 18
_HALF_DAY: Final = 240.0  # minutes: half a day out is four hours, not twelve
_FEW: Final = (3.0, 5.0)
_PLACE_OF: Final = {"百": 100.0, "千": 1000.0, "万": 10_000.0, "k": 1000.0, "w": 10_000.0}


def quantities(text: str) -> list[Quantity]:
    """All amounts in a folded text, left to right, none overlapping."""
    return list(_scan(text)) if _ANY.lives(text) else []


def _scan(text: str) -> Iterator[Quantity]:
    place = 0
    for match in _FRACTION.finditer(text):
        yield from _ranges(text, place, match.start())
        yield _bounded(text, _fraction(match), None)
        place = match.end()
    yield from _ranges(text, place, len(text))


def _fraction(match: re.Match[str]) -> _Amount:
    """ "半天", "half an hour", "an hour and a half", "a couple of days"."""
    name = match["hu"] or match["ou"] or match["tu"] or match["fu"] or match["one"].split()[1]
    unit = _WORDS.spelled[name]
    if match["few"]:
        low, high = (n * unit.factor for n in _FEW)
        return _Amount(match.start(), match.end(), low, high, unit)
    count = 0.5 if match["half"] else 2.0 if match["two"] else 1.5 if match["one"].endswith("half") else 1.0
    value = _HALF_DAY if unit.id == "day" and count == 0.5 else count * unit.factor
    return _Amount(match.start(), match.end(), value, value, unit)


def _ranges(text: str, place: int, end: int) -> Iterator[Quantity]:
    while (match := _numeral(text, place, end)) is not None:
        first = _pair(text, match) or _amount(text, match, place)
        if first is None:
            place = match.end()
            continue
        found = _range(text, first, end)
        yield found
        place = max(found.end, match.end())


def _numeral(text: str, place: int, end: int) -> re.Match[str] | None:
    """The first numeral from `place` on, in figures or in words."""
    figures, spelled = _FIGURES.search(text, place, end), _SPELLED.search(text, place, end)
    if figures and spelled:
        return min(figures, spelled, key=lambda m: m.start())
    return figures or spelled


def _pair(text: str, numeral: re.Match[str]) -> _Amount | None:
    """ "3、4小时": two neighbours with one unit."""
    match = _PAIR.match(text, numeral.start())
    if match is None:
        return None
    low, high = number(match[1]), number(match[2])
    unit, end = _unit(text, match.end())
    if unit is BARE or low is None or high is None or high != low + 1:
        return None
    return _Amount(match.start(), end, low * unit.factor, high * unit.factor, unit)


def _amount(text: str, numeral: re.Match[str], floor: int) -> _Amount | None:
    """A numeral with its currency sign (not before `floor`) and unit; low and high in the unit's base."""
    said = numeral[0]
    rough = said[-1] == "来"
    low = number(said[:-1] if rough and said != "百来" else "一百" if rough else said)
    low, high = (low, low) if rough or (pair := between(said)) is None else pair
    if low is None or high is None:
        return None
    start, end, unit = numeral.start(), numeral.end(), BARE
    if text.startswith("个半", end):
        low, high, end = low + 0.5, high + 0.5, end + 2
    sign = _WORDS.sign.search(text, max(floor, start - 5), start)
    behind, stop = _unit(text, end)
    if behind is not BARE:
        unit = behind
        more, end = _tail(text, stop, unit)
        low, high = low + more, high + more
    elif nights := _DAYS_NIGHTS.match(text, end):  # 2D1N
        unit, end = _WORDS.spelled["day"], nights.end()
    if sign and unit.dimension in ("money", ""):
        unit, start = (_WORDS.spelled[sign[1]] if unit is BARE else unit), sign.start()
    return _Amount(start, end, low * unit.factor, high * unit.factor, unit, rough, said)


def _tail(text: str, place: int, unit: Unit) -> tuple[float, int]:
    """What a unit may have behind it: "一岁半" half a year, "1米2" two tenths, "三天两晚" the nights; -> more, end."""
    if unit.dimension == "age" and text.startswith("半", place):
        return 0.5, place + 1
    if (unit.id == "m" or text.endswith("块", 0, place)) and (tenths := _TENTHS.match(text, place)):
        return int(tenths[1]) / 10, tenths.end()
    nights = _NIGHTS.match(text, place) if unit.id == "day" else None
    return 0.0, nights.end() if nights else place


def _unit(text: str, place: int) -> tuple[Unit, int]:
    match = _WORDS.unit.match(text, place)
    if match is None:
        return BARE, place
    unit = _WORDS.spelled[(match[1] or match[2]).replace("-", " ")]
    return unit, match.end()


def _range(text: str, first: _Amount, end: int) -> Quantity:
    """The first amount, with a second one behind it if both are the ends of one range."""
    separator = _SEPARATOR.match(text, first.end, end)
    if separator is None:
        return _bounded(text, first, None)
    sign = _SIGN.match(text, separator.end())
    numeral = _NUMERAL.match(text, sign.end() if sign else separator.end(), end)
    second = _amount(text, numeral, separator.end()) if numeral else None
    if second is None or not _joined(text, first, separator[1], second):
        return _bounded(text, first, None)
    return _bounded(text, first, second)


def _joined(text: str, first: _Amount, separator: str, second: _Amount) -> bool:
    """Are two amounts the ends of one range, and not two amounts side by side?"""
    if first.unit is not BARE and second.unit is not BARE and first.unit.dimension != second.unit.dimension:
        return False
    if first.unit is not BARE and second.unit is BARE:  # "200元-300" is one range, "3天到100" is not
        return separator in "-~" or (first.unit.dimension == "money" and first.low < second.low)
    if separator in ("or", "或"):
        return second.unit is not BARE and second.low / second.unit.factor == first.low / first.unit.factor + 1
    if separator != "and":
        return True
    before = _WORDS.before.search(text, max(0, first.start - _LOOK_BACK), first.start)
    if before and before["none"]:
        return True
    return first.unit is BARE and second.unit.dimension == "money" and first.low < second.low


def _bounded(text: str, first: _Amount, second: _Amount | None) -> Quantity:
    """One or two amounts with the words around them that bound them."""
    last = second or first
    before = _WORDS.before.search(text, max(0, first.start - _LOOK_BACK), first.start)
    behind = _PER.match(text, last.end) if last.unit.dimension == "money" else None  # "1200元/晚以内"
    after = _WORDS.after.match(text, behind.end() if behind else last.end)
    unit = last.unit if second and last.unit is not BARE else first.unit
    low, high = first.low, last.high
    if second:
        low, high = _ends(first, second, unit)
    op = "between" if second or first.low != first.high else _op(before, after, first.rough)
    start = before.start() if before else first.start
    end = after.end() if after else last.end
    return Quantity(start, end, op, min(low, high), max(low, high), unit.dimension, unit.id, unit.factor, first.start)


def _ends(first: _Amount, second: _Amount, unit: Unit) -> tuple[float, float]:
    """Both ends in the base of the unit; "3-5百" and "1到2万" lend their scale to the first number."""
    low = first.low * (unit.factor if first.unit is BARE else 1.0)
    high = second.high * (unit.factor if second.unit is BARE else 1.0)
    scale = _SCALED.search(second.numeral)
    if scale and first.unit is BARE and not re.search(r"[十百千万kw]", first.numeral):
        times = _PLACE_OF[scale[0][0]]
        low = low * times if low * times < high else low
    return low, high


def _op(before: re.Match[str] | None, after: re.Match[str] | None, rough: bool) -> Op:
    for match in (after, before):
        for op in ("gte", "lte", "about"):
            if match and match[op]:
                return op
    return "about" if rough else "eq"


def said(quantity: Quantity) -> Quantity:
    """The same with low and high as the text says them, in its own unit."""
    return replace(quantity, low=quantity.low / quantity.factor, high=quantity.high / quantity.factor)
