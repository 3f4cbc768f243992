"""When: opening times, days, dates and seasons that a text names.

Words (timewords.py), dates (dates.py) and clock times (clocks.py) become tokens; tokens that stand together make one
phrase ("下周六 下午 三点 开门"); a phrase says one thing about time.
"""

import itertools
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from msgspec.structs import replace

from engine.understand.clocks import CLOCKS, Clock, clocks
from engine.understand.dates import DATES, coming, dates, of_week
from engine.understand.holidays import Dates, made_up
from engine.understand.patterns import Lazy, gated
from engine.understand.phrases import table
from engine.understand.pieces import Piece, Reading, signs
from engine.understand.timewords import DAYS, FILE, Token, tokens

__all__ = ["DAYS", "when"]

GATE: Final = signs("times") | DATES.mask | CLOCKS.mask
#: "After eleven": open a while beyond it, in minutes; after midnight a full hour, as "late" means one in the morning.
AFTER: Final = 30
AFTER_MIDNIGHT: Final = 60
MIDNIGHT: Final = 1439
#: Open until a time: open a quarter of an hour before it.
BEFORE: Final = 15
#: Open late on a named day: half an hour before midnight.
LATE_THAT_DAY: Final = 1410
_GLUE: Final = Lazy(
    r"[ ,，]*(?:的|就|都|还|也|能|可以|可|要|是|在|去|期间|当天|那天|左右|on|at|in|the|of|from|for"
    r"|around|about|and|is|are|that's"
    r"|which|late|brunch|lunch|dinner|breakfast|drinks|吃饭?|,| )*[ ,]*"
)
_TO: Final = Lazy(r" ?(?:到|至|-|~|to|through|thru|till|until) ?")
_AND: Final = Lazy(r" ?(?:和|、|或者?|与|/|,|&|and|or|以及|跟) ?")
_TIMES: Final = frozenset({"day", "date", "part", "clock", "verb", "open"})
_SAY: Final = {"late_soft": ("late", "soft")}
_MORNING: Final = gated(r"breakfast|brunch|早餐|早饭|早茶|早午餐|晨|coffee|morning")
_MORNING_FROM: Final = 7 * 60  # "at 8" is the morning, "at 6" the evening, unless breakfast or dinner is spoken of
_MEAL_BETWEEN: Final = gated(r"brunch|lunch|dinner|breakfast|drinks|吃")
#: "dinner at 7": a time, though no day and no opening is spoken of.
_MEAL: Final = gated(r"(?:dinner|lunch|brunch|breakfast|supper|drinks|coffee|tea)(?: is)? $")
_EVENING: Final = gated(r"dinner|supper|晚餐|晚饭|\bbars?\b|\bpubs?\b|酒吧|cocktail|night|夜")


def when(reading: Reading) -> list[Piece]:
    """Pieces about time; relative dates are counted from reading.now."""
    text = reading.text
    words = tokens(reading.words.times)
    today = reading.now.date()
    found = [t for t in words if t.kind not in ("relative", "stretch", "holiday")] + dates(text, words, today)
    found += [Token(c.start, c.end, "clock", c) for c in clocks(text)]
    if not found:
        return []
    found = _apart(found)
    books = any(t.kind == "verb" and t.value == "book" for t in words)
    pieces = [_season(t) for t in found if t.kind == "season"]
    for phrase in _phrases(text, [t for t in found if t.kind in _TIMES]):
        pieces += _Phrase(phrase, text, today, books).pieces()
    return pieces


def _season(token: Token) -> Piece:
    return Piece(token.start, token.end, "time.season", "in", token.value, "soft", rule="when.season", rank=3)


def _apart(tokens: Iterable[Token]) -> list[Token]:
    """Of tokens that overlap a clock stays, then the longer; in order of the text."""
    kept: list[Token] = []
    times = [t for t in tokens if t.kind == "clock"]
    for found in sorted(tokens, key=lambda t: (t.kind != "clock", t.start - t.end, t.start)):
        hour = next((c for c in times if found.start < c.start < found.end and found.kind == "date"), None)
        token = replace(found, end=hour.start) if hour else found  # "明天晚上" of "明天晚上七点"
        if all(token.end <= k.start or k.end <= token.start for k in kept):
            kept.append(token)
    return sorted(kept, key=lambda t: t.start)


def _phrases(text: str, tokens: Sequence[Token]) -> list[list[Token]]:
    """Tokens with nothing but glue between them belong together."""
    phrases: list[list[Token]] = []
    for token in tokens:
        if phrases and _together(text, phrases[-1], token):
            phrases[-1].append(token)
        else:
            phrases.append([token])
    return phrases


