"""Does a backup taken under writes hold one moment, and does a restore undo no deletion and hide no change?"""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import BadInput, LifestyleError
from indexing.backup import BEFORE, backup, restore
from indexing.moderation import Moderation
from indexing.store import SqliteStore

pytestmark = pytest.mark.promise(2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(tmp_path / "store.sqlite")
    yield made
    made.close()


def state(path: Path) -> dict[str, str | None]:
    """id -> kind of all that a store holds."""
    held = SqliteStore(path)
    found: dict[str, str | None] = {name: kind for _, name, kind, _ in held.changes("demo", 0)}
    held.close()
    return found


def test_a_backup_under_writes_holds_one_moment(store: SqliteStore, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            store.upsert("demo", [("poi", {"id": f"a{number}"}), ("poi", {"id": f"b{number}"})])
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        sizes = [backup(tmp_path / "store.sqlite", tmp_path / f"copy-{n}") for n in range(5)]
    finally:
        stop.set()
        thread.join()
    assert min(sizes) > 0
    for number in range(5):
        names = set(state(tmp_path / f"copy-{number}"))
        assert {name[1:] for name in names if name[0] == "a"} == {name[1:] for name in names if name[0] == "b"}


def test_a_restore_brings_back_what_was_saved_and_keeps_later_deletions(store: SqliteStore, tmp_path: Path) -> None:
    path, saved = tmp_path / "store.sqlite", tmp_path / "saved"
    store.upsert("demo", [("poi", {"id": "a"}), ("poi", {"id": "b"})])
    backup(path, saved)
    store.delete("demo", "a")
    last = store.upsert("demo", [("poi", {"id": "c"})])
    store.close()
    assert restore(saved, path, {"demo": 900}) == 2
    assert state(path) == {"a": None, "b": "poi"}
    after = SqliteStore(path)
    assert all(seq > max(last, 900) for seq, *_ in after.changes("demo", 0))
    assert after.delete("demo", "b") == after.sequence("demo") > 900
    after.close()
    assert state(path.with_name(path.name + BEFORE)) == {"a": None, "b": "poi", "c": "poi"}


def test_a_lost_store_is_restored_above_what_snapshots_have_built_in(store: SqliteStore, tmp_path: Path) -> None:
    path, saved = tmp_path / "store.sqlite", tmp_path / "saved"
    store.upsert("demo", [("poi", {"id": "a"})])
    backup(path, saved)
    store.close()
    for lost in tmp_path.glob("store.sqlite*"):
        lost.unlink()
    restore(saved, path, {"demo": 500, "other": 7})
    after = SqliteStore(path)
    assert [name for _, name, *_ in after.changes("demo", 500)] == ["a"]
    assert after.delete("other", "x") == 8
    after.close()


def test_a_store_that_is_open_is_not_replaced(store: SqliteStore, tmp_path: Path) -> None:
    backup(tmp_path / "store.sqlite", tmp_path / "saved")
    with pytest.raises(BadInput, match="stop it first"):
        restore(tmp_path / "saved", tmp_path / "store.sqlite", {})


def test_what_is_damaged_or_there_already_is_refused(store: SqliteStore, tmp_path: Path) -> None:
    path, saved = tmp_path / "store.sqlite", tmp_path / "saved"
    store.upsert("demo", [("poi", {"id": f"a{n}", "name": "x" * 500}) for n in range(200)])
    backup(path, saved)
    store.close()
    with pytest.raises(BadInput, match="exists already"):
        backup(path, saved)
    with pytest.raises(BadInput, match="no store"):
        backup(tmp_path / "none", tmp_path / "other")
    whole = saved.read_bytes()
    saved.write_bytes(whole[:8192] + b"\xff" * 4096 + whole[12288:])
    with pytest.raises(LifestyleError, match="damaged"):
        restore(saved, path, {})
    assert len(state(path)) == 200
    assert not list(tmp_path.glob("*.tmp*"))


def test_a_restore_shows_nothing_that_was_blocked_since(store: SqliteStore, tmp_path: Path) -> None:
    path, saved = tmp_path / "store.sqlite", tmp_path / "saved"
    store.upsert("demo", [("poi", {"id": name}) for name in "abc"])
    kept = Moderation(path, lambda: datetime(2026, 11, 1, tzinfo=UTC))
    kept.block("demo", "b", None, "ann", "a mistake")
    backup(path, saved)
    later = Moderation(path, lambda: datetime(2026, 11, 2, tzinfo=UTC))
    later.block("demo", "a", None, "ann", "forged papers")
    later.block("demo", "of-a-snapshot", ("poi", {"id": "of-a-snapshot"}), "ann", "forged papers")
    later.unblock("demo", "b", "ben", "it was a mistake")
    later.report("demo", "c", "u1", "unsafe")
    store.upsert("demo", [("poi", {"id": "new"})])
    later.block("demo", "new", None, "ann", "forged papers")
    store.close()
    restore(saved, path, {})
    assert state(path) == {"a": None, "b": "poi", "c": "poi", "of-a-snapshot": None, "new": None}
    assert [row["what"] for row in later.log("demo")] == ["block", "unblock", "block", "block", "block"]
    assert [waiting.id for waiting in later.queue("demo")] == ["c"]
    later.unblock("demo", "new", "ben", "cleared")
    assert state(path)["new"] == "poi"


def test_a_restore_in_place_of_an_unreadable_store_keeps_the_blocks_of_the_copy(
    store: SqliteStore, tmp_path: Path
) -> None:
    path, saved = tmp_path / "store.sqlite", tmp_path / "saved"
    store.upsert("demo", [("poi", {"id": "a"})])
    Moderation(path, lambda: datetime(2026, 11, 1, tzinfo=UTC)).block("demo", "a", None, "ann", "forged papers")
    backup(path, saved)
    store.close()
    path.write_bytes(b"no database")
    restore(saved, path, {})
    assert state(path) == {"a": None}
