"""Does a store that several machines share keep what it acknowledged, in the order of its numbers?"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.errors import LifestyleError, Overloaded
from engine.ports import Receipt
from indexing.places import Address
from indexing.postgres.store import PostgresStore
from indexing.store_schema import FORMATS, connect, read, write
from tests.contracts.servers import Server

pytestmark = [pytest.mark.promise(2), pytest.mark.needs("psycopg")]

WRITER = """
import sys, time
from engine.errors import Overloaded
from indexing.places import Address
from indexing.postgres.store import PostgresStore
store, name = PostgresStore(Address(sys.argv[1])), sys.argv[2]
for n in range(int(sys.argv[3]), 100_000):
    try:
        store.upsert("demo", [("poi", {"id": f"a{name}{n}", "name": "x" * 200}), ("poi", {"id": f"b{name}{n}"})])
        if n % 3 == 0:
            store.delete("demo", f"b{name}{n}")
    except Overloaded:
        time.sleep(0.05)
        continue
    print(n, flush=True)
"""


def writer(address: Address, name: str, start: int = 0) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, address.url, name, str(start)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def some(of: "subprocess.Popen[str]", count: int) -> list[int]:
    assert of.stdout is not None
    return [int(of.stdout.readline()) for _ in range(count)]


def killed(of: "subprocess.Popen[str]") -> list[int]:
    assert of.stdout is not None
    os.kill(of.pid, signal.SIGKILL)
    rest = [int(line) for line in of.stdout.read().split("\n")[:-1]]
    of.wait()
    of.stdout.close()
    return rest


def held_to(store: PostgresStore, name: str, acknowledged: Sequence[int]) -> None:
    found = {item: kind for _, item, kind, _ in store.changes("demo", 0)}
    for n in acknowledged:
        assert found[f"a{name}{n}"] == "poi"
        assert found[f"b{name}{n}"] == (None if n % 3 == 0 else "poi")
    pairs = {item[1:] for item in found}
    assert all(f"a{each}" in found and f"b{each}" in found for each in pairs)  # a batch is whole or absent


def test_every_acknowledged_write_survives_a_kill_of_the_client(address: Address) -> None:
    acknowledged: list[int] = []
    for kills in range(3):
        working = writer(address, "x", 1000 * kills)
        acknowledged += some(working, 12 + 5 * kills)
        acknowledged += killed(working)
    store = PostgresStore(address)
    held_to(store, "x", acknowledged)
    store.close()


def test_every_acknowledged_write_survives_a_kill_of_the_server(postgres: Server, address: Address) -> None:
    working = writer(address, "x")
    acknowledged = some(working, 10)
    for _ in range(3):
        postgres.kill()
        postgres.start()
        acknowledged += some(working, 10)  # the same client goes on
    acknowledged += killed(working)
    store = PostgresStore(address)
    held_to(store, "x", acknowledged)
    store.close()


def test_followers_of_two_writing_processes_miss_nothing(address: Address) -> None:
    """A number is never seen before all smaller ones are: who goes on from the newest misses none."""
    store = PostgresStore(address)
    writers = [writer(address, name) for name in "xy"]
    seen: list[int] = []
    after = 0
    for each in writers:
        some(each, 1)
    while store.sequence("demo") < 300:
        for seq, *_ in store.changes("demo", after):
            assert seq > after
            seen.append(seq)
            after = seq
    acknowledged = [killed(each) for each in writers]
    seen += [seq for seq, *_ in store.changes("demo", after)]
    latest = {seq for seq, *_ in store.changes("demo", 0)}
    assert latest <= set(seen)
    for name, told in zip("xy", acknowledged, strict=True):
        assert told
        held_to(store, name, told)
    store.close()


def test_numbers_have_no_gap_and_readers_see_them_in_order(address: Address) -> None:
    stores = [PostgresStore(address) for _ in range(2)]
    together = threading.Barrier(5)

    def work(thread: int) -> list[int]:
        together.wait()
        return [stores[thread % 2].upsert("demo", [("poi", {"id": f"{thread}-{n}"})]) for n in range(15)]

    def look(_: int) -> None:
        together.wait()
        for _ in range(30):
            seqs = [seq for seq, *_ in stores[0].changes("demo", 0)]
            assert seqs == list(range(1, len(seqs) + 1))

    with ThreadPoolExecutor(5) as pool:
        written = [pool.submit(work, n) for n in range(4)]
        pool.submit(look, 0).result()
        assert sorted(seq for each in written for seq in each.result()) == list(range(1, 61))
    for store in stores:
        store.close()


def test_a_request_that_two_machines_get_is_done_once(address: Address) -> None:
    stores = [PostgresStore(address) for _ in range(4)]
    together = threading.Barrier(4)

    def work(store: PostgresStore) -> int:
        together.wait()
        return store.upsert("demo", [("poi", {"id": "a"})], Receipt("k", "d"))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, stores)) == [1, 1, 1, 1]
    event = {"user_id": "u", "action": "save", "object_id": "a", "at": "2026-05-01T00:00:00Z"}
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda store: store.record("demo", [event]), stores)) == 1
    for store in stores:
        store.close()


def test_while_the_server_is_gone_writes_are_refused_and_searches_go_on(postgres: Server, address: Address) -> None:
    store = PostgresStore(address)
    store.upsert("demo", [("poi", {"id": "a"})])
    postgres.kill()
    try:
        with pytest.raises(Overloaded, match="cannot be reached") as refused:
            store.upsert("demo", [("poi", {"id": "b"})])
        assert "secret" not in str(refused.value)
        assert not store.removed("demo", 0)
        assert "cannot be reached" in (store.trouble() or "")
    finally:
        postgres.start()
    assert _sooner_or_later(store) == 2
    assert store.trouble() is None
    store.close()


def _sooner_or_later(store: PostgresStore) -> int:
    for _ in range(200):
        try:
            return store.delete("demo", "a")
        except Overloaded:
            threading.Event().wait(0.05)
    raise AssertionError("the store did not come back")


def test_a_store_of_an_older_format_gains_what_it_lacks(address: Address) -> None:
    older = PostgresStore(address)
    older.upsert("demo", [("poi", {"id": "a"})])
    older.close()

    def back(base: object) -> None:
        for said in (
            "DROP TABLE judgments",
            "ALTER TABLE asked DROP COLUMN found",
            "ALTER TABLE asked DROP COLUMN gave_way",
        ):
            base.execute(said)  # type: ignore[attr-defined]
        base.execute("UPDATE lifestyle_format SET version = 7")  # type: ignore[attr-defined]

    write(address, back)
    with ThreadPoolExecutor(3) as pool:  # three machines start at once
        for store in pool.map(lambda _: PostgresStore(address), range(3)):
            store.remember("demo", "u", "带娃", 3, ("price",))
            assert store.sequence("demo") == 1
            store.close()
    assert read(address, "SELECT version FROM lifestyle_format", ()) == [(len(FORMATS),)]


def test_databases_that_are_no_store_are_refused(address: Address, postgres: Server) -> None:
    base = connect(address)
    base.execute("CREATE TABLE items (x BIGINT)")
    base.close()
    with pytest.raises(LifestyleError, match="another program"):
        PostgresStore(address)
    newer = postgres.database()
    PostgresStore(newer).close()
    write(newer, lambda base: base.execute("UPDATE lifestyle_format SET version = 99"))
    with pytest.raises(LifestyleError, match="format 99"):
        PostgresStore(newer)
