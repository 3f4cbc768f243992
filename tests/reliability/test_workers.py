"""Do several workers behind one port answer as one? Writes, deletions, rates, metrics, an end, and a death."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from api.guard import digest
from tests.api.test_cli import serving
from tests.api.test_live import eventually
from tests.api.world import KEY, bearer, free_port, ready
from tests.reliability.watch import open_files, proportional_mb

LINES: Final = 16
ROUNDS: Final = 30
SLOW: Final = f'[{{"digest": "{digest("slow")}", "tenant": "default", "rate_per_second": 0.001, "rate_burst": 10}}]'


def children(pid: int) -> list[int]:
    """The processes that a process started, which run Python; the tracker of resources is none of ours."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [int(each) for each in found if b"resource_tracker" not in Path(f"/proc/{each}/cmdline").read_bytes()]


class Crowd:
    """Connections that stay open: each has a worker that answers it."""

    def __init__(self, url: str, count: int) -> None:
        self.lines = [httpx.Client(base_url=url, headers=KEY, timeout=60) for _ in range(count)]

    def ask(self, name: str) -> list[bool]:
        """Is the item among what each line finds?"""
        body = {"q": name, "kinds": ["poi"], "limit": 10, "budget_ms": 2000}
        replies = [line.post("/v1/search", json=body) for line in self.lines]
        assert {reply.status_code for reply in replies} == {200}
        return [name in [hit["id"] for hit in reply.json()["hits"]] for reply in replies]

    def close(self) -> None:
        for line in self.lines:
            line.close()


@contextmanager
def two_workers(root: Path) -> Iterator[tuple[int, str]]:
    """-> the pid of the parent and the address."""
    port = free_port()
    server = serving(root, port, "--workers", "2", LIFESTYLE_KEYS=SLOW)
    url = f"http://127.0.0.1:{port}"
    try:
        with httpx.Client(base_url=url, timeout=60) as client:
            assert eventually(lambda: ready(client), 180)
        yield server.pid, url
        server.send_signal(signal.SIGTERM)
        _, told = server.communicate(timeout=60)
        assert server.returncode in (0, -signal.SIGKILL), told
        assert "Traceback" not in told
    finally:
        server.kill()
        server.wait()


@contextmanager
def crowd(parent: int, url: str) -> Iterator[Crowd]:
    """Lines to all workers: more are opened until each worker holds some."""
    workers = children(parent)
    before = {pid: open_files(pid) for pid in workers}
    lines = Crowd(url, LINES)

    def spread() -> bool:
        for line in lines.lines:
            line.get("/healthz")
        if any(open_files(pid) <= before[pid] for pid in workers):
            lines.lines += Crowd(url, LINES).lines
            return False
        return True

    try:
        assert eventually(spread, 60)
        yield lines
    finally:
        lines.close()


def cafe(number: int) -> dict[str, Any]:
    return {"kind": "poi", "item": {"id": f"worker-cafe-{number}", "name": f"worker-cafe-{number}", "city": "杭州"}}


@pytest.mark.promise(23)
def test_what_one_worker_deletes_is_gone_in_all_at_once_and_what_it_writes_is_there_soon(
    root: Path, record_property: Callable[[str, object], None]
) -> None:
    lags, shown = [], 0
    with two_workers(root) as (parent, url), crowd(parent, url) as lines:
        workers = children(parent)
        for number in range(ROUNDS):
            item, writer = cafe(number), lines.lines[number % LINES]
            assert writer.post("/v1/items:upsert", json={"items": [item]}).status_code == 200
            began = time.perf_counter()
            assert eventually(lambda item=item: all(lines.ask(item["item"]["id"])), 60)
            lags.append(time.perf_counter() - began)
            assert lines.lines[-1 - number % LINES].delete(f"/v1/items/{item['item']['id']}").status_code == 200
            shown += sum(lines.ask(item["item"]["id"]))
        memory = [proportional_mb(pid) for pid in workers]
    assert shown == 0
    record_property("figure", f"2 workers: {ROUNDS} deletions, 0 shown by another worker afterwards; a write was seen "
                    f"on {LINES} lines after {sorted(lags)[ROUNDS // 2]:.2f} s, at most {max(lags):.2f}; "
                    f"{min(memory):.0f} MB more a worker")  # fmt: skip


@pytest.mark.promise(12)
def test_rates_and_metrics_are_counted_for_all_workers_together(root: Path) -> None:
    with two_workers(root) as (parent, url), crowd(parent, url) as lines:
        replies = [line.get("/v1/suggest?q=a", headers=bearer("slow")) for _ in range(2) for line in lines.lines]
        statuses = [reply.status_code for reply in replies]
        assert (statuses.count(200), statuses.count(429)) == (10, len(statuses) - 10)
        told = [line.get("/metrics").text for line in lines.lines]
        wanted = f'lifestyle_requests_total{{route="/v1/suggest",status="429"}} {len(statuses) - 10:.1f}'
        assert all(wanted in each for each in told)


@pytest.mark.promise(2)
def test_a_worker_that_is_killed_is_replaced_and_loses_no_write(root: Path) -> None:
    with two_workers(root) as (parent, url), httpx.Client(base_url=url, headers=KEY, timeout=60) as client:
        assert client.post("/v1/items:upsert", json={"items": [cafe(0)]}).status_code == 200
        first = children(parent)
        for pid in first:
            os.kill(pid, signal.SIGKILL)
            assert eventually(lambda pid=pid: pid not in children(parent) and len(children(parent)) == 2, 240)
            assert eventually(lambda: ready(client), 240)
            assert client.get("/v1/items/worker-cafe-0").status_code == 200
        assert set(children(parent)).isdisjoint(first)


def test_no_worker_outlives_its_parent(root: Path) -> None:
    with two_workers(root) as (parent, _):
        workers = children(parent)
        os.kill(parent, signal.SIGKILL)
        assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), 60)
