"""What changes between snapshots, where several machines share it? A Store (engine/ports.py) over PostgreSQL."""

from collections.abc import Callable
from datetime import datetime

from engine.clock import utc_now
from engine.errors import Overloaded
from indexing.places import Address
from indexing.store import SqliteStore
from indexing.store_schema import let_go
from indexing.tastes import TasteSettings


class PostgresStore(SqliteStore):
    """The statements of SqliteStore over one database for all machines. Safe for many threads and processes.

    Changes are written one after another, over all machines; events and queries side by side. While the server does
    not answer, writes raise Overloaded, and nobody learns of deletions.
    """

    def __init__(
        self, address: Address, *, clock: Callable[[], datetime] = utc_now, tastes: TasteSettings | None = None
    ) -> None:
        self._address = address
        super().__init__(address, clock=clock, tastes=tastes)

    def close(self) -> None:
        """Close all connections, idle ones too; no call may follow or be under way."""
        super().close()
        let_go(self._address)

    def removed(self, tenant: str, after: int) -> bool:
        """See SqliteStore. While the server does not answer nothing can be deleted: searches go on."""
        try:
            return super().removed(tenant, after)
        except Overloaded:
            return False

    def trouble(self) -> str | None:
        """Why nothing can be read; None when all is well."""
        try:
            return super().trouble()
        except Overloaded as error:
            return str(error)
