"""Which tables has a live store in PostgreSQL? Those of SQLite (indexing/store_schema.py), brought up at start."""

from typing import Any, Final

from engine.errors import LifestyleError
from indexing.places import Address
from indexing.postgres.dialect import table

#: One row: up to which format the tables are there.
_VERSION: Final = "CREATE TABLE IF NOT EXISTS lifestyle_format (version BIGINT NOT NULL)"


def prepare(base: Any, address: Address, formats: tuple[str, ...]) -> None:
    """Make or bring up the tables; one process does, others wait. Raises LifestyleError for another program's database,
    one of a later release, and a server that does not keep what it acknowledges."""
    if base.execute("SHOW fsync").fetchone()[0] != "on":
        raise LifestyleError(f"{address} runs with fsync off: what it acknowledges may be lost; set fsync = on")
    base.execute("BEGIN IMMEDIATE")
    try:
        version = _version(base, address)
        if version > len(formats):
            raise LifestyleError(f"the store {address} has format {version}; this release reads up to {len(formats)}")
        for added in formats[version:]:
            for said in filter(None, (each.strip() for each in _bare(added).split(";"))):
                base.execute(table(said))
        base.execute("DELETE FROM lifestyle_format")
        base.execute("INSERT INTO lifestyle_format VALUES (?)", (len(formats),))
        base.execute("COMMIT")
    except BaseException:
        if base.in_transaction:
            base.execute("ROLLBACK")
        raise


def _version(base: Any, address: Address) -> int:
    """0 for a database that has none of our tables."""
    ours = base.execute("SELECT to_regclass('lifestyle_format') IS NOT NULL").fetchone()[0]
    if not ours and base.execute("SELECT to_regclass('items') IS NOT NULL").fetchone()[0]:
        raise LifestyleError(f"{address} is a database of another program; name another one for the store")
    base.execute(_VERSION)
    found = base.execute("SELECT version FROM lifestyle_format").fetchone()
    return int(found[0]) if found else 0


def _bare(statements: str) -> str:
    """Without comments, in which there may be semicolons."""
    return "\n".join(line.partition("--")[0] for line in statements.splitlines())