def _together(text: str, phrase: Sequence[Token], token: Token) -> bool:
    last = phrase[-1]
    gap = text[last.end : token.start]
    if last.kind == token.kind == "day" and (_TO.fullmatch(gap) or _AND.fullmatch(gap) or not gap.strip()):
        return True
    if token.kind == last.kind != "verb" or (token.kind == "date" and any(t.kind == "date" for t in phrase)):
        return False
    return len(gap) <= 10 and bool(_GLUE.fullmatch(gap))


class _Phrase:
    """Tokens of one phrase, sorted by what they say."""

    def __init__(self, tokens: Sequence[Token], text: str, today: date, books: bool) -> None:
        """`books`: a booking is spoken of somewhere in the text."""
        self.text, self.today, self.books = text, today, books
        of = {kind: [t for t in tokens if t.kind == kind] for kind in _TIMES}
        self.tokens = [t for t in tokens if t.kind != "verb" or t.value != "book"]
        self.opens = any(t.value == "open" for t in of["verb"])
        self.shut = any(t.value == "shut" for t in of["verb"]) and not self.opens
        self.closes = any(t.value == "close" for t in of["verb"])
        self.said: list[Token] = of["open"]
        self.clock: Clock | None = of["clock"][0].value if of["clock"] else None
        self.part: str | None = of["part"][0].value if of["part"] else None
        self.dates: Dates | None = of["date"][0].value if of["date"] else None
        self.days, self.week = _days(text, of["day"])
        if self.days and self.week is not None and self.dates is None:
            self.dates = of_week(self.days, self.week, today)
        elif len(self.days) > 1 and self.dates and self.dates.first == self.dates.last:  # "the weekend of Dec 12"
            self.dates = of_week(self.days, 0, self.dates.first)
        self.start = min((t.start for t in self.tokens), default=0)
        for before, token in itertools.pairwise(self.tokens):
            if _MEAL_BETWEEN.search(text, before.end, token.start):  # "Sunday brunch at 11": the meal is read by others
                self.start = token.start
        self.end = max((t.end for t in self.tokens), default=0)

    def pieces(self) -> list[Piece]:
        """What the phrase says: an opening time of its own, a moment, a part of days, or days."""
        if self.said:
            return [self._standing(token) for token in self.said]
        if self.clock and (piece := self._at_clock(self.clock)):
            return [piece]
        if self.part and (piece := self._in_part(self.part)):
            return [piece]
        if self.dates:
            return [self._on_dates(self.dates)]
        daily = len(self.days) == len(DAYS) and not self.opens  # "每天": of what one does, not of a place
        return [self._on_days()] if self.days and not daily else []

    def _standing(self, token: Token) -> Piece:
        value, hardness = _SAY.get(token.value, (token.value, "hard"))
        day = self._day()
        if value == "late" and day and hardness == "hard":
            moment = {"day": day, "minute": LATE_THAT_DAY}
            return self._piece("time.open", "open_at", moment, rule="when.late", assume=self._date())
        return Piece(token.start, token.end, "time.open", "open_at", value, hardness, rule=f"when.{value}", rank=3)

    def _at_clock(self, clock: Clock) -> Piece | None:
        """A time of the day, on a day if one is named; None when the number may be something else."""
        near_verb = self.opens or self.closes or _MEAL.search(self.text, max(0, clock.start - 10), clock.start)
        told = clock.sure or (clock.relation and not clock.bare)
        if not (told or near_verb or self.days or self.dates or self.part):
            return None
        minute = self._whole_day(clock, clock.minute)
        if clock.to is not None:
            return self._window(minute, self._whole_day(clock, clock.to), "hard")
        day = self._day()
        if minute == MIDNIGHT and clock.relation == "after":
            if day is None:
                return self._piece("time.open", "open_at", "late", rule="when.late")
            minute = 1440
        if clock.relation == "after":
            minute += AFTER if minute < 1410 else AFTER_MIDNIGHT
        elif clock.relation == "until":
            minute = (minute + 1440 if minute <= 360 else minute) - BEFORE
        elif clock.relation == "before" and self.opens:
            minute = max(minute - BEFORE, 0)
        if len(self.days) > 1 and not day:
            return self._window(minute, minute + BEFORE, "hard")
        if day and minute >= 1440:  # the night after
            day = DAYS[(DAYS.index(day) + 1) % 7]
        value = {"day": day, "minute": minute % 1440} if day else {"minute": minute % 1440}
        return self._piece("time.open", "open_at", value, rule="when.clock", assume=self._date())

    def _whole_day(self, clock: Clock, minute: int) -> int:
        """Which half of the day a vague hour lies in, by the part of the day or what is spoken of."""
        if not clock.vague or minute >= 720:
            return minute
        if clock.relation == "until" and minute < 360:
            return minute
        span = table(FILE)["part"][self.part]["span"] if self.part else self.dates.minutes if self.dates else None
        if span:
            return minute + 720 if span[0] >= 720 - 60 and minute + 720 < span[1] + 180 else minute
        early = minute >= _MORNING_FROM or _MORNING.search(self.text)
        return minute if early and not _EVENING.search(self.text) else minute + 720

    def _in_part(self, name: str) -> Piece | None:
        """A part of a day: with an opening verb its middle must be open; else an hour of it."""
        part = table(FILE)["part"][name]
        low, high = part["span"]
        day = self._day()
        if self.dates and not (self.opens and day):
            return self._on_dates(self.dates, (low, high))
        if self.opens and day:
            moment = {"day": day, "minute": part["at"]}
            return self._piece("time.open", "open_at", moment, rule="when.part", assume=self._date())
        if self.days or self.opens or name == "after_work":
            firm = self.opens or (bool(self.days) and self.books)
            return self._window(low, high, "hard" if firm else "soft")
        return None

    def _window(self, low: int, high: int, hardness: str) -> Piece:
        """Open during [low, high) on the days named; on today's weekday for dates, on any when none is named."""
        day = self._day()
        days = [day] if day else list(self.days or DAYS)
        value = {"days": days, "from": low, "to": high}
        return self._piece("time.open", "open_during", value, hardness, rule="when.window", assume=self._date())

    def _on_days(self) -> Piece:
        """Named days ask for places that open then, or do not; one that is booked is a date."""
        if len(self.days) == 1 and not self.opens and self.books:
            return self._on_dates(coming(self.days[0], self.today))
        hardness = "hard" if self.opens or self.shut else "soft"
        piece = self._piece("time.open", "open_during", {"days": list(self.days)}, hardness, rule="when.days")
        piece.polarity = -1 if self.shut else 1  # "周一闭馆的博物馆"
        return piece

    def _on_dates(self, found: Dates, minutes: tuple[int, int] | None = None) -> Piece:
        value: dict[str, Any] = {"from": found.first.isoformat(), "to": found.last.isoformat()}
        if found.days:
            value["days"] = list(found.days)
        assume = dict(found.assume)
        if window := minutes or found.minutes:
            assume["minutes"] = list(window)
        if found.first == found.last and found.first.weekday() >= 5 and made_up(found.first):
            assume["working_day"] = "to make up for a holiday (China)"
        hardness = "soft" if found.loose else "hard"
        piece = self._piece("time.when", "in", value, hardness, rule="when.date", assume=assume or None)
        piece.label = _label(found)
        return piece

    def _day(self) -> str | None:
        """The one weekday that is meant, if one is."""
        if self.dates:
            single = self.dates.first == self.dates.last
            return DAYS[self.dates.first.weekday()] if single else None
        return self.days[0] if len(self.days) == 1 else None

    def _date(self) -> dict[str, Any] | None:
        """The date behind a weekday, where one was named."""
        if self.dates and self.dates.first == self.dates.last:
            return {"date": self.dates.first.isoformat()}
        return None

    def _piece(
        self,
        slot: str,
        op: str,
        value: Any,
        hardness: str = "hard",
        rule: str = "",
        assume: dict[str, Any] | None = None,
    ) -> Piece:
        return Piece(self.start, self.end, slot, op, value, hardness, assume=assume, rule=rule, rank=3)  # type: ignore[arg-type]


def _label(found: Dates) -> dict[str, str]:
    """What a chip says: the day, or the first and the last one."""
    days = list(dict.fromkeys((found.first, found.last)))
    return {
        "zh": "–".join(f"{d.month}月{d.day}日" for d in days),
        "en": " – ".join(f"{d.day} {d:%b}" for d in days),
    }


def _days(text: str, tokens: Sequence[Token]) -> tuple[tuple[str, ...], int | None]:
    """Weekdays of a phrase, ranges filled in ("周一到周五"), and the week they are in, if one is named."""
    days: list[str] = []
    for place, token in enumerate(tokens):
        named = list(token.value[0])
        if place and _TO.fullmatch(text, tokens[place - 1].end, token.start):
            first = DAYS.index(days[-1])
            named = [DAYS[(first + n) % 7] for n in range((DAYS.index(named[0]) - first) % 7 + 1)]
        days += [day for day in named if day not in days]
    return tuple(days), next((t.value[1] for t in tokens if t.value[1] is not None), None)
