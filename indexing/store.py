"""What changed since the last snapshot, and who did what? The live store: one SQLite file for all tenants.

Acknowledged = committed: when a call returns, what it wrote survives a crash of the machine.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, cast

import msgspec

from engine.clock import utc_now
from engine.errors import BadQuery, NoRoom, Overloaded
from engine.ports import Change, Receipt
from engine.types import Kind, Profile
from indexing.erasure import OF_PEOPLE, note
from indexing.places import Place, held
from indexing.store_schema import RESET, advance, connect, prepare, transaction
from indexing.store_statements import ASKED, CHANGES, REMOVED, UPSERT
from indexing.tastes import TasteSettings, profile_of
from indexing.tenants import check_tenant

_PAGE: Final = 500  # changes read at a time
#: So many different people must have asked a query before its text is shown; queries are kept so long; the most shown.
PEOPLE: Final = 5
KEPT: Final = timedelta(days=90)
POPULAR: Final = 1000
#: So long a request that is sent again is known to be the same.
RECEIPTS_KEPT: Final = timedelta(days=1)


class SqliteStore:
    """A Store (engine/ports.py). Safe for many threads and many processes; writes go one after another.

    Items and events are taken as validated (indexing/validate.py `check`).
    """

    def __init__(
        self, path: Place, *, clock: Callable[[], datetime] = utc_now, tastes: TasteSettings | None = None
    ) -> None:
        self._path, self._clock, self._tastes = path, clock, tastes or TasteSettings()
        self._lock = threading.Lock()
        self._readers = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._hold = held(path) if isinstance(path, Path) else None
        try:
            self._writer = self._connect()
            prepare(self._writer, path)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close all connections; no call may follow or be under way."""
        with self._lock:
            while self._all:
                self._all.pop().close()
        if self._hold is not None:
            self._hold.close()

    def upsert(
        self, tenant: str, items: Sequence[tuple[Kind, Mapping[str, Any]]], receipt: Receipt | None = None
    ) -> int:
        """Store validated items, all or none; -> the change sequence number of the last."""
        bodies = [(item["id"], kind, msgspec.json.encode(item)) for kind, item in items]

        def work(base: sqlite3.Connection) -> int:
            last = advance(base, tenant, len(bodies))
            numbered = enumerate(bodies, last - len(bodies) + 1)
            base.executemany(UPSERT, [(tenant, name, seq, kind, body) for seq, (name, kind, body) in numbered])
            return last

        return self._write(tenant, work, receipt)

    def amend(self, tenant: str, item_id: str, change: Change, receipt: Receipt | None = None) -> int:
        """Store what `change` makes of what is held of an item, with no other write between; -> its sequence number."""

        def work(base: sqlite3.Connection) -> int:
            held = base.execute(
                "SELECT kind, item FROM items WHERE tenant = ? AND id = ?", (tenant, item_id)
            ).fetchone()
            known = None if held is None else (held[0], None if held[1] is None else msgspec.json.decode(held[1]))
            kind, item = change(known)
            last = advance(base, tenant, 1)
            base.execute(UPSERT, (tenant, item_id, last, kind, msgspec.json.encode(item)))
            return last

        return self._write(tenant, work, receipt)

    def delete(self, tenant: str, item_id: str) -> int:
        """Record a deletion, also of an id that only a snapshot has, or nobody; -> its sequence number."""

        def work(base: sqlite3.Connection) -> int:
            last = advance(base, tenant, 1)
            base.execute(UPSERT, (tenant, item_id, last, None, None))
            return last

        return self._write(tenant, work, None)

    def changes(self, tenant: str, after: int) -> Iterator[tuple[int, str, Kind | None, Mapping[str, Any] | None]]:
        """(seq, id, kind, item) in order, the newest change of each id alone; kind and item None = deleted.

        Who follows with the last seq it saw misses nothing, though items change while it reads.
        """
        check_tenant(tenant)
        while page := self._read(
            CHANGES,
            (tenant, after, _PAGE),
        ):
            for seq, name, kind, body in page:
                yield seq, name, cast("Kind | None", kind), None if body is None else msgspec.json.decode(body)
            after = page[-1][0]

    def removed(self, tenant: str, after: int) -> bool:
        """Was anything deleted or blocked since the change of this number? Some microseconds when nothing was."""
        return bool(self._read(REMOVED, (check_tenant(tenant), after))[0][0])

    def sequence(self, tenant: str) -> int:
        """The number of the newest change; 0 when there was none."""
        found = self._read("SELECT last FROM sequence WHERE tenant = ?", (check_tenant(tenant),))
        return int(found[0][0]) if found else 0

    def trouble(self) -> str | None:
        """Why nothing can be read; None when all is well."""
        try:
            self._read("SELECT last FROM sequence LIMIT 1", ())
        except sqlite3.Error as error:
            return f"the store cannot be read ({error}); run 'lifestyle doctor'"
        return None

    def record(self, tenant: str, events: Sequence[Mapping[str, Any]], receipt: Receipt | None = None) -> int:
        """Store validated events, all or none; -> how many were new (one that is sent again counts once)."""
        rows = [
            (
                tenant,
                event["user_id"],
                int(datetime.fromisoformat(event["at"]).timestamp()),
                event["action"],
                event["object_id"],
                event.get("query_id") or "",
                event.get("session_id") or "",
                event.get("position"),
            )
            for event in events
        ]

        def work(base: sqlite3.Connection) -> int:
            put = "INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            return base.executemany(put, rows).rowcount if rows else 0

        return self._write(tenant, work, receipt, alone=receipt is not None)

    def logged(self, tenant: str) -> list[dict[str, Any]]:
        """Every event of a tenant, oldest first, as `check("event", ...)` gives them: for training."""
        rows = self._read(
            "SELECT user_id, at, action, object_id, query_id, session_id, position FROM events WHERE tenant = ? "
            "ORDER BY at, user_id, object_id",
            (check_tenant(tenant),),
        )
        names = ("user_id", "at", "action", "object_id", "query_id", "session_id", "position")
        found = [dict(zip(names, row, strict=True)) for row in rows]
        for event in found:
            event["at"] = datetime.fromtimestamp(event["at"], UTC).isoformat().replace("+00:00", "Z")
        return [{name: value for name, value in event.items() if value not in ("", None)} for event in found]

    def done(self, tenant: str, since: int, until: int) -> list[tuple[str, str, int, str]]:
        """(item, action, seconds since 1970, page or "") of the events of [since, until), in no order: for counting."""
        statement = "SELECT object_id, action, at, query_id FROM events WHERE tenant = ? AND at >= ? AND at < ?"
        return self._read(statement, (check_tenant(tenant), since, until))

    @property
    def clock(self) -> Callable[[], datetime]:
        """What tells it the time."""
        return self._clock

    def declare(self, tenant: str, user: str, interests: Sequence[str]) -> None:
        """Put the interests that a person declares in place of those declared before."""
        check_tenant(tenant)
        rows = [(tenant, user, place, name) for place, name in enumerate(interests)]
        with self._writing() as base:
            base.execute("DELETE FROM interests WHERE tenant = ? AND user_id = ?", (tenant, user))
            base.executemany("INSERT INTO interests VALUES (?, ?, ?, ?)", rows)

    def profile(self, tenant: str, user: str) -> Profile:
        """What is known of a person; an empty profile of somebody unknown."""
        who = (check_tenant(tenant), user)
        deeds = self._read(
            "SELECT object_id, action, at FROM events WHERE tenant = ? AND user_id = ? ORDER BY at DESC LIMIT ?",
            (*who, self._tastes.events),
        )
        hidden = self._read(
            "SELECT object_id FROM events WHERE tenant = ? AND user_id = ? AND action IN ('hide', 'report')", who
        )
        interests = self._read("SELECT name FROM interests WHERE tenant = ? AND user_id = ? ORDER BY place", who)
        steered = dict(self._read("SELECT name, at FROM steering WHERE tenant = ? AND user_id = ?", who))
        since = steered.pop(RESET, 0)
        away, declared = (row[0] for row in hidden), (row[0] for row in interests)
        return profile_of(user, deeds, away, declared, self._clock(), self._tastes, since, steered)

    def remember(
        self, tenant: str, user: str, query: str, found: int | None = None, gave_way: Sequence[str] = ()
    ) -> None:
        """A person asked this (folded) query, which `found` so many items and relaxed these slots (indexing/asked.py);
        what is older than KEPT is deleted."""
        check_tenant(tenant)
        now = int(self._clock().timestamp())
        with self._writing(alone=False) as base:
            base.execute("DELETE FROM asked WHERE at < ?", (now - int(KEPT.total_seconds()),))
            row = (tenant, user, query, now, found, ",".join(gave_way))
            base.execute(ASKED, row)

    def popular(self, tenant: str) -> list[tuple[str, int]]:
        """(query, how many people asked it) of those that at least PEOPLE asked within KEPT; the commonest first."""
        since = int((self._clock() - KEPT).timestamp())
        return self._read(
            "SELECT query, count(*) AS people FROM asked WHERE tenant = ? AND at >= ? GROUP BY query "
            "HAVING count(*) >= ? ORDER BY people DESC, query LIMIT ?",
            (check_tenant(tenant), since, PEOPLE, POPULAR),
        )

    def forget_user(self, tenant: str, user: str) -> int:
        """Delete all that is kept of a person, from the write-ahead log too; -> rows deleted."""
        who = (check_tenant(tenant), user)
        with self._writing() as base:
            gone = sum(
                base.execute(f"DELETE FROM {table} WHERE tenant = ? AND user_id = ?", who).rowcount
                for table in OF_PEOPLE
            )
            note(base, tenant, "user", user)
        with self._lock:
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return gone

    def _write(
        self, tenant: str, work: Callable[[sqlite3.Connection], int], receipt: Receipt | None, *, alone: bool = True
    ) -> int:
        """`work` in one transaction with its receipt; not at all when the receipt is known. -> what it returned.

        `alone`: see store_schema.transaction; what takes a change's number, or asks for a receipt, must be.
        """
        check_tenant(tenant)
        with self._writing(alone=alone) as base:
            if receipt is None:
                return work(base)
            now = int(self._clock().timestamp())
            base.execute("DELETE FROM receipts WHERE at < ?", (now - int(RECEIPTS_KEPT.total_seconds()),))
            known = base.execute(
                "SELECT digest, result FROM receipts WHERE tenant = ? AND key = ?", (tenant, receipt.key)
            ).fetchone()
            if known is None:
                result = work(base)
                base.execute("INSERT INTO receipts VALUES (?, ?, ?, ?, ?)", (tenant, *receipt, result, now))
                return result
            if known[0] != receipt.digest:
                raise BadQuery("Idempotency-Key", "was given to another request before; give each request its own key")
            return int(known[1])

    def _connect(self) -> sqlite3.Connection:
        base = connect(self._path)
        self._all.append(base)
        return base

    @contextmanager
    def _writing(self, *, alone: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction: committed when the block ends, undone when it fails. Raises NoRoom, Overloaded."""
        with self._lock:
            try:
                with transaction(self._writer, alone=alone) as base:
                    yield base
            except sqlite3.OperationalError as error:
                raise self._told(error) from error

    def _told(self, error: sqlite3.OperationalError) -> Exception:
        """What an operation that failed says to the one who asked for it."""
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            return NoRoom(f"the disk of {self._path} is full: make room; what was acknowledged is kept")
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return Overloaded(f"another process has been writing to {self._path} for long; try again in a second")
        return error

    def _read(self, statement: str, values: tuple[Any, ...]) -> list[Any]:
        """All rows, by this thread's own connection: readers wait for nobody."""
        if not hasattr(self._readers, "base"):
            with self._lock:
                self._readers.base = self._connect()
        return cast("list[Any]", self._readers.base.execute(statement, values).fetchall())
