"""How is PostgreSQL asked as sqlite3 is? A connection with the few calls that the live store makes.

A connection that was lost is made anew where nothing hangs on it: between transactions, and for a read. Its errors are
sqlite3's: what is written for the one store holds for the other.
"""

import atexit
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar

import psycopg
from psycopg import errors

from engine.errors import NoRoom, Overloaded
from indexing.places import Address
from indexing.postgres.dialect import statement

T = TypeVar("T")
#: Held by whoever writes changes, until it has committed: so that numbers are committed in their order, over all
#: machines, and whoever has read up to one has missed none. Lists of feeds have one of their own.
CHANGES, LISTS = 0x4C494645, 0x4C495354
#: So long is waited for a server, and so long it is not asked again after it was gone.
_CONNECT_S: Final = 3
AGAIN_S: Final = 1.0
#: Idle connections that are kept for the next who needs one.
_IDLE: Final = 8


class Refused(sqlite3.OperationalError):
    """PostgreSQL refuses a statement."""

    sqlite_errorcode = sqlite3.SQLITE_ERROR
    sqlite_errorname = "SQLITE_ERROR"


class Idle:
    """Connections of one address that nobody uses, and whether its server is there. Safe for many threads."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._free: list[psycopg.Connection[Any]] = []
        self._lock, self._gone = threading.Lock(), 0.0

    def take(self) -> psycopg.Connection[Any]:
        """One that was given back, else a new one. Raises Overloaded."""
        with self._lock:
            while self._free:
                known = self._free.pop()
                if not known.closed:
                    return known
        if time.monotonic() < self._gone:
            raise self.lost(None)
        try:
            made = psycopg.connect(self.address.url, autocommit=True, connect_timeout=_CONNECT_S)
            with made.cursor() as cursor:
                if cursor.execute("SHOW synchronous_commit").fetchone() == ("off",):
                    cursor.execute("SET synchronous_commit = on")  # acknowledged is on the device
            return made
        except psycopg.OperationalError as error:
            raise self.lost(error) from error

    def give(self, connection: psycopg.Connection[Any]) -> None:
        """Back, for somebody else."""
        with self._lock:
            if len(self._free) < _IDLE and not connection.closed:
                self._free.append(connection)
                return
        connection.close()

    def drop(self) -> None:
        """Close those that nobody uses."""
        with self._lock:
            free, self._free = self._free, []
        for each in free:
            each.close()

    def lost(self, error: Exception | None) -> Overloaded:
        """What is said while the server does not answer; idle connections are let go."""
        with self._lock:
            if error is not None:
                self._gone = time.monotonic() + AGAIN_S
        self.drop()
        return Overloaded(f"the store at {self.address} cannot be reached; try again in a second")


@lru_cache
def idle(address: Address) -> Idle:
    """Those of this process, until it ends."""
    made = Idle(address)
    atexit.register(made.drop)
    return made


class Connection:
    """What sqlite3.Connection is to the live store. For one thread at a time."""

    def __init__(self, address: Address) -> None:
        self._idle = idle(address)
        self._base: psycopg.Connection[Any] | None = self._idle.take()
        self._lists = self.in_transaction = False

    def execute(self, sqlite: str, values: Sequence[Any] = ()) -> Any:
        """A cursor: fetchone, fetchall, rowcount, description."""
        if sqlite.startswith("PRAGMA"):
            return self._pragma(sqlite)
        if sqlite.startswith("BEGIN"):
            return self._begin(alone=sqlite == "BEGIN IMMEDIATE")
        if sqlite in ("COMMIT", "ROLLBACK"):
            self.in_transaction = False
            return self._run(sqlite, ())
        said = statement(sqlite)
        return self._run(said, values) if self.in_transaction else self._retried(said, values)

    def executemany(self, sqlite: str, rows: Iterable[Sequence[Any]]) -> Any:
        """A cursor whose rowcount is of all rows. Within a transaction."""
        cursor = self._connected().cursor()
        self._told(lambda: cursor.executemany(statement(sqlite), list(rows)))
        return cursor

    def close(self) -> None:
        """Back to those that are idle."""
        base, self._base = self._base, None
        if base is None:
            return
        if self.in_transaction or self._lists:
            base.close()
        else:
            self._idle.give(base)

    def _begin(self, *, alone: bool) -> Any:
        self._retried("BEGIN", ())
        self.in_transaction = True
        if alone:
            key = LISTS if self._lists else CHANGES
            return self._run("SELECT pg_advisory_xact_lock(%s)", (key,))
        return None

    def _pragma(self, sqlite: str) -> Any:
        """Of SQLite's own settings one means something here: lists of feeds do not wait for the device."""
        if sqlite == "PRAGMA synchronous=NORMAL":
            self._lists = True
            self._retried("SET synchronous_commit = off", ())
        return self._retried("SELECT 'ok' WHERE %s", (sqlite == "PRAGMA quick_check",))

    def _retried(self, said: str, values: Sequence[Any]) -> Any:
        """Where nothing was begun, a lost connection is made anew, once."""
        try:
            return self._run(said, values)
        except Overloaded:
            if self._base is not None and not self._base.closed:
                raise
            self._base = None
        if self._lists and not said.startswith("SET"):
            self._run("SET synchronous_commit = off", ())
        return self._run(said, values)

    def _run(self, said: str, values: Sequence[Any]) -> Any:
        connection = self._connected()
        return self._told(lambda: connection.execute(said, values))

    def _connected(self) -> psycopg.Connection[Any]:
        if self._base is None or (self._base.closed and not self.in_transaction):
            self._base = self._idle.take()
        return self._base

    def _told(self, work: Callable[[], T]) -> T:
        """What `work` gives. Raises NoRoom, Overloaded, Refused; a connection that may be lost is let go."""
        try:
            return work()
        except errors.DiskFull as error:
            raise NoRoom(
                f"the disk of {self._idle.address} is full: make room; what was acknowledged is kept"
            ) from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            if self._base is not None:
                self._base.close()
            self.in_transaction = False
            raise self._idle.lost(error if isinstance(error, errors.AdminShutdown) else None) from error
        except psycopg.Error as error:
            raise Refused(str(error)) from error
