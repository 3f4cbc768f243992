"""What must nobody see, what do people complain about, and who decided? Tables of the live store (store_schema.py).

A blocked item is kept as it is, and every reader of changes (servers, builds) is told that it is deleted: it is gone
from the next answer on, whatever is built or rolled back, until it is unblocked. Every decision stays in a log.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import msgspec

from engine.errors import UnknownItem
from engine.types import Kind
from indexing.places import Place
from indexing.safety import LABELS, Flag
from indexing.store_schema import advance, read, write
from indexing.tenants import check_tenant

#: A rate is pulled to nothing while few people have seen an item: as if so many more had, without complaint.
UNSEEN: Final = 20


class Waiting(NamedTuple):
    """An item that somebody should look at: who complained of what, what its words gave, whether it is blocked."""

    id: str
    reports: int
    reasons: Mapping[str, int]
    label: str | None
    why: str | None
    words: tuple[str, ...]
    blocked: bool
    since: str  # ISO, of the newest report or label


class Moderation:
    """Over the file of a live store that is open already (its tables are there). Safe for many threads."""

    def __init__(self, path: Place, clock: Callable[[], datetime]) -> None:
        self._path, self._clock = path, clock

    def block(self, tenant: str, item_id: str, held: tuple[Kind, Mapping[str, Any]] | None, who: str, why: str) -> bool:
        """Hide an item; -> whether it was to be seen before. `held`: the item as a snapshot has it, when one does.

        Raises UnknownItem when neither the store nor a snapshot holds it.
        """

        def work(base: sqlite3.Connection) -> bool:
            if self._blocked(base, tenant, item_id):
                return False
            live = base.execute("SELECT kind FROM items WHERE tenant = ? AND id = ?", (tenant, item_id)).fetchone()
            if (live is None and held is None) or (live is not None and live[0] is None):
                raise UnknownItem(f"no item '{item_id:.80}'; it may have been deleted")
            if live is None and held is not None:
                body = msgspec.json.encode(dict(held[1]))
                base.execute("INSERT INTO items VALUES (?, ?, ?, ?, ?)", (tenant, item_id, -1, held[0], body))
            base.execute("INSERT INTO blocked VALUES (?, ?)", (tenant, item_id))
            self._decided(base, tenant, item_id, "block", who, why)
            return True

        return write(self._path, work)

    def unblock(self, tenant: str, item_id: str, who: str, why: str) -> bool:
        """Show it again, as it was written last; -> whether it was blocked."""

        def work(base: sqlite3.Connection) -> bool:
            if not self._blocked(base, tenant, item_id):
                return False
            base.execute("DELETE FROM blocked WHERE tenant = ? AND id = ?", (tenant, item_id))
            self._decided(base, tenant, item_id, "unblock", who, why)
            return True

        return write(self._path, work)

    def keep(self, tenant: str, item_id: str, who: str, why: str) -> None:
        """Somebody looked and found nothing wrong: it leaves the queue until there is more."""
        write(self._path, lambda base: self._log(base, tenant, item_id, "keep", who, why))

    def report(self, tenant: str, item_id: str, user: str, reason: str, text: str = "") -> bool:
        """A person complains of an item; -> whether that is new: one person counts once for an item."""
        row = (check_tenant(tenant), item_id, user, reason, text, self._now())
        statement = "INSERT OR IGNORE INTO reports VALUES (?, ?, ?, ?, ?, ?)"
        return bool(write(self._path, lambda base: base.execute(statement, row).rowcount))

    def flag(self, tenant: str, flags: Sequence[tuple[str, Flag | None]]) -> None:
        """What the words of items gave; None takes back what they gave before."""

        def work(base: sqlite3.Connection) -> None:
            for item_id, flag in flags:
                base.execute("DELETE FROM flags WHERE tenant = ? AND id = ?", (check_tenant(tenant), item_id))
                if flag is not None:
                    row = (tenant, item_id, flag.label, flag.reason, "\n".join(flag.words), self._now())
                    base.execute("INSERT INTO flags VALUES (?, ?, ?, ?, ?, ?)", row)

        write(self._path, work)

    def queue(self, tenant: str, *, decided: bool = False) -> list[Waiting]:
        """What waits for a decision (with `decided` also what has one); the gravest label, then most reports first."""
        check_tenant(tenant)
        blocked = {row[0] for row in read(self._path, "SELECT id FROM blocked WHERE tenant = ?", (tenant,))}
        last = dict(read(self._path, "SELECT id, max(at) FROM decisions WHERE tenant = ? GROUP BY id", (tenant,)))
        flags = {row[0]: row[1:] for row in read(self._path,
            "SELECT id, label, reason, words, at FROM flags WHERE tenant = ?", (tenant,))}  # fmt: skip
        told: dict[str, dict[str, int]] = {}
        newest = {item: row[3] for item, row in flags.items()}
        for item, reason, count, at in read(
            self._path,
            "SELECT id, reason, count(*), max(at) FROM reports WHERE tenant = ? GROUP BY id, reason",
            (tenant,),
        ):
            told.setdefault(item, {})[reason] = count
            newest[item] = max(at, newest.get(item, at))
        found = []
        for item, at in newest.items():
            if decided or item not in last or last[item] < at:
                label, why, words, _ = flags.get(item, (None, None, "", 0))
                reasons, since = told.get(item, {}), datetime.fromtimestamp(at, UTC).isoformat()
                said = tuple(filter(None, words.split("\n")))
                found.append(Waiting(item, sum(reasons.values()), reasons, label, why, said, item in blocked, since))
        return sorted(found, key=lambda w: (LABELS.index(w.label) if w.label else len(LABELS), -w.reports, w.id))

    def log(self, tenant: str, most: int = 100) -> list[dict[str, Any]]:
        """The newest decisions first: when, on what, which, by whom, why."""
        rows = read(
            self._path,
            "SELECT at, id, what, who, why FROM decisions WHERE tenant = ? ORDER BY number DESC LIMIT ?",
            (check_tenant(tenant), most),
        )
        names = ("at", "id", "what", "who", "why")
        return [
            {**dict(zip(names, row, strict=True)), "at": datetime.fromtimestamp(row[0], UTC).isoformat()}
            for row in rows
        ]

    def report_rates(self, tenant: str) -> dict[str, float]:
        """id -> people who complained of it, per person known to have seen it (UNSEEN more are assumed); in [0, 1]."""
        seen = dict(read(self._path,
            "SELECT object_id, count(DISTINCT user_id) FROM events WHERE tenant = ? GROUP BY object_id",
            (check_tenant(tenant),)))  # fmt: skip
        told = read(self._path, "SELECT id, count(*) FROM reports WHERE tenant = ? GROUP BY id", (tenant,))
        return {item: count / max(count, seen.get(item, 0) + UNSEEN) for item, count in told}

    def _blocked(self, base: sqlite3.Connection, tenant: str, item_id: str) -> bool:
        row = (check_tenant(tenant), item_id)
        return base.execute("SELECT 1 FROM blocked WHERE tenant = ? AND id = ?", row).fetchone() is not None

    def _decided(self, base: sqlite3.Connection, tenant: str, item_id: str, what: str, who: str, why: str) -> None:
        """In the log, and a new change for all who follow."""
        seq = advance(base, tenant, 1)
        base.execute("UPDATE items SET seq = ? WHERE tenant = ? AND id = ?", (seq, tenant, item_id))
        self._log(base, tenant, item_id, what, who, why)

    def _log(self, base: sqlite3.Connection, tenant: str, item_id: str, what: str, who: str, why: str) -> None:
        row = (check_tenant(tenant), item_id, what, who, why, self._now())
        base.execute("INSERT INTO decisions (tenant, id, what, who, why, at) VALUES (?, ?, ?, ?, ?, ?)", row)

    def _now(self) -> int:
        return int(self._clock().timestamp())
