"""How can a day be spent? Good places in an order that can be walked, each open when it is reached, within the time.

Step by step the place that is worth most for its way is taken: its score against the minutes to it. A place is left
out when it is closed for any part of the visit, or when the visit would end too late.
"""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from engine.fuse import normalised
from engine.geo import distance_km
from engine.ports import Index
from engine.types import F32, F64, KINDS, Candidates, Constraint, Intent, Mask, Query, Verdict
from engine.understand.timewords import DAYS

#: Places that are looked at; stops of a day; a day's first and last minute; minutes of a visit when nobody says.
REACH, STOPS, BEGIN, END, STAY = 60, 7, 9 * 60, 21 * 60, 75
MOST_DAYS: Final = 5
DAY: Final = 24 * 60
#: How fast one gets about, with waiting: km a minute, and minutes on top of each way.
SPEED, WAIT = 0.25, 8.0
#: So many minutes of way weigh as much as the whole range of scores.
WAY: Final = 90.0
ALIKE: Final = 0.15  # what another stop of a category that was seen already is worth less


class Stop(NamedTuple):
    """`at`: which of the places; minutes since midnight of its day."""

    at: int
    arrive: int
    leave: int
    travel: int


class Places:
    """The places that a route may hold, as parallel columns."""

    def __init__(self, index: Index, query: Query, candidates: Candidates, scores: F32) -> None:
        mine = np.flatnonzero((candidates.kind == KINDS.index("poi")) & (candidates.relax_level == 0))
        mine = mine[np.argsort(-scores[mine], kind="stable")[:REACH]]
        self.index, self.tenant, self.rows = index, query.tenant, candidates.row[mine]
        self.worth: F64 = normalised(scores[mine].astype(np.float64))
        self.items = index.items(query.tenant, "poi", self.rows)
        lat, lon = (index.column(query.tenant, "poi", axis, self.rows) for axis in ("lat", "lon"))
        self.lat, self.lon = np.asarray(lat, np.float64), np.asarray(lon, np.float64)
        self._open: dict[tuple[str, int], Mask] = {}  # by day and quarter of an hour, as hours are kept
        self.stay = np.array([_stay(item.get("visit_minutes")) for item in self.items], np.int64)

    def open(self, at: int, day: str, minute: int) -> bool:
        """Is it open then? What says nothing of its hours is not known to be."""
        quarter = (day, minute - minute % 15)
        known = self._open.get(quarter)
        if known is None:
            wish = Constraint("time.open", "open_at", {"day": day, "minute": quarter[1]})
            judged = self.index.judge(self.tenant, "poi", wish, self.rows)
            known = self._open[quarter] = np.asarray(judged.verdict >= Verdict.LIKELY, np.bool_)
        return bool(known[at])

    def minutes(self, a: int, b: int) -> int:
        """The way from one to another."""
        km = float(distance_km(self.lat[a], self.lon[a], self.lat[b], self.lon[b]))
        return int(np.ceil(km / SPEED + WAIT)) if np.isfinite(km) else DAY


