"""Does a server under five times its capacity shed at once, finish what it took, and come back?"""

import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import numpy as np
import pytest

from benchmarks.load.server import serving
from tests.reliability.flood import HEADERS, Flood
from tests.reliability.watch import resident_mb

BODY = {"q": "有草坪的咖啡店", "kinds": ["poi"], "budget_ms": 150}


@pytest.mark.promise(11)
def test_five_times_the_capacity_is_shed(root: Path, record_property: Callable[[str, object], None]) -> None:
    settings = {"ENCODER": "hash", "SPARE_MB": "0", "QUEUE": "8"}
    with serving(root, settings=settings) as server:
        url = f"http://127.0.0.1:{server.port}"
        calm, flooded = Flood(), Flood()
        calm.run(server.port, BODY, 1e6, 5, 2)
        capacity, before = len(calm.of(200)) / 5, resident_mb(server.process.pid)
        flooded.run(server.port, BODY, 5 * capacity, 20, 64)
        after = resident_mb(server.process.pid)
        assert {status for status, _, _ in flooded.replies} <= {200, 503}
        assert flooded.of(503)
        assert all(wait is not None and int(wait) >= 1 for status, _, wait in flooded.replies if status == 503)
        assert httpx.get(f"{url}/healthz").status_code == 200
        assert httpx.post(f"{url}/v1/search", json=BODY, headers=HEADERS).status_code == 200
        assert server.process.poll() is None
    told, answered = (np.percentile(flooded.of(status), 99) for status in (503, 200))
    figure = (
        f"capacity {capacity:.0f}/s, offered {len(flooded.replies) / 20:.0f}/s for 20 s: answered "
        f"{len(flooded.of(200)) / 20 / capacity:.2f} of capacity, p99 {answered:.0f} ms; refusals p99 {told:.0f} ms; "
        f"memory {100 * (after / before - 1):+.1f} %"
    )
    record_property("figure", figure)


@pytest.mark.promise(11)
def test_deletions_and_health_have_their_room_under_load(root: Path) -> None:
    with serving(root, settings={"ENCODER": "hash", "SPARE_MB": "0", "QUEUE": "0", "WORKERS": "1"}) as server:
        url, flooded = f"http://127.0.0.1:{server.port}", Flood()

        flooding = threading.Thread(target=flooded.run, args=(server.port, BODY, 1e6, 5, 32))
        flooding.start()
        statuses = [httpx.delete(f"{url}/v1/items/{name}", headers=HEADERS, timeout=30).status_code
                    for name in ("p-hz-078", "p-hz-002")]  # fmt: skip
        statuses.append(httpx.get(f"{url}/readyz", timeout=30).status_code)
        flooding.join()
    assert statuses == [200, 200, 200]
    assert flooded.of(503)
