"""Where does a live store lie? In a file of this machine (SQLite), or in a database that several share (PostgreSQL)."""

import fcntl
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypeAlias


@dataclass(frozen=True)
class Address:
    """A database: postgresql://user:password@host/name. Its password is never shown."""

    url: str = field(repr=False)

    def __str__(self) -> str:
        return re.sub(r"//[^@/]*@", "//", self.url.partition("?")[0])

    @property
    def name(self) -> str:
        """As it is called in messages."""
        return str(self)

    def exists(self) -> bool:
        """It is made by whoever runs the server, before."""
        return True


Place: TypeAlias = Path | Address


def held(path: Path) -> IO[str]:
    """The lock of a file, shared, so that nobody puts another file in its place (indexing/backup.py)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_name(f"{path.name}.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)
    except BaseException:
        lock.close()
        raise
    return lock
