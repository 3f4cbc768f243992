"""Is what was acknowledged still there after a kill, and does nobody read half a write?"""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.errors import LifestyleError, NoRoom
from engine.ports import Receipt
from indexing.store import KEPT, RECEIPTS_KEPT, SqliteStore

pytestmark = pytest.mark.promise(2)

WRITER = """
import sys
from pathlib import Path
from indexing.store import KEPT, SqliteStore
store = SqliteStore(Path(sys.argv[1]))
start = store.sequence("demo")
for n in range(start, start + 100_000):
    store.upsert("demo", [("poi", {"id": f"a{n}", "name": "x" * 200}), ("poi", {"id": f"b{n}", "name": "y"})])
    if n % 3 == 0:
        store.delete("demo", f"b{n}")
    print(n, flush=True)
"""


def test_every_acknowledged_write_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "live.db"
    acknowledged: list[int] = []
    for kills in range(3):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        for _ in range(15 + 5 * kills):
            acknowledged.append(int(writer.stdout.readline()))
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in writer.stdout.read().split()]
        writer.wait()
        writer.stdout.close()
        store = SqliteStore(path)
        found = {name: kind for _, name, kind, _ in store.changes("demo", 0)}
        for n in acknowledged:
            assert found[f"a{n}"] == "poi"
            assert found[f"b{n}"] == (None if n % 3 == 0 else "poi")
        pairs = {name[1:] for name in found}
        assert all(f"a{n}" in found and f"b{n}" in found for n in pairs)  # a batch is whole or absent
        store.close()


def test_a_failing_batch_leaves_nothing(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "live.db")
    store.upsert("demo", [("poi", {"id": "a"})])
    with pytest.raises(sqlite3.Error):
        store.upsert("demo", [("poi", {"id": "b"}), ("poi", {"id": None})])
    assert [name for _, name, *_ in store.changes("demo", 0)] == ["a"]
    assert store.sequence("demo") == 1
    assert store.upsert("demo", [("poi", {"id": "c"})]) == 2
    store.close()


def test_a_full_disk_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "live.db")
    store._writer.execute("PRAGMA max_page_count=60").fetchall()
    written: list[int] = []
    with pytest.raises(NoRoom, match="make room"):
        for n in range(1000):
            store.upsert("demo", [("poi", {"id": f"{n}", "name": "x" * 3000})])
            written.append(n)
    assert len(written) > 3
    assert [name for _, name, *_ in store.changes("demo", 0)] == [str(n) for n in written]
    assert store.sequence("demo") == len(written)
    store.delete("demo", "0")  # makes room: deletions go on
    assert store.sequence("demo") == len(written) + 1
    store.close()


def test_two_processes_share_one_sequence(tmp_path: Path) -> None:
    one, two = SqliteStore(tmp_path / "live.db"), SqliteStore(tmp_path / "live.db")
    assert [one.delete("demo", "a"), two.delete("demo", "b"), one.delete("demo", "c")] == [1, 2, 3]
    assert [name for _, name, *_ in two.changes("demo", 0)] == ["a", "b", "c"]
    one.close()
    two.close()


def test_threads_write_and_read_together(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "live.db")
    together = threading.Barrier(4)

    def work(thread: int) -> list[int]:
        together.wait()
        return [store.upsert("demo", [("poi", {"id": f"{thread}-{n}"})]) for n in range(20)]

    def read(_: int) -> None:
        together.wait()
        for _ in range(20):
            seqs = [seq for seq, *_ in store.changes("demo", 0)]
            assert seqs == list(range(1, len(seqs) + 1))  # no gap: a reader sees every number that was given

    with ThreadPoolExecutor(4) as pool:
        written = [pool.submit(work, n) for n in range(3)]
        pool.submit(read, 0).result()
        assert sorted(seq for each in written for seq in each.result()) == list(range(1, 61))
    store.close()


