"""What do feeds remember? Lists being paged through, how people steer, and what many turn to: in the live store.

Lists are written without waiting for the device: a crash of the process loses none, one of the machine the last.
"""

import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from engine.feed.book import Card, Listed, Trends
from indexing.places import Place
from indexing.store_schema import RESET, connect, transaction
from indexing.tastes import HIDING, TasteSettings
from indexing.tenants import check_tenant

#: So long, and so many of a tenant, lists are kept; how many are opened between two looks at which are too old.
KEPT, MOST, SWEPT = timedelta(hours=12), 20_000, 256
#: What is done counts half after so long; what is older than twice that in days is not read. So many people at least
#: must have turned to an item before anybody is told: none can be recognised by it.
HALF, READ, PEOPLE = timedelta(days=2), timedelta(days=14), 3

_STEER: Final = "INSERT INTO steering VALUES (?, ?, ?, ?)"
_listed: Final = msgspec.msgpack.Decoder(Listed)


class FeedBook:
    """A FeedBook (engine/feed/book.py) over the file of a live store that is open already. Safe for many threads."""

    def __init__(self, path: Place, clock: Callable[[], datetime], tastes: TasteSettings | None = None) -> None:
        self._clock, self._tastes = clock, tastes or TasteSettings()
        self._lock, self._opened = threading.Lock(), 0
        self._base = connect(path)
        self._base.execute("PRAGMA synchronous=NORMAL")

    def close(self) -> None:
        """No call may follow."""
        with self._lock:
            self._base.close()

    def open_list(self, tenant: str, listed: Listed) -> str:
        """Keep a new list; -> the id by which it goes on."""
        list_id = secrets.token_hex(12)
        row = (check_tenant(tenant), list_id, listed.user, self._now(), msgspec.msgpack.encode(listed))
        with self._writing() as base:
            base.execute("INSERT INTO feeds VALUES (?, ?, ?, ?, ?)", row)
            self._opened += 1
            if self._opened % SWEPT == 1:
                self._sweep(tenant)
        return list_id

    def _sweep(self, tenant: str) -> None:
        self._base.execute("DELETE FROM feeds WHERE at < ?", (self._now() - int(KEPT.total_seconds()),))
        self._base.execute(
            "DELETE FROM feeds WHERE tenant = ? AND id IN (SELECT id FROM feeds WHERE tenant = ? ORDER BY at DESC, id "
            "LIMIT -1 OFFSET ?)",
            (tenant, tenant, MOST),
        )

    def read_list(self, tenant: str, list_id: str) -> Listed | None:
        """A list; None when it is too old, or never was."""
        found = self._read(
            "SELECT body FROM feeds WHERE tenant = ? AND id = ? AND at >= ?",
            (check_tenant(tenant), list_id, self._now() - int(KEPT.total_seconds())),
        )
        return _listed.decode(found[0][0]) if found else None

    def go_on(self, tenant: str, list_id: str, offset: int, cards: Sequence[Card]) -> tuple[Card, ...]:
        """Add cards from `offset` on; -> those that stand there now: others, when another request was first."""
        who = (check_tenant(tenant), list_id)
        with self._writing() as base:
            held = base.execute("SELECT body FROM feeds WHERE tenant = ? AND id = ?", who).fetchone()
            if held is None:
                return tuple(cards)
            known = _listed.decode(held[0])
            if len(known.cards) == offset:
                known = replace(known, cards=(*known.cards, *cards))
                body = msgspec.msgpack.encode(known)
                base.execute("UPDATE feeds SET body = ? WHERE tenant = ? AND id = ?", (body, *who))
            return known.cards[offset : offset + len(cards)]

    def reset(self, tenant: str, user: str) -> None:
        """From now on nothing done before says what a person likes; what was hidden stays away, and seen is seen."""
        who = (check_tenant(tenant), user)
        with self._writing() as base:
            for table in ("interests", "steering", "feeds"):
                base.execute(f"DELETE FROM {table} WHERE tenant = ? AND user_id = ?", who)
            base.execute(_STEER, (*who, RESET, self._now()))

    def remove(self, tenant: str, user: str, name: str) -> None:
        """Take away something that was learnt of a person (engine/feed/learnt.py: keys)."""
        with self._writing() as base:
            row = (check_tenant(tenant), user, name, self._now())
            base.execute(f"{_STEER} ON CONFLICT (tenant, user_id, name) DO UPDATE SET at = excluded.at", row)

    def export(self, tenant: str, user: str) -> dict[str, list[dict[str, Any]]]:
        """All that the store keeps of a person, table by table."""
        who = (check_tenant(tenant), user)
        tables = {
            "events": "SELECT at, action, object_id, query_id, session_id, position FROM events",
            "interests": "SELECT name FROM interests",
            "queries": "SELECT at, query, found, gave_way FROM asked",
            "steering": "SELECT at, name FROM steering",
            "pages": "SELECT at, query_id FROM served",
            "lists": "SELECT at, id FROM feeds",
            "reports": "SELECT at, id, reason, text FROM reports",
        }
        return {name: self._told(f"{said} WHERE tenant = ? AND user_id = ?", who) for name, said in tables.items()}

    def trends(self, tenant: str) -> Trends:
        """What many turned to within READ, each person once for an item, by the most they did; and what was seen."""
        now, half = self._now(), HALF.total_seconds()
        since = now - int(READ.total_seconds())
        people: dict[str, dict[str, float]] = defaultdict(dict)
        shown: dict[str, int] = {}
        for item, user, action, at in self._read(
            "SELECT object_id, user_id, action, max(at) FROM events INDEXED BY events_by_time "
            "WHERE tenant = ? AND at >= ? AND at <= ? GROUP BY object_id, user_id, action",
            (check_tenant(tenant), since, now),
        ):
            if action == "impression":
                shown[item] = shown.get(item, 0) + 1
            elif action not in HIDING:
                worth = self._tastes.gains.get(action, 0.0) ** 0.5 * 0.5 ** ((now - at) / half)
                people[item][user] = max(people[item].get(user, 0.0), worth)
        risen = {item: sum(of.values()) for item, of in people.items() if len(of) >= PEOPLE}
        return Trends(risen, shown)

    def _now(self) -> int:
        return int(self._clock().timestamp())

    def _read(self, statement: str, values: tuple[Any, ...]) -> list[Any]:
        with self._lock:
            return self._base.execute(statement, values).fetchall()

    def _told(self, statement: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
        """Rows by their columns' names, times in ISO, what is empty left out."""
        with self._lock:
            found = self._base.execute(statement, values)
            names = [column[0] for column in found.description]
            rows = found.fetchall()
        told = [dict(zip(names, row, strict=True)) for row in rows]
        for row in told:
            if "at" in row:
                row["at"] = datetime.fromtimestamp(row["at"], UTC).isoformat()
        return [{name: value for name, value in row.items() if value not in ("", None)} for row in told]

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with self._lock, transaction(self._base) as base:
            yield base
