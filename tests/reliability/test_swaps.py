"""Is a change of snapshot invisible to those who ask, and does it leave nothing behind?"""

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
import pytest

from indexing.publish import Publisher
from tests.api.test_live import eventually
from tests.api.world import KEY, deploy, listening, rows, running
from tests.reliability.watch import open_files, resident_mb

CLIENTS: Final = 32
VERSIONS: Final = ("00000001", "00000002")
QUERIES: Final = ("有草坪的咖啡店", "quiet café", "人均100以内的咖啡", "带娃去的公园")
Note = Callable[[str, object], None]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two snapshots of the same places; the price of each says which snapshot it is of."""
    root = tmp_path_factory.mktemp("swaps")
    for price in (1, 2):
        deploy(root, {"poi": [row | {"price_per_person": price} for row in rows()["poi"][:60]]})
    return root


class Askers(threading.Thread):
    """Clients that ask in a closed loop until they are told to stop."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port
        self.stop = threading.Event()
        self.wrong: list[Any] = []
        self.spent: list[float] = []
        self.versions: set[str] = set()

    def run(self) -> None:
        """All of them on one event loop."""
        asyncio.run(self._all())

    async def _all(self) -> None:
        url, limits = f"http://127.0.0.1:{self._port}", httpx.Limits(max_connections=CLIENTS)
        async with httpx.AsyncClient(base_url=url, headers=KEY, timeout=60, limits=limits) as client:
            await asyncio.gather(*(self._one(client, number) for number in range(CLIENTS)))

    async def _one(self, client: httpx.AsyncClient, number: int) -> None:
        while not self.stop.is_set():
            began = time.perf_counter()
            body = {"q": QUERIES[number % len(QUERIES)], "kinds": ["poi"], "budget_ms": 2000}
            reply = await client.post("/v1/search", json=body)
            self.spent.append((time.perf_counter() - began) * 1000)
            self._look(reply)

    def _look(self, reply: httpx.Response) -> None:
        if reply.status_code != 200:
            self.wrong.append((reply.status_code, reply.text))
            return
        answer = reply.json()
        version = answer["versions"]["snapshot"]
        self.versions.add(version)
        prices = {hit["item"]["price_per_person"] for hit in answer["hits"]}
        if prices - {int(version)}:
            self.wrong.append((version, prices))


def serve(root: Path, version: str) -> None:
    Publisher(root).rollback("default", version)


@pytest.mark.promise(9)
def test_a_hundred_swaps_under_load_are_not_noticed(twice: Path, record_property: Note) -> None:
    with listening(twice, follow_seconds=0.05, queue=64) as port, httpx.Client(timeout=60) as client:

        def served() -> str:
            return str(client.get(f"http://127.0.0.1:{port}/readyz").json()["tenants"]["default"])

        askers = Askers(port)
        askers.start()
        try:
            time.sleep(5)
            steady, swaps = len(askers.spent), 100
            for number in range(swaps):
                wanted = VERSIONS[number % 2]
                serve(twice, wanted)
                assert eventually(lambda wanted=wanted: served() == wanted, 120)
        finally:
            askers.stop.set()
            askers.join()
    assert askers.wrong == []
    assert askers.versions == set(VERSIONS)
    p99 = [float(np.percentile(part, 99)) for part in (askers.spent[:steady], askers.spent[steady:])]
    record_property("figure", f"{swaps} swaps under {CLIENTS} clients, {len(askers.spent)} answers, 0 errors, 0 mixed; "
                    f"p99 {p99[1] / p99[0]:.2f} times the steady one")  # fmt: skip


@pytest.mark.promise(8)
def test_two_hundred_swaps_leave_nothing_behind(twice: Path, record_property: Note) -> None:
    with running(twice, follow_seconds=3600.0) as client:
        follower = client.app.state.parts.views._follower("default")  # type: ignore[attr-defined]

        def swap(times: int) -> tuple[int, float]:
            for number in range(times):
                serve(twice, VERSIONS[number % 2])
                assert follower.refresh().index.version == VERSIONS[number % 2]
                assert client.post("/v1/search", json={"q": QUERIES[number % 4]}).status_code == 200
            memory = resident_mb()  # after a collection: what waits for one holds files too
            return open_files(), memory

        swap(50)
        files, memory = swap(10)
        more_files, more_memory = swap(200)
    assert more_files <= files
    assert more_memory <= 1.05 * memory
    record_property(
        "figure", f"200 swaps: {more_files - files:+d} files, memory {100 * (more_memory / memory - 1):+.1f} %"
    )
