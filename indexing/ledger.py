"""What was shown, and what does the house move by hand? Two tables of the live store beside those of indexing/store.py.

Pages are a log: written some time after they were sent, the oldest let go beyond a bound; a crash may lose the last
ones. Rules are acknowledged writes: committed with a line in a log of changes that nothing deletes.
"""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
import numpy as np

from engine.errors import BadQuery, UnknownItem
from engine.rules import MOST_RULES, Rule
from engine.trace import Served
from indexing.places import Place
from indexing.store_schema import read, write
from indexing.tenants import check_tenant

KEPT: Final = timedelta(days=90)
_RULE: Final = "INSERT INTO rules VALUES (?, ?, ?) ON CONFLICT (tenant, id) DO UPDATE SET body = excluded.body"
_LOG: Final = "INSERT INTO rule_log (tenant, at, who, what, id, body) VALUES (?, ?, ?, ?, ?, ?)"


class Ledger:
    """Over the file of a live store that is open already (its tables are there). Safe for many threads."""

    def __init__(self, path: Place, clock: Callable[[], datetime], most_pages: int = 20_000) -> None:
        self._path, self._clock, self._most = path, clock, most_pages
        self._lock = threading.Lock()
        self._asked: dict[str, tuple[dict[str, str], list[int]]] = {}

    def log(self, tenant: str, pages: Sequence[Served]) -> None:
        """Keep these pages; those beyond the bound or older than KEPT go."""
        rows = [(check_tenant(tenant), p.query_id, int(p.at.timestamp()), p.user, _packed(p)) for p in pages]
        since = int((self._clock() - KEPT).timestamp())

        def work(base: sqlite3.Connection) -> None:
            base.executemany("INSERT OR IGNORE INTO served VALUES (?, ?, ?, ?, ?)", rows)
            base.execute("DELETE FROM served WHERE tenant = ? AND at < ?", (tenant, since))
            base.execute(
                "DELETE FROM served WHERE tenant = ? AND query_id IN (SELECT query_id FROM served WHERE tenant = ? "
                "ORDER BY at DESC, query_id LIMIT -1 OFFSET ?)",
                (tenant, tenant, self._most),
            )

        self._write(work)

    def pages(self, tenant: str) -> dict[str, Served]:
        """query id -> the page, oldest first."""
        found = read(
            self._path,
            "SELECT query_id, at, user_id, body FROM served WHERE tenant = ? ORDER BY at, query_id",
            (check_tenant(tenant),),
        )
        return {row[0]: _unpacked(*row) for row in found}

    def questions(self, tenant: str) -> dict[str, str]:
        """query id -> the digest of what was asked, of all pages. A page is read once, however often this is asked."""
        known, newest = self._asked.setdefault(check_tenant(tenant), ({}, [0]))
        found = read(
            self._path, "SELECT query_id, at, body FROM served WHERE tenant = ? AND at >= ?", (tenant, newest[0])
        )
        for query_id, at, body in found:
            if query_id not in known:
                known[query_id] = msgspec.msgpack.decode(body, type=_Question).question
            newest[0] = max(newest[0], at)
        return known

    def rules(self, tenant: str) -> tuple[Rule, ...]:
        """All rules of a tenant, by id."""
        found = read(self._path, "SELECT body FROM rules WHERE tenant = ? ORDER BY id", (check_tenant(tenant),))
        return tuple(msgspec.json.decode(row[0], type=Rule) for row in found)

    def put(self, tenant: str, rule: Rule, who: str) -> None:
        """Add a rule or replace the one of its id. BadQuery when there are too many."""
        body = msgspec.json.encode(rule)

        def work(base: sqlite3.Connection) -> None:
            others = base.execute(
                "SELECT count(*) FROM rules WHERE tenant = ? AND id != ?", (check_tenant(tenant), rule.id)
            ).fetchone()[0]
            if others >= MOST_RULES:
                raise BadQuery("rule", f"there are {others} already, as many as may be; take some away first")
            base.execute(_RULE, (tenant, rule.id, body))
            self._note(base, tenant, who, "put", rule.id, body)

        self._write(work)

    def drop(self, tenant: str, rule: str, who: str) -> None:
        """Take a rule away. UnknownItem when there is none of that id."""

        def work(base: sqlite3.Connection) -> None:
            gone = base.execute("DELETE FROM rules WHERE tenant = ? AND id = ?", (check_tenant(tenant), rule))
            if not gone.rowcount:
                raise UnknownItem(f"no rule '{rule:.80}'; list them to see what there is")
            self._note(base, tenant, who, "drop", rule, None)

        self._write(work)

    def rule_log(self, tenant: str, most: int = 100) -> list[dict[str, Any]]:
        """The newest changes of rules first: when, who, what (put, drop), the rule as it was put."""
        found = read(
            self._path,
            "SELECT at, who, what, id, body FROM rule_log WHERE tenant = ? ORDER BY number DESC LIMIT ?",
            (check_tenant(tenant), most),
        )
        return [
            {
                "at": datetime.fromtimestamp(at, UTC).isoformat(),
                "who": who,
                "what": what,
                "id": rule,
                "rule": None if body is None else msgspec.json.decode(body),
            }
            for at, who, what, rule, body in found
        ]

    def _note(self, base: sqlite3.Connection, tenant: str, who: str, what: str, rule: str, body: bytes | None) -> None:
        now = int(self._clock().timestamp())
        base.execute(_LOG, (tenant, now, who, what, rule, body))

    def _write(self, work: Callable[[sqlite3.Connection], None]) -> None:
        with self._lock:
            write(self._path, work)


class _Body(msgspec.Struct):
    """A page as it lies on disk: features row by row, float32, little-endian."""

    question: str
    traits: tuple[str, ...]
    items: tuple[str, ...]
    features: bytes
    schema: str
    model: str
    trial: str
    arm: str
    teams: str
    propensities: tuple[float, ...] = ()
    sources: tuple[str, ...] = ()


class _Question(msgspec.Struct):
    """Of a page as it lies on disk the question alone: the rest is skipped."""

    question: str


def _packed(page: Served) -> bytes:
    features = np.ascontiguousarray(page.features, "<f4").tobytes()
    return msgspec.msgpack.encode(
        _Body(
            page.question,
            page.traits,
            page.items,
            features,
            page.schema,
            page.model,
            page.trial,
            page.arm,
            page.teams,
            page.propensities,
            page.sources,
        )
    )


def _unpacked(query_id: str, at: int, user: str, body: bytes) -> Served:
    b = msgspec.msgpack.decode(body, type=_Body)
    features = np.frombuffer(b.features, "<f4").reshape(len(b.items), -1)
    return Served(
        query_id, datetime.fromtimestamp(at, UTC), user, b.question, b.traits, b.items, features, b.schema, b.model,
        b.trial, b.arm, b.teams, b.propensities, b.sources,
    )  # fmt: skip
