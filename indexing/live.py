"""Which Store is over a place? The one of a file, or the one of a database that several machines share."""

from collections.abc import Callable
from datetime import datetime

from engine.clock import utc_now
from indexing.places import Address, Place
from indexing.postgres.store import PostgresStore
from indexing.store import SqliteStore


def live_store(place: Place, *, clock: Callable[[], datetime] = utc_now) -> SqliteStore:
    """The store, its tables brought up. Raises LifestyleError."""
    return PostgresStore(place, clock=clock) if isinstance(place, Address) else SqliteStore(place, clock=clock)
