"""How is what was deleted taken out of the live store for good? Its rows go; a fingerprint stays, so that it is known.

Fingerprints (SHA-256 of an id) let a restored backup leave out what was erased since, and let ingested events of a
forgotten person be found.
"""

import sqlite3
from contextlib import closing
from typing import Final, Literal

from indexing.places import Place
from indexing.store_schema import connect, read, transaction
from indexing.tenants import fingerprint

Sort = Literal["item", "user"]
#: What is blocked stays in the store, the only place that still holds it.
_SHOWN: Final = "NOT EXISTS (SELECT 1 FROM blocked b WHERE b.tenant = items.tenant AND b.id = items.id)"
#: Tables that tell of people.
OF_PEOPLE: Final = ("events", "interests", "asked", "served", "reports", "steering", "feeds")


def note(base: sqlite3.Connection, tenant: str, sort: Sort, name: str) -> None:
    """Keep the fingerprint of what is erased, within the transaction that erases it."""
    base.execute("INSERT OR IGNORE INTO erased VALUES (?, ?, ?)", (tenant, sort, fingerprint(name)))


def erased(path: Place, tenant: str, sort: Sort) -> frozenset[bytes]:
    """The fingerprints of all that was erased."""
    found = read(path, "SELECT digest FROM erased WHERE tenant = ? AND sort = ?", (tenant, sort))
    return frozenset(row[0] for row in found)


def deleted(path: Place, tenant: str) -> frozenset[str]:
    """The ids whose deletion stands in the store; what is blocked is not deleted."""
    with closing(connect(path)) as base:
        return frozenset(_dead(base, tenant, 2**62))


def _dead(base: sqlite3.Connection, tenant: str, upto: int) -> list[str]:
    found = base.execute("SELECT id FROM items WHERE tenant = ? AND seq <= ? AND kind IS NULL", (tenant, upto))
    return [row[0] for row in found.fetchall()]


def settle(path: Place, tenant: str, upto: int) -> int:
    """Let the changes up to a number go, which tables and snapshot hold by now, deletions too; -> how many.

    Events about what was deleted go with it, and the logged pages that showed it. The file is written anew, so that
    none of their bytes is left in it. A server may go on using it.
    """
    with closing(connect(path)) as base:
        with transaction(base):
            for name in _dead(base, tenant, upto):
                _without(base, tenant, name)
            statement = f"DELETE FROM items WHERE tenant = ? AND seq <= ? AND {_SHOWN}"
            gone = base.execute(statement, (tenant, upto)).rowcount
            base.execute("DELETE FROM receipts WHERE tenant = ?", (tenant,))
        base.execute("VACUUM")
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return gone


def _without(base: sqlite3.Connection, tenant: str, name: str) -> None:
    """Nothing but a fingerprint of what is deleted, and of what was said and shown of it."""
    note(base, tenant, "item", name)
    for table in ("reports", "flags"):
        base.execute(f"DELETE FROM {table} WHERE tenant = ? AND id = ?", (tenant, name))
    base.execute("DELETE FROM judgments WHERE tenant = ? AND item = ?", (tenant, name))
    base.execute("DELETE FROM events WHERE tenant = ? AND object_id = ?", (tenant, name))
    for table in ("served", "feeds"):
        base.execute(f"DELETE FROM {table} WHERE tenant = ? AND instr(body, CAST(? AS BLOB))", (tenant, name))


def leave_out(copy: sqlite3.Connection, known: list[tuple[str, str, bytes]]) -> None:
    """Take what was erased out of a store that is being restored; `known`: (tenant, sort, fingerprint)."""
    copy.create_function("fingerprint", 1, fingerprint, deterministic=True)
    copy.executemany("INSERT OR IGNORE INTO erased VALUES (?, ?, ?)", known)
    hidden = "(SELECT digest FROM erased e WHERE e.tenant = {0}.tenant AND e.sort = '{1}')"
    copy.execute(f"DELETE FROM items WHERE kind IS NOT NULL AND fingerprint(id) IN {hidden.format('items', 'item')}")
    for table in OF_PEOPLE:
        copy.execute(f"DELETE FROM {table} WHERE fingerprint(user_id) IN {hidden.format(table, 'user')}")
