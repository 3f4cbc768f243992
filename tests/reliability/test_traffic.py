"""Does a server that runs for long keep what it needs and no more? A day of traffic, its clock running ahead."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from tests.api.test_live import eventually
from tests.api.world import NOW, deploy, running
from tests.reliability.watch import open_files, resident_mb

QUERIES: Final = (
    "有草坪的咖啡店",
    "quiet café",
    "人均100以内的咖啡",
    "带娃去的公园",
    "敏感肌 防晒霜",
    "周末露营",
    "laptop",
)
Note = Callable[[str, object], None]


class Day:
    """Requests of all sorts, `step` seconds of the server's clock apart, and a build each `building` of them."""

    def __init__(self, root: Path, step: float, building: int) -> None:
        self.root, self.step, self.building = root, timedelta(seconds=step), building
        self.now, self.rng, self.sent = NOW, Random(24), 0

    def clock(self) -> Any:
        """The server's present."""
        return self.now

    def go(self, client: TestClient, requests: int) -> tuple[int, float]:
        """-> open files and resident MB afterwards."""
        for _ in range(requests):
            self.sent, self.now = self.sent + 1, self.now + self.step
            self._one(client)
            if self.sent % self.building == 0:
                wanted = deploy(self.root, {}, fresh=False)
                assert eventually(
                    lambda wanted=wanted: client.get("/readyz").json()["tenants"]["default"] == wanted, 300
                )
        parts = client.app.state.parts  # type: ignore[attr-defined]
        parts.recorder.flush()
        assert eventually(lambda: parts.views.pending_count() == 0, 300)
        return open_files(), resident_mb()

    def _one(self, client: TestClient) -> None:
        user, number = f"u-{self.rng.randrange(50)}", self.rng.randrange(100)
        query = f"{self.rng.choice(QUERIES)} {self.rng.randrange(2000)}"
        cafe = {"id": f"t-{number}", "name": f"流水咖啡{number}", "city": "杭州", "price_per_person": number + 1}
        event = {"user_id": user, "action": "click", "object_id": f"t-{number}"}
        method, path, body = self.rng.choices(
            [
                ("POST", "/v1/search", {"q": query, "user_id": user}),
                ("POST", "/v1/feed", {"user_id": user, "personalize": True}),
                ("GET", f"/v1/suggest?q={query[:3]}", None),
                ("POST", "/v1/events", {"events": [event]}),
                ("POST", "/v1/items:upsert", {"items": [{"kind": "poi", "item": cafe}]}),
                ("DELETE", f"/v1/items/t-{number}", None),
                ("DELETE", f"/v1/users/{user}", None),
            ],
            weights=[50, 15, 15, 10, 5, 4, 1],
        )[0]
        assert client.request(method, path, json=body).status_code in (200, 404)


def steady(root: Path, requests: int, builds: int, record_property: Note) -> None:
    """A day in so many requests: after the first third nothing grows that should not."""
    day = Day(root, 86_400 / requests, requests // builds)
    with running(root, now=day.clock, log_pages=200) as client:
        files, memory = day.go(client, requests // 3)
        more_files, more_memory = day.go(client, requests - requests // 3)
    assert more_files <= files + 2  # a thread that asks the store for the first time opens it
    assert more_memory <= 1.05 * memory
    record_property("figure", f"24 h of the server's clock in {requests} requests and {builds} builds: "
                    f"{more_files - files:+d} files, memory {100 * (more_memory / memory - 1):+.1f} %")  # fmt: skip


@pytest.mark.promise(8)
def test_a_short_day_leaves_nothing_behind(root: Path, record_property: Note) -> None:
    steady(root, 1500, 6, record_property)


@pytest.mark.promise(8)
@pytest.mark.nightly
def test_a_day_leaves_nothing_behind(root: Path, record_property: Note) -> None:
    steady(root, 86_400, 24, record_property)
