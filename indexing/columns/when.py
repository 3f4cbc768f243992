"""When is a row open, and of when is it? The slots about time: opening hours, dates, seasons, recency."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

import numpy as np

from engine.types import Constraint, Verdict
from indexing.columns.bits import Bits, Rows
from indexing.columns.data import Columns
from indexing.columns.hours import DAYS
from indexing.columns.judgement import ByRow, Judgement, Sets, Unheard
from indexing.columns.ranges import within
from indexing.columns.verdicts import Ruling
from indexing.columns.words import Naming

#: Longer ranges are judged by weekdays: which of sixty days was meant nobody says.
LONGEST_BY_DATE: Final = 10
_EPOCH: Final = date(1970, 1, 1)
_SEASONS: Final[Mapping[str, tuple[int, ...]]] = {
    "spring": (3, 4, 5),
    "summer": (6, 7, 8),
    "autumn": (9, 10, 11),
    "winter": (12, 1, 2),
}


def recency(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """Published on or after the day."""
    published, day = columns.numbers["published"], (date.fromisoformat(str(c.value)[:10]) - _EPOCH).days

    def look(rows: Rows) -> Ruling:
        return Ruling.where(within(published[rows], "gte", day), ~np.isnan(published[rows]))

    return ByRow(look, partial(columns.orders["published"].between, day, np.inf))


def opening(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """Open at a moment, round the clock, late, or during a window (see indexing/columns/hours.py)."""
    hours, value, assume = columns.hours, c.value, c.assume or {}
    if value == "24_7":
        return ByRow(lambda rows: Ruling.of(hours.always(rows)))
    if value == "late":
        return ByRow(lambda rows: Ruling.of(hours.late(rows)))
    if c.op == "open_during":
        days = value.get("days") or DAYS
        return ByRow(lambda rows: Ruling.of(hours.open_during(rows, days, value.get("from"), value.get("to"))))
    if value == "now" and assume.get("at"):
        at, zone = datetime.fromisoformat(str(assume["at"])), assume.get("tz")
        return ByRow(lambda rows: Ruling.of(hours.open_now(rows, at, zone)), lambda: hours.which_now(at, zone))
    moment = value if isinstance(value, Mapping) else assume
    if "day" not in moment:
        return Unheard(columns.count)
    on = date.fromisoformat(str(assume["date"])[:10]) if assume.get("date") else None
    day, minute = str(moment["day"]), int(moment["minute"])
    return ByRow(lambda rows: Ruling.of(hours.open_at(rows, day, minute, on)), lambda: hours.which_at(day, minute, on))


def calendar(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """Open on a day of the range, in the part of the day that assume names; without hours UNKNOWN, and kept."""
    days, (start, end) = _dates(c.value), (c.assume or {}).get("minutes") or (None, None)
    return ByRow(lambda rows: replace(Ruling.of(columns.hours.open_during(rows, days, start, end)), lenient=True))


def _dates(span: Mapping[str, Any]) -> list[date] | list[str]:
    """The days of a range, those of the named weekdays alone; of a long one the weekdays, as in any week."""
    first, last = (date.fromisoformat(str(span[end])[:10]) for end in ("from", "to"))
    count = max((last - first).days + 1, 1)
    wanted = span.get("days") or DAYS
    days = [first + timedelta(days=n) for n in range(min(count, LONGEST_BY_DATE))]
    return [d for d in days if DAYS[d.weekday()] in wanted] if count <= LONGEST_BY_DATE else list(wanted)


def season(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """An attribute for places; a note written in the season is LIKELY about it."""
    months = c.value["months"] if isinstance(c.value, Mapping) else _SEASONS.get(str(c.value), ())
    seasons = [s for s, of in _SEASONS.items() if set(of) & set(months)]
    yes, published = columns.tags["has"].carrying([*seasons, str(c.value)]), columns.numbers["published"]
    if columns.kind != "note":
        return Sets(yes, Bits.none(columns.count))

    def look(rows: Rows) -> Ruling:
        days = np.nan_to_num(published[rows]).astype("datetime64[D]")
        month = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
        written = np.where(np.isin(month, months) & ~np.isnan(published[rows]), Verdict.LIKELY, Verdict.UNKNOWN)
        return Ruling.of(np.where(yes.at(rows), Verdict.MET, written))

    return ByRow(look)
