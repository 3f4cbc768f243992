"""How is the live store copied while it is written to, and put back? One file that holds one moment, checked."""

import fcntl
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from engine.errors import BadInput, LifestyleError
from indexing.erasure import leave_out
from indexing.files import Disk
from indexing.store_schema import advance, connect, prepare, transaction

#: Tables of moderation (indexing/moderation.py), and what is copied of them.
_MODERATED: Final = (
    ("blocked", "tenant, id"),
    ("reports", "tenant, id, user_id, reason, text, at"),
    ("flags", "tenant, id, label, reason, words, at"),
    ("decisions", "tenant, id, what, who, why, at"),
)
#: Items that are blocked: they come back when they are unblocked.
_HIDDEN: Final = (
    "SELECT i.tenant, i.id, i.kind, i.item FROM items AS i "
    "JOIN blocked AS b ON b.tenant = i.tenant AND b.id = i.id WHERE i.kind IS NOT NULL"
)
#: What the store that was there before a restore is called afterwards.
BEFORE: Final = ".before-restore"


def backup(store: Path, target: Path, disk: Disk | None = None) -> int:
    """Copy a store that others may be writing to; -> bytes. The copy is whole or not there, and durable.

    It holds what was committed when it began. Raises BadInput for a target that exists, LifestyleError for a store
    that is damaged.
    """
    disk = disk or Disk()
    if target.exists():
        raise BadInput(f"{target} exists already; name another file")
    if not store.is_file():
        raise BadInput(f"there is no store at {store}; nothing was written live yet")
    with _draft(target, disk) as draft:
        with closing(connect(store)) as source, closing(sqlite3.connect(draft)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, without a log beside it
            _sound(copy, store)
        disk.fsync(draft)
        disk.rename(draft, target)
        disk.fsync_dir(target.parent)
    return target.stat().st_size


def restore(saved: Path, store: Path, floor: Mapping[str, int], disk: Disk | None = None) -> int:
    """Put a copy in the place of a store that nobody has open; -> how many items and deletions it brought.

    Its changes are numbered anew, above `floor` (tenant -> the newest change that any snapshot has built in) and above
    those of the store before, so that every server takes them in over its snapshot. Deletions, blocks, reports and
    decisions of the store before are kept, where it can be read; it stays beside as `<name>.before-restore`. What was
    unblocked since stays visible. Raises BadInput, LifestyleError.
    """
    disk = disk or Disk()
    with alone(store), _draft(store, disk) as draft:
        with closing(_read_only(saved)) as source, closing(sqlite3.connect(draft)) as copy:
            _sound(source, saved)
            source.backup(copy)
        with closing(connect(draft)) as copy:
            prepare(copy, saved)
            leave_out(copy, _erased(store))
            _keep_moderation(copy, store)
            brought = _renumbered(copy, floor, _before(store))
            copy.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        _put_in_place(draft, store, disk)
    return brought


@contextmanager
def _draft(path: Path, disk: Disk) -> Iterator[Path]:
    """A file beside the one to be made; nothing of it is left, whatever happens."""
    draft = path.with_name(f"{path.name}.tmp")
    try:
        _remove(draft, disk)
        yield draft
    finally:
        _remove(draft, disk)


def _remove(base: Path, disk: Disk) -> None:
    """A database with the log and the index of the log that may lie beside it."""
    for name in ("", "-wal", "-shm"):
        disk.remove(base.with_name(base.name + name))


@contextmanager
def alone(store: Path) -> Iterator[None]:
    """While nobody has the store open; BadInput when somebody has (every SqliteStore holds the lock shared)."""
    with store.with_name(f"{store.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(f"{store} is open in a server or another command; stop it first") from None
        yield


def _read_only(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise BadInput(f"{path} is no file")
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _sound(base: sqlite3.Connection, path: Path) -> None:
    try:
        told = base.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        told = str(error)
    if told != "ok":
        raise LifestyleError(f"{path} is damaged ({told:.200}); take an older backup")


def _before(store: Path) -> list[tuple[str, str, int]]:
    """(tenant, id, newest number of the tenant) of each deletion in the store before; none when it cannot be read."""
    if not store.exists():
        return []
    try:
        with closing(connect(store)) as old:
            gone = old.execute("SELECT tenant, id FROM items WHERE kind IS NULL").fetchall()
            last = dict(old.execute("SELECT tenant, last FROM sequence").fetchall())
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except (sqlite3.Error, LifestyleError):
        return []
    return [*((tenant, item_id, last[tenant]) for tenant, item_id in gone), *((t, "", n) for t, n in last.items())]


def _erased(store: Path) -> list[tuple[str, str, bytes]]:
    """What the store before knows to be erased for good; nothing when it cannot be read."""
    if not store.exists():
        return []
    try:
        with closing(connect(store)) as old:
            return old.execute("SELECT tenant, sort, digest FROM erased").fetchall()
    except (sqlite3.Error, LifestyleError):
        return []


def _keep_moderation(copy: sqlite3.Connection, store: Path) -> None:
    """What was blocked, reported, flagged and decided since: a restore shows nothing that somebody has hidden.

    The store before knows all that the copy knows of an item that was decided on since, so its word counts on those.
    """
    if not store.exists():
        return
    try:
        with closing(connect(store)) as old:
            rows = {name: old.execute(f"SELECT {columns} FROM {name}").fetchall() for name, columns in _MODERATED}
            hidden = old.execute(_HIDDEN).fetchall()
    except (sqlite3.Error, LifestyleError):
        return
    with transaction(copy):
        said = {*copy.execute("SELECT tenant, id, what, who, why, at FROM decisions").fetchall()}
        fresh = [row for row in rows["decisions"] if row not in said]
        decided = {(tenant, item) for tenant, item, *_ in fresh}
        copy.executemany("DELETE FROM blocked WHERE tenant = ? AND id = ?", sorted(decided))
        held = {*copy.execute("SELECT tenant, id FROM items").fetchall()}
        for tenant, item_id, kind, item in hidden:
            if (tenant, item_id) not in held:
                row = (tenant, item_id, advance(copy, tenant, 1), kind, item)
                copy.execute("INSERT INTO items VALUES (?, ?, ?, ?, ?)", row)
        for name, columns in _MODERATED:
            new = fresh if name == "decisions" else rows[name]
            marks = ", ".join("?" * (columns.count(",") + 1))
            copy.executemany(f"INSERT OR IGNORE INTO {name} ({columns}) VALUES ({marks})", new)


def _renumbered(copy: sqlite3.Connection, floor: Mapping[str, int], before: list[tuple[str, str, int]]) -> int:
    """Every change above all that was ever numbered, deletions of the store before last; -> rows."""
    highest = dict(floor)
    for tenant, _, last in before:
        highest[tenant] = max(highest.get(tenant, 0), last)
    with transaction(copy):
        for tenant, last in copy.execute("SELECT tenant, last FROM sequence").fetchall():
            highest[tenant] = max(highest.get(tenant, 0), last)
            copy.execute("UPDATE items SET seq = seq + ? WHERE tenant = ?", (highest[tenant], tenant))
            highest[tenant] += last
        for tenant, item_id, _ in before:
            if item_id:
                highest[tenant] += 1
                copy.execute(
                    "INSERT INTO items (tenant, id, seq) VALUES (?, ?, ?) ON CONFLICT (tenant, id) "
                    "DO UPDATE SET seq = excluded.seq, kind = NULL, item = NULL",
                    (tenant, item_id, highest[tenant]),
                )
        copy.executemany("INSERT OR REPLACE INTO sequence VALUES (?, ?)", highest.items())
    return int(copy.execute("SELECT count(*) FROM items").fetchone()[0])


def _put_in_place(draft: Path, store: Path, disk: Disk) -> None:
    """The old file aside, its log away, the new one under its name."""
    disk.fsync(draft)
    if store.exists():
        disk.rename(store, store.with_name(store.name + BEFORE))
    _remove(store, disk)  # what is left of it: the log
    disk.rename(draft, store)
    disk.fsync_dir(store.parent)