def test_what_is_forgotten_is_in_no_byte_of_the_files(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "live.db")
    secret = "person-0d9f1c"
    event = {"user_id": secret, "action": "save", "object_id": "a", "at": "2026-05-01T00:00:00Z"}
    store.record("demo", [event])
    assert any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
    assert store.forget_user("demo", secret) == 1
    assert not any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
    store.close()


def test_files_that_are_no_store_are_refused(tmp_path: Path) -> None:
    noise = tmp_path / "noise.db"
    noise.write_bytes(b"no database at all" * 100)
    with pytest.raises(LifestyleError, match=r"noise\.db cannot be read"):
        SqliteStore(noise)
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE t (x)")
    other.close()
    with pytest.raises(LifestyleError, match="another program"):
        SqliteStore(tmp_path / "other.db")
    SqliteStore(tmp_path / "new.db").close()
    newer = sqlite3.connect(tmp_path / "new.db")
    newer.execute("PRAGMA user_version=99")
    newer.close()
    with pytest.raises(LifestyleError, match="format 99"):
        SqliteStore(tmp_path / "new.db")


CONSOLE = "DROP TABLE judgments;"
COLUMNS = "ALTER TABLE asked DROP COLUMN found; ALTER TABLE asked DROP COLUMN gave_way;"
FEEDS = f"DROP INDEX events_by_time; DROP TABLE steering; DROP TABLE feeds; {CONSOLE}"
ERASED = f"DROP TABLE erased; {FEEDS}"
MODERATION = f"DROP TABLE blocked; DROP TABLE reports; DROP TABLE flags; DROP TABLE decisions; {ERASED}"
LEDGER = f"DROP TABLE served; DROP TABLE rules; DROP TABLE rule_log; {MODERATION}"


@pytest.mark.parametrize(
    ("version", "lost"),
    [
        (1, f"DROP TABLE asked; DROP TABLE receipts; {LEDGER}"),
        (2, f"DROP TABLE receipts; {LEDGER} {COLUMNS}"),
        (3, f"{LEDGER} {COLUMNS}"),
        (4, f"{MODERATION} {COLUMNS}"),
        (5, f"{ERASED} {COLUMNS}"),
        (6, f"{FEEDS} {COLUMNS}"),
        (7, f"{CONSOLE} {COLUMNS}"),
    ],
)
def test_a_store_of_an_older_format_gains_what_it_lacks(tmp_path: Path, version: int, lost: str) -> None:
    path = tmp_path / "live.db"
    old = SqliteStore(path)
    old.upsert("demo", [("poi", {"id": "a", "name": "a"})])
    old.close()
    older = sqlite3.connect(path)
    older.executescript(f"{lost} PRAGMA user_version={version};")
    older.close()
    store = SqliteStore(path)
    store.remember("demo", "u", "带娃")
    assert store.sequence("demo") == 1
    assert store.upsert("demo", [("poi", {"id": "b"})], Receipt("k", "d")) == 2
    store.close()


def test_receipts_are_kept_for_a_day(tmp_path: Path) -> None:
    now = [datetime(2026, 5, 1, tzinfo=UTC)]
    store = SqliteStore(tmp_path / "live.db", clock=lambda: now[0])
    assert store.upsert("demo", [("poi", {"id": "a"})], Receipt("k", "d")) == 1
    now[0] += RECEIPTS_KEPT + timedelta(seconds=2)
    assert store.upsert("demo", [("poi", {"id": "a"})], Receipt("k", "d")) == 2
    store.close()


def test_queries_are_deleted_when_they_are_old(tmp_path: Path) -> None:
    now = [datetime(2026, 5, 1, tzinfo=UTC)]
    store = SqliteStore(tmp_path / "live.db", clock=lambda: now[0])
    for person in "abcde":
        store.remember("demo", person, "带娃")
    assert store.popular("demo") == [("带娃", 5)]
    now[0] += KEPT + timedelta(days=1)
    assert store.popular("demo") == []
    store.remember("demo", "f", "x")
    assert store.forget_user("demo", "a") == 0
    store.close()
