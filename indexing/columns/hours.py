"""When is a place open? Each distinct OSM opening_hours text becomes the quarter hours of one reference week.

A moment that is asked for by its date is looked up on that very day where the week does not tell: on a public holiday
of the place's country, or in another season than that of the reference week (indexing/columns/dated.py).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
from opening_hours import OpeningHours, State, validate

from engine.types import F32, I8, I64, Mask, Verdict
from indexing.columns.bits import U64, Bits, Rows
from indexing.columns.dated import SLOTS_A_DAY, country_of, day_table, in_season, on_holidays, public_holiday
from indexing.columns.memo import Memo

DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SLOTS: Final = 7 * SLOTS_A_DAY  # quarter hours of a week
#: A day out, when no hours are said: what was open past midnight does not make a Saturday.
WAKING: Final = (6 * 60, 24 * 60)
#: A visit needs an hour of it open (or the whole window, where that is shorter).
VISIT_SLOTS: Final = 4
LATE: Final = 60  # minutes after midnight: "open late"

#: See Hours.week.
Week: TypeAlias = tuple[U64, I64]


@dataclass(frozen=True)
class Hours:
    """`code` int32[n] into the distinct texts (-1: none, or unreadable); open, maybe: bool[texts, 672].

    `monday`: the first day of the reference week that the tables are of. `filed`: the bits of the week as `week` makes
    them, when they are kept on disk.
    """

    code: npt.NDArray[np.int32]
    open: npt.NDArray[np.bool_]
    maybe: npt.NDArray[np.bool_]
    zones: Sequence[str]
    zone: npt.NDArray[np.int32]
    texts: Sequence[str] = ()
    monday: date = date.min
    filed: "Week | None" = None

    @staticmethod
    def of(texts: Sequence[str | None], zones: Sequence[str | None], week: datetime) -> "Hours":
        """The texts and time zones of all rows -> their table. `week`: any moment of the reference week."""
        known: dict[str, int] = {}
        weeks: list[tuple[Any, Any]] = []
        codes = [_code(text, known, weeks, week) for text in texts]
        names: dict[str, int] = {}
        zone = [names.setdefault(z, len(names)) if z else -1 for z in zones]
        table = np.array(weeks, bool).reshape(-1, 2, SLOTS)
        readable = tuple(text for text, code in known.items() if code >= 0)
        return Hours(
            np.array(codes, np.int32), table[:, 0], table[:, 1], tuple(names), np.array(zone, np.int32), readable,
            _monday(week),
        )  # fmt: skip

    @cached_property
    def _holiday_rules(self) -> Mask:
        """bool[texts + 1]: which texts speak of holidays; the last stands for none (older snapshots have no texts)."""
        return self._told(on_holidays)

    @cached_property
    def _seasonal(self) -> Mask:
        """bool[texts + 1]: which texts change over the year."""
        return self._told(in_season)

    def _told(self, test: Callable[[str], bool]) -> Mask:
        return np.array([*map(test, self.texts or [""] * len(self.open)), False])

    def open_at(self, rows: Rows, day: str, minute: int, on: date | None = None) -> I8:
        """Verdicts: open at a minute of a weekday; `on`: of that very date."""
        slot = minute // 15
        weekly = self._any(rows, [(DAYS.index(day) * SLOTS_A_DAY + slot) % SLOTS], 1)
        return weekly if on is None else self._on(rows, on, range(slot, slot + 1), 1, weekly)

    def open_now(self, rows: Rows, at: datetime, zone: str | None) -> I8:
        """Verdicts: open at an aware moment, each place by its own time zone, else by `zone`, else by that of `at`."""
        zones = self.zone[rows]
        out, numbers = np.zeros(len(zones), np.int8), np.arange(len(self.code))[rows]
        for code in np.unique(zones):
            here = zones == code
            out[here] = self.open_at(numbers[here], *self._moment(int(code), at, zone))
        return out

    def closing(self, rows: I64, at: datetime) -> F32:
        """Minutes from an aware moment on that each stays open for sure, 0 where it is not, a week at most; NaN without
        hours. By the ordinary week, each place by its own time zone, else by that of `at`."""
        out, codes, zones = np.full(len(rows), np.nan, np.float32), self.code[rows], self.zone[rows]
        for zone in np.unique(zones):
            here = np.flatnonzero((zones == zone) & (codes >= 0))
            day, minute, _ = self._moment(int(zone), at, None)
            slot = DAYS.index(day) * SLOTS_A_DAY + minute // 15
            out[here] = np.maximum(self._stretch[codes[here], slot] * 15.0 - minute % 15, 0)
        return out

    @cached_property
    def _stretch(self) -> npt.NDArray[np.int16]:
        """int16[texts, 672]: so many quarter hours without a gap, the one itself included, it is open from there on."""
        twice = np.concatenate([self.open, self.open], axis=1)
        left = np.zeros((len(twice), 2 * SLOTS + 1), np.int16)
        for slot in range(2 * SLOTS - 1, -1, -1):
            left[:, slot] = np.where(twice[:, slot], left[:, slot + 1] + 1, 0)
        return np.minimum(left[:, :SLOTS], SLOTS)

    def which_at(self, day: str, minute: int, on: date | None = None) -> Bits:
        """The rows that `open_at` gives as open: of the bits of the week, put right for what differs on the date."""
        slot = DAYS.index(day) * SLOTS_A_DAY + minute // 15
        return self._memo.get((slot, on), lambda: self._which_at(day, minute, on))

    def _which_at(self, day: str, minute: int, on: date | None) -> Bits:
        size = len(self.code)
        if on is None:
            return self._weekly((DAYS.index(day) * SLOTS_A_DAY + minute // 15) % SLOTS)
        special = np.flatnonzero(self._special(self.code, self.zone, on))
        if not len(special):
            return self.which_at(day, minute)
        good = special[self.open_at(special, day, minute, on) == Verdict.MET]
        return (self.which_at(day, minute) - Bits.of_rows(special, size)) | Bits.of_rows(good, size)

    def _weekly(self, slot: int) -> Bits:
        """The rows that are open for sure in a quarter hour of any week."""
        if self.filed is not None:
            sets, of_slot = self.filed
            return Bits(sets[of_slot[slot]], len(self.code))
        return Bits.of_mask(np.append(self.open[:, slot], False)[self.code])

    @cached_property
    def week(self) -> "Week":
        """(the different sets of open rows uint64[k, words], which of them holds in each quarter hour int64[672])."""
        known: dict[bytes, int] = {}
        of_slot = [known.setdefault(self.open[:, slot].tobytes(), slot) for slot in range(SLOTS)]
        first = sorted(set(of_slot))
        return np.stack([self._weekly(slot).words for slot in first]), np.searchsorted(first, of_slot).astype(np.int64)

    def which_now(self, at: datetime, zone: str | None) -> Bits:
        """The rows that `open_now` gives as open."""
        size, groups = len(self.code), self._by_zone.items()
        return Bits.union((self.which_at(*self._moment(code, at, zone)) & here for code, here in groups), size)

    def _moment(self, zone: int, at: datetime, other: str | None) -> tuple[str, int, date]:
        """(weekday, minute, date) of an aware moment by the clock of a zone (-1: none, then by that of `other`)."""
        name = self.zones[zone] if zone >= 0 else other
        local = at.astimezone(zone_of(name)) if name else at
        return DAYS[local.weekday()], local.hour * 60 + local.minute, local.date()

    @cached_property
    def _by_zone(self) -> dict[int, Bits]:
        """The rows of each zone that has any."""
        return {int(code): Bits.of_mask(self.zone == code) for code in np.unique(self.zone)}

    @cached_property
    def _memo(self) -> Memo[Bits]:
        """The rows open in the quarter hours that were asked for of late."""
        return Memo(each=len(self.code) // 8)

    def open_during(self, rows: Rows, days: Sequence[str] | Sequence[date], start: int | None, end: int | None) -> I8:
        """Verdicts: open for an hour (or the whole window, if shorter) on the weekdays or dates; LIKELY on some only.

        Minutes of the day; an end before the start lies on the next day. No window: the waking hours, 06:00-24:00.
        """
        lo = WAKING[0] if start is None else start
        hi = WAKING[1] if end is None else end
        hi = hi + 1440 if hi <= lo else hi
        slots = range(lo // 15, -(-hi // 15))
        enough = min(VISIT_SLOTS, len(slots))
        verdicts = []
        for day in days:
            weekday = DAYS.index(day) if isinstance(day, str) else day.weekday()
            weekly = self._any(rows, [(weekday * SLOTS_A_DAY + s) % SLOTS for s in slots], enough)
            verdicts.append(weekly if isinstance(day, str) else self._on(rows, day, slots, enough, weekly))
        return _days(verdicts, len(self.code[rows]))

    def _on(self, rows: Rows, day: date, slots: range, enough: int, weekly: I8) -> I8:
        """The weekly verdicts, put right where the date is none of an ordinary week; slots run into the day after."""
        codes, zones = self.code[rows], self.zone[rows]
        where = np.flatnonzero(self._special(codes, zones, day))
        if not len(where):
            return weekly
        out = weekly.copy()
        pairs, which = np.unique(np.stack([codes[where], zones[where]]), axis=1, return_inverse=True)
        tables = [day_table(self.texts[code], self._country(zone), day) for code, zone in pairs.T]
        counts = np.array([table[:, slots.start : slots.stop].sum(axis=1) for table in tables])
        out[where] = _verdicts(counts[:, 0], counts[:, 1], enough)[which.ravel()]
        return out

    def _special(self, codes: Any, zones: Any, day: date) -> Mask:
        """bool: of these texts and zones, where is the date none of an ordinary week?"""
        closed = np.array([public_holiday(self._country(z), day) for z in range(len(self.zones))] + [False])
        special = np.zeros(len(codes), bool)
        if closed.any() and self._holiday_rules.any():
            special |= self._holiday_rules[codes] & closed[zones]
        if self._seasonal.any() and not self.monday <= day < self.monday + timedelta(days=7):
            special |= self._seasonal[codes]
        return special

    def _country(self, zone: int) -> str | None:
        return country_of(self.zones[zone]) if zone >= 0 else None

    def always(self, rows: Rows) -> I8:
        """Verdicts: open round the clock."""
        return self._any(rows, range(SLOTS), SLOTS)

    def late(self, rows: Rows) -> I8:
        """Verdicts: open at one in the morning; LIKELY when not on every day."""
        return _days([self._any(rows, [d * SLOTS_A_DAY + LATE // 15], 1) for d in range(7)], len(self.code[rows]))

    def _any(self, rows: Rows, slots: Iterable[int], enough: int) -> I8:
        at, codes = np.fromiter(slots, np.int64), self.code[rows]
        if len(codes) < len(self.open):  # fewer rows than different hours: each by itself
            those = codes[:, None], at
            verdict = _verdicts(self.open[those].sum(axis=1), self.maybe[those].sum(axis=1), enough)
            verdict[codes < 0] = Verdict.UNKNOWN
            return verdict
        verdict = _verdicts(self.open[:, at].sum(axis=1), self.maybe[:, at].sum(axis=1), enough)
        verdict = np.append(verdict, Verdict.UNKNOWN).astype(np.int8)  # code -1 reads the last one
        return np.asarray(verdict[codes], np.int8)


def _verdicts(sure: I64, maybe: I64, enough: int) -> I8:
    """Of counts of quarter hours: open for sure in enough of them, perhaps, or not."""
    unsure = np.where(sure + maybe >= enough, Verdict.UNKNOWN, Verdict.CONTRADICTED)
    return np.where(sure >= enough, Verdict.MET, unsure).astype(np.int8)


def _days(verdicts: Sequence[I8], count: int) -> I8:
    """MET on every day is MET, on some LIKELY; else UNKNOWN on any day is UNKNOWN; else CONTRADICTED."""
    if not verdicts:
        return np.zeros(count, np.int8)
    stack = np.stack(verdicts)
    met, unknown = stack == Verdict.MET, (stack == Verdict.UNKNOWN).any(axis=0)
    none = np.where(unknown, Verdict.UNKNOWN, Verdict.CONTRADICTED)
    some = np.where(met.any(axis=0), Verdict.LIKELY, none)
    return np.where(met.all(axis=0), Verdict.MET, some).astype(np.int8)


def _code(text: str | None, known: dict[str, int], weeks: list[tuple[Any, Any]], week: datetime) -> int:
    if not text:
        return -1
    if text not in known:
        table = read_week(text, week)
        known[text] = -1 if table is None else len(weeks)
        if table is not None:
            weeks.append(table)
    return known[text]


def read_week(text: str, week: datetime) -> tuple[Any, Any] | None:
    """(open, maybe) bool[672] from Monday 00:00 of the week of `week`; None when the text cannot be read.

    A quarter hour counts as open when its first minute does.
    """
    if not validate(text):
        return None
    hours = OpeningHours(text, auto_country=False, auto_timezone=False)
    monday = datetime.combine(_monday(week), datetime.min.time())
    table = np.zeros((2, SLOTS), bool)
    for start, end, state, _ in hours.intervals(monday, monday + timedelta(days=7)):
        if state == State.CLOSED:
            continue
        first = -(-_minutes(start - monday) // 15)
        last = SLOTS if end is None else -(-_minutes(end - monday) // 15)
        table[0 if state == State.OPEN else 1, max(first, 0) : last] = True
    return table[0], table[1]


def _monday(week: datetime) -> date:
    return week.date() - timedelta(days=week.weekday())


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


@cache
def zone_of(name: str) -> ZoneInfo:
    """A time zone by its IANA name; UTC when the name is not one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