def routed(
    index: Index, query: Query, intent: Intent, candidates: Candidates, scores: F32, at: datetime
) -> dict[str, Any] | None:
    """The route, day by day; None when no place is known to be open then."""
    places, minutes = Places(index, query, candidates, scores), _minutes(intent)
    first, begin, latest = _window(intent, _there(places, at))
    days, used = [], set[int]()
    for number in range(min(MOST_DAYS, max(1, -(-minutes // DAY)))):
        when = first + timedelta(days=number)
        end = min(begin + minutes, latest or DAY) if minutes < DAY else latest or END
        stops = day_of(places, DAYS[when.weekday()], begin, end, used)
        if stops:
            used |= {stop.at for stop in stops}
            days.append({"date": when.date().isoformat(), "stops": [_told(places, stop) for stop in stops]})
    return {"type": "route", "minutes": minutes, "days": days} if days else None


def day_of(places: Places, day: str, begin: int, end: int, used: set[int]) -> list[Stop]:
    """Stops of one day, each open from arrival to leaving, the last one left by `end`."""
    stops: list[Stop] = []
    left = [at for at in range(len(places.rows)) if at not in used]
    now = begin
    while len(stops) < STOPS:
        fits = [stop for at in left if (stop := _visit(places, stops, at, now, day, end)) is not None]
        if not fits:
            break
        seen = [places.items[stop.at].get("category") for stop in stops]
        best = max(fits, key=lambda s: _gain(places, s, seen.count(places.items[s.at].get("category"))))
        stops.append(best)
        left.remove(best.at)
        now = best.leave
    return stops


def _visit(places: Places, stops: Sequence[Stop], at: int, now: int, day: str, end: int) -> Stop | None:
    travel = places.minutes(stops[-1].at, at) if stops else 0
    arrive = now + travel
    leave = arrive + int(places.stay[at])
    if leave > min(end, DAY):
        return None
    if not (places.open(at, day, arrive) and places.open(at, day, leave - 1)):
        return None
    return Stop(at, arrive, leave, travel)


def _gain(places: Places, stop: Stop, alike: int) -> float:
    return float(places.worth[stop.at]) - stop.travel / WAY - ALIKE * alike


def _minutes(intent: Intent) -> int:
    """How long it may take: as said, else a day."""
    for c in intent.constraints:
        if c.slot == "duration" and c.polarity > 0:
            value = c.value[-1] if isinstance(c.value, list | tuple) else c.value
            return max(60, int(value)) if isinstance(value, int | float) else DAY
    return DAY


def _window(intent: Intent, at: datetime) -> tuple[datetime, int, int | None]:
    """The day, its first minute and its last (None: not said): those asked for; else the next morning's."""
    for c in intent.constraints:
        if c.slot == "time.open" and isinstance(c.value, Mapping) and "minute" in c.value:
            return _next(at, {str(c.value.get("day", DAYS[at.weekday()]))}), int(c.value["minute"]), None
    for c in intent.constraints:
        if c.slot in ("time.open", "time.when") and c.polarity > 0 and isinstance(c.value, Mapping):
            begin, latest = _part(c)
            first = _date(c.value.get("from"), _soon(at, begin))
            return _next(first, set(map(str, c.value.get("days") or ()))), begin, latest
    return _soon(at, BEGIN), BEGIN, None


def _part(c: Constraint) -> tuple[int, int | None]:
    """The part of the day that a constraint names, but not before a day begins; (BEGIN, None) when it names none."""
    said = (c.value.get("from"), c.value.get("to")) if c.slot == "time.open" else (c.assume or {}).get("minutes")
    low, high = said or (None, None)
    if not isinstance(low, int) or not isinstance(high, int):
        return BEGIN, None
    return max(low, BEGIN) if high > BEGIN else low, min(high, DAY)


def _soon(at: datetime, begin: int) -> datetime:
    """Today, when that minute of it is still to come; else tomorrow."""
    return at if at.hour * 60 + at.minute <= begin else at + timedelta(days=1)


def _next(at: datetime, days: Set[str]) -> datetime:
    """The first time from `at` on that is on one of these days (MO to SU); `at` itself for none that is known."""
    ahead = [(DAYS.index(day) - at.weekday()) % 7 for day in days if day in DAYS]
    return at + timedelta(days=min(ahead, default=0))


def _date(said: Any, soon: datetime) -> datetime:
    """A date that was asked for, unless it is before what can be reached, or no date."""
    try:
        return max(soon, datetime.combine(date.fromisoformat(str(said)), soon.timetz()))
    except ValueError:
        return soon


def _there(places: Places, at: datetime) -> datetime:
    """The time where most of the places are."""
    zones = Counter(str(item["tz"]) for item in places.items if item.get("tz"))
    return at.astimezone(ZoneInfo(zones.most_common(1)[0][0])) if zones else at


def _stay(visit: Any) -> int:
    """Between the shortest and the longest usual visit, nearer to the shortest."""
    if not visit:
        return STAY
    return int(visit[0] + (visit[-1] - visit[0]) / 4)


def _told(places: Places, stop: Stop) -> dict[str, Any]:
    item = places.items[stop.at]
    return {
        "id": item["id"],
        "name": item.get("name"),
        "arrive": _clock(stop.arrive),
        "leave": _clock(stop.leave),
        "travel_minutes": stop.travel,
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
