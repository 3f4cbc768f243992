"""How does the live store lie on disk? One SQLite file; every table begins with the tenant."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, Final, TypeVar, cast

from engine.errors import LifestyleError
from indexing.places import Address, Place

T = TypeVar("T")
_APPLICATION: Final = 0x4C494645  # "LIFE": a file of somebody else is not touched

_TABLES: Final = """
CREATE TABLE sequence (tenant TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- The newest change of each id. kind and item are NULL for a deletion, which stays: it stands above every snapshot.
CREATE TABLE items (
    tenant TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT, item BLOB,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX items_by_seq ON items (tenant, seq);

-- The key makes an event that is sent twice one event. `at` is seconds since 1970.
CREATE TABLE events (
    tenant TEXT NOT NULL, user_id TEXT NOT NULL, at INTEGER NOT NULL, action TEXT NOT NULL, object_id TEXT NOT NULL,
    query_id TEXT NOT NULL, session_id TEXT NOT NULL, position INTEGER,
    PRIMARY KEY (tenant, user_id, at, action, object_id, query_id, session_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX hidden ON events (tenant, user_id, object_id) WHERE action IN ('hide', 'report');

CREATE TABLE interests (
    tenant TEXT NOT NULL, user_id TEXT NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (tenant, user_id, place)
) STRICT, WITHOUT ROWID;
"""

#: Since format 2. Who asked what, last when: a text leaves this table only when enough different people asked it.
_ASKED: Final = """
CREATE TABLE asked (
    tenant TEXT NOT NULL, user_id TEXT NOT NULL, query TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (tenant, user_id, query)
) STRICT, WITHOUT ROWID;
CREATE INDEX asked_by_query ON asked (tenant, query);
CREATE INDEX asked_by_time ON asked (at);
"""

#: Since format 3. What a request with an Idempotency-Key came to: sent again it does nothing, and is told the same.
_RECEIPTS: Final = """
CREATE TABLE receipts (
    tenant TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, result INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipts_by_time ON receipts (at);
"""

#: Since format 4. served: pages as they were shown, with the features of their items then (engine/trace.py, Served).
#: rules: what the house moves by hand (engine/rules.py); every change of them stays in rule_log.
_LEDGER: Final = """
CREATE TABLE served (
    tenant TEXT NOT NULL, query_id TEXT NOT NULL, at INTEGER NOT NULL, user_id TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (tenant, query_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX served_by_time ON served (tenant, at);
CREATE TABLE rules (
    tenant TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE rule_log (
    number INTEGER PRIMARY KEY, tenant TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
    id TEXT NOT NULL, body BLOB
) STRICT;
CREATE INDEX rule_log_by_tenant ON rule_log (tenant, number);
"""

#: Since format 5. blocked: what readers of changes are told is deleted; the item itself stays. reports: one for each
#: person and item. flags: what the words of an item gave (safety.py). decisions: a log that nothing deletes.
_MODERATION: Final = """
CREATE TABLE blocked (tenant TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (tenant, id)) STRICT, WITHOUT ROWID;
CREATE TABLE reports (
    tenant TEXT NOT NULL, id TEXT NOT NULL, user_id TEXT NOT NULL, reason TEXT NOT NULL, text TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (tenant, id, user_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE flags (
    tenant TEXT NOT NULL, id TEXT NOT NULL, label TEXT NOT NULL, reason TEXT NOT NULL, words TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY, tenant TEXT NOT NULL, id TEXT NOT NULL, what TEXT NOT NULL, who TEXT NOT NULL,
    why TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE INDEX decisions_by_item ON decisions (tenant, id);
"""

#: Since format 6. Fingerprints of items and people that were erased for good (indexing/erasure.py).
_ERASED: Final = """
CREATE TABLE erased (
    tenant TEXT NOT NULL, sort TEXT NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (tenant, sort, digest)
) STRICT, WITHOUT ROWID;
"""

#: The name under which `steering` keeps that a person began anew; any other is a thing learnt that they took away.
RESET: Final = "reset"
#: Since format 7. steering: how people steer what is learnt of them. feeds: lists that are being paged through.
_FEEDS: Final = """
CREATE INDEX events_by_time ON events (tenant, at);
CREATE TABLE steering (
    tenant TEXT NOT NULL, user_id TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (tenant, user_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE feeds (
    tenant TEXT NOT NULL, id TEXT NOT NULL, user_id TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX feeds_by_user ON feeds (tenant, user_id);
CREATE INDEX feeds_by_time ON feeds (at);
"""

#: Since format 8. found: the items that kept every hard constraint of the query; gave_way: the slots that were relaxed,
#: with commas between. judgments: grades that somebody gave items for a question (indexing/judgments.py).
_CONSOLE: Final = """
ALTER TABLE asked ADD COLUMN found INTEGER;
ALTER TABLE asked ADD COLUMN gave_way TEXT NOT NULL DEFAULT '';
CREATE TABLE judgments (
    tenant TEXT NOT NULL, question TEXT NOT NULL, item TEXT NOT NULL, grade INTEGER NOT NULL, who TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (tenant, question, item)
) STRICT, WITHOUT ROWID;
"""

_NEXT: Final = """
INSERT INTO sequence (tenant, last) VALUES (?, ?) ON CONFLICT (tenant) DO UPDATE
SET last = sequence.last + excluded.last RETURNING last
"""

#: What each format added to the one before; a store of an older one is brought up when it is opened.
FORMATS: Final = (_TABLES, _ASKED, _RECEIPTS, _LEDGER, _MODERATION, _ERASED, _FEEDS, _CONSOLE)


def connect(place: Place) -> sqlite3.Connection:
    """A connection in autocommit mode. What it commits is on the device (WAL, synchronous=FULL); what it deletes is
    overwritten with zeros. Raises LifestyleError when the file cannot be a store.

    That of a database elsewhere answers the same calls (indexing/postgres/connection.py).
    """
    if isinstance(place, Address):
        return cast("sqlite3.Connection", _postgres("connection").Connection(place))
    try:
        base = sqlite3.connect(place, timeout=10.0, isolation_level=None, check_same_thread=False)
    except sqlite3.OperationalError as error:
        raise LifestyleError(f"the store {place} cannot be opened: {error}") from None
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
            base.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.Error as error:
        base.close()
        raise LifestyleError(f"the store {place} cannot be read: {error}") from None
    return base


def let_go(address: Address) -> None:
    """Close the connections to a database that nobody uses."""
    _postgres("connection").idle(address).drop()


def _postgres(module: str) -> ModuleType:
    """Of indexing/postgres, which needs an extra that others need not have."""
    try:
        return import_module(f"indexing.postgres.{module}")
    except ModuleNotFoundError as error:
        raise LifestyleError(f"a store in PostgreSQL needs the extra 'postgres' ({error})") from None


@contextmanager
def transaction(base: sqlite3.Connection, *, alone: bool = True) -> Iterator[sqlite3.Connection]:
    """Committed when the block ends, undone when it fails. `alone`: after all others, over all machines; in a file
    nobody writes beside another anyway."""
    base.execute("BEGIN IMMEDIATE" if alone or isinstance(base, sqlite3.Connection) else "BEGIN")
    try:
        yield base
        base.execute("COMMIT")
    except BaseException:
        if base.in_transaction:
            base.execute("ROLLBACK")
        raise


def write(path: Place, work: Callable[[sqlite3.Connection], T]) -> T:
    """`work` in one transaction of a connection of its own; -> what it returned."""
    with closing(connect(path)) as base, transaction(base):
        return work(base)


def read(path: Place, statement: str, values: tuple[Any, ...]) -> list[Any]:
    """All rows, by a connection of its own."""
    with closing(connect(path)) as base:
        return base.execute(statement, values).fetchall()


def advance(base: sqlite3.Connection, tenant: str, by: int) -> int:
    """Reserve `by` change numbers; -> the last of them. Numbers only grow, and none is given twice."""
    return int(base.execute(_NEXT, (tenant, by)).fetchone()[0])


def prepare(base: sqlite3.Connection, path: Place) -> None:
    """Make the tables of a new store; raises LifestyleError for a file of another program or release."""
    if isinstance(path, Address):
        _postgres("schema").prepare(base, path, FORMATS)
        return
    with transaction(base):
        application = base.execute("PRAGMA application_id").fetchone()[0]
        version = base.execute("PRAGMA user_version").fetchone()[0]
        empty = base.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
        if not empty and application != _APPLICATION:
            raise LifestyleError(f"{path} is a database of another program; name another file for the store")
        if not (empty or 1 <= version <= len(FORMATS)):
            raise LifestyleError(f"the store {path} has format {version}; this release reads up to {len(FORMATS)}")
        for added in FORMATS[0 if empty else version :]:
            _run(base, added)
        base.execute(f"PRAGMA application_id={_APPLICATION}")
        base.execute(f"PRAGMA user_version={len(FORMATS)}")


def _run(base: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";"):
        base.execute(statement)
