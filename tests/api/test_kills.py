"""Does a server that is killed at any moment come back with every write that it acknowledged, and no other?

The default suite kills the program twice, `make reliability` a forked server two hundred times, `make nightly` more.
"""

import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx
import pytest

from tests.api.forked import forked
from tests.api.test_cli import serving
from tests.api.test_live import eventually
from tests.api.world import KEY, free_port, ready

pytestmark = pytest.mark.promise(2)

IDS: Final = [f"k-{number}" for number in range(12)]
GONE: Final = None


class Writer(threading.Thread):
    """Upserts, changes and deletes until the server is gone; knows what was acknowledged and what was under way."""

    def __init__(self, client: httpx.Client, rng: Random, known: dict[str, Any]) -> None:
        super().__init__()
        self._client, self._rng, self.known = client, rng, known
        self.under_way: tuple[str, Any] | None = None
        self.seq, self.acknowledged = 0, 0

    def run(self) -> None:
        """One write after another."""
        try:
            while True:
                self._write(self._rng.choice(IDS), self._rng.randint(1, 10**6))
        except httpx.TransportError:
            return

    def _write(self, name: str, price: int) -> None:
        before = self.known.get(name, GONE)
        kind = self._rng.choice(["upsert", "patch", "delete"]) if before is not GONE else "upsert"
        self.under_way = (name, GONE if kind == "delete" else price)
        if kind == "upsert":
            item = {"kind": "poi", "item": {"id": name, "name": name, "price_per_person": price}}
            reply = self._client.post("/v1/items:upsert", json={"items": [item]})
        elif kind == "patch":
            reply = self._client.patch(f"/v1/items/{name}", json={"price_per_person": price})
        else:
            reply = self._client.delete(f"/v1/items/{name}")
        assert reply.status_code == 200, reply.text
        assert reply.json()["seq"] > self.seq
        self.seq, self.known[name] = reply.json()["seq"], self.under_way[1]
        self.under_way, self.acknowledged = None, self.acknowledged + 1


class Program:
    """`lifestyle serve` as it is started by anybody."""

    def __init__(self, root: Path, port: int) -> None:
        self._process = serving(root, port)

    def kill(self) -> None:
        """SIGKILL; returns when it is gone."""
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()


class Fork:
    """The same server in a process that was forked: it starts in a fraction of the time."""

    def __init__(self, root: Path, port: int) -> None:
        self._process = forked(root, port)

    def kill(self) -> None:
        """SIGKILL; returns when it is gone."""
        self._process.kill()
        self._process.join()
        self._process.close()


def killed(root: Path, cycles: int, start: Callable[[Path, int], Program | Fork] = Program, most: int = 40) -> int:
    """Kill a writing server so often, each time amid up to `most` writes, and compare; -> writes acknowledged."""
    rng, known, done = Random(7), dict[str, Any](), 0
    for cycle in range(cycles):
        port = free_port()
        server = start(root, port)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=KEY, timeout=60) as client:
            assert eventually(lambda client=client: ready(client), 120)
            _compare(client, known)
            writer = Writer(client, Random(cycle), known)
            writer.start()
            least = rng.randint(1, most)
            assert eventually(lambda writer=writer, least=least: writer.acknowledged >= least, 120)
            time.sleep(rng.random() * 0.03)  # anywhere within the next write
            server.kill()
            writer.join()
        done += writer.acknowledged
        if writer.under_way is not None:  # it may have been done, or not: the next server says which
            name, value = writer.under_way
            known[name] = {"either": (known.get(name, GONE), value)}
    return done


def _compare(client: httpx.Client, known: dict[str, Any]) -> None:
    for name in IDS:
        reply = client.get(f"/v1/items/{name}")
        found = GONE if reply.status_code == 404 else reply.json()["price_per_person"]
        wanted = known.get(name, GONE)
        assert found in (wanted["either"] if isinstance(wanted, dict) else (wanted,)), name
        known[name] = found


def test_two_kills_lose_nothing(root: Path) -> None:
    assert killed(root, 3) > 0


@pytest.mark.reliability
def test_two_hundred_kills_lose_nothing(root: Path, record_property: Callable[[str, object], None]) -> None:
    acknowledged = killed(root, 201, Fork, 8)
    assert acknowledged > 200
    record_property("figure", f"200 SIGKILLs of a server amid {acknowledged} acknowledged writes: 0 lost, 0 invented")


@pytest.mark.nightly
def test_two_thousand_kills_lose_nothing(root: Path) -> None:
    assert killed(root, 2001, Fork, 8) > 2000


@pytest.mark.nightly
def test_a_hundred_kills_of_the_program_lose_nothing(root: Path) -> None:
    assert killed(root, 101) > 100
