"""What had people done until a moment? Events with the questions they followed, counted and told by person.

The server counts what its store holds every hour; training makes pages again with what was known when they were shown.
Both by engine.counts.count, and by nothing later than the moment.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from api.layout import Layout
from engine.counts import DAY_S, WINDOWS, Counts, Event, count, grouped, hour_before
from engine.feed.placed import Placed
from engine.known import Known
from engine.ports import Index
from engine.types import NOBODY, Profile
from indexing.ingest import read_table
from indexing.ledger import Ledger
from indexing.moderation import Moderation
from indexing.store import SqliteStore
from ranking.impressions import moment


def counted(layout: Layout, store: SqliteStore, ledger: Ledger, index: Index, tenant: str, at: float) -> Counts:
    """What is known at a moment, as the server uses it: of ingested events and of those that the store took."""
    until = hour_before(at)
    since, asked = until - WINDOWS[-1] * DAY_S, ledger.questions(tenant)
    deeds = [*_ingested(layout.tables(tenant) / "event.parquet"), *store.done(tenant, since, until)]
    counts = count(((item, action, at, asked.get(page, ""), page) for item, action, at, page in deeds), until)
    reports = Moderation(layout.store, store.clock).report_rates(tenant)
    return replace(counts, together=together(counts, index, tenant), reports=reports)


def together(counts: Counts, index: Index, tenant: str) -> dict[str, dict[str, float]]:
    """Click rates by the texts that items share, of those that are in the index."""

    placed = Placed.of(index, tenant, counts.rows)

    def texts(column: str, ids: Iterable[str]) -> list[str | None]:
        told = dict(zip(placed.ids, placed.texts(column), strict=True))
        return [told.get(name) for name in ids]

    return grouped(counts, texts)


def _ingested(table: Path) -> list[tuple[str, str, int, str]]:
    """(item, action, seconds since 1970, page) of an events table; nothing where there is none."""
    if not table.exists():
        return []
    read = read_table(table, "event")
    seconds = read.column("at").cast("int64").to_pylist()
    columns = (read.column(name).to_pylist() for name in ("object_id", "action"))
    pages = (page or "" for page in read.column("query_id").to_pylist())
    return list(zip(*columns, seconds, pages, strict=True))


class History:
    """Events of the past, to look at as they stood at any moment of it."""

    def __init__(self, events: Iterable[Mapping[str, Any]], asked: Mapping[str, str] | None = None) -> None:
        """`events` as ranking.impressions.join takes them; `asked`: page -> its question, where it is known."""
        told = sorted(events, key=lambda event: moment(event["at"]))
        questions = asked or {}
        self._deeds: list[Event] = []
        self._of: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
        self._user: dict[str, str] = {}
        for event in told:
            at, page = int(moment(event["at"]).timestamp()), str(event.get("query_id") or "")
            self._deeds.append((event["object_id"], event["action"], at, questions.get(page, ""), page))
            self._of[event["user_id"]].append((event["object_id"], event["action"], at))
            self._user[page] = event["user_id"]
        self._times = [deed[2] for deed in self._deeds]
        self._counts = lru_cache(maxsize=8)(self._counted)

    def known(self, page: str, at: float) -> Known:
        """What was known when a page was shown: of everybody until the hour before, of its reader until then."""
        user = self._user.get(page, "")
        deeds = self._of.get(user, [])
        before = deeds[: bisect_left([deed[2] for deed in deeds], int(at))]
        person = Profile(user, deeds=tuple(reversed(before))) if user else NOBODY
        return Known(at, person, self.counts(at))

    def counts(self, at: float) -> Counts:
        """What was known of everybody at a moment."""
        return self._counts(hour_before(at))

    def _counted(self, until: int) -> Counts:
        first, last = (bisect_left(self._times, time) for time in (until - WINDOWS[-1] * DAY_S, until))
        return count(self._deeds[first:last], until)
