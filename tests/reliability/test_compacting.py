"""Are changes built in while a server goes on, and is nothing lost of what arrives meanwhile? And if they pile up?"""

import itertools
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import compacting
from tests.api.test_live import eventually, found, ids
from tests.api.world import running

Note = Callable[[str, object], None]


def cafe(number: int, price: int) -> dict[str, Any]:
    return {"kind": "poi", "item": {"id": f"c-{number}", "name": f"流水咖啡c-{number}", "price_per_person": price}}


def version(client: TestClient) -> int:
    return int(client.get("/readyz").json()["tenants"]["default"])


class Traffic:
    """Writes, deletions and searches, and what must be there after them."""

    def __init__(self, client: TestClient) -> None:
        self.client, self.rng, self.known = client, Random(3), dict[str, int]()
        self.written = self.searched = 0

    def step(self) -> None:
        """One write and one search."""
        number, price = self.rng.randrange(40), self.rng.randint(1, 10**6)
        name = f"c-{number}"
        if name in self.known and self.rng.random() < 0.3:
            assert self.client.delete(f"/v1/items/{name}").status_code == 200
            del self.known[name]
        else:
            reply = self.client.post("/v1/items:upsert", json={"items": [cafe(number, price)]})
            assert reply.status_code == 200, reply.text
            self.known[name] = price
        self.written += 1
        hits = found(self.client, f"流水咖啡{name}", kinds=["poi"])
        shown = {hit["id"]: hit["item"]["price_per_person"] for hit in hits if hit["id"].startswith("c-")}
        assert shown.items() <= self.known.items()
        assert (name in shown) == (name in self.known)
        self.searched += 1

    def check(self) -> None:
        """Every item is as it was written last, every deleted one is gone."""
        for number in range(40):
            reply = self.client.get(f"/v1/items/c-{number}")
            held = reply.json()["price_per_person"] if reply.status_code == 200 else None
            assert held == self.known.get(f"c-{number}")


@pytest.mark.promise(7)
def test_what_arrives_while_changes_are_built_in_is_kept(root: Path, record_property: Note) -> None:
    with running(root, compact_items=10) as client:
        traffic, first = Traffic(client), version(client)
        views = client.app.state.parts.views  # type: ignore[attr-defined]
        for _ in itertools.count():
            traffic.step()
            if version(client) >= first + 2:
                break
        traffic.check()
        assert eventually(lambda: not views._compactor._running, 120)
    with running(root) as client:  # what a restart finds
        traffic.client = client
        traffic.check()
    record_property("figure", f"2 compactions under {traffic.written} writes and {traffic.searched} searches: 0 lost")


@pytest.mark.promise(7)
def test_beyond_the_limit_writes_wait_for_the_build_and_searches_go_on(root: Path) -> None:
    with running(root, compact_items=3, overlay_items=3) as client:
        first = version(client)
        assert client.post("/v1/items:upsert", json={"items": [cafe(n, n + 1) for n in range(3)]}).status_code == 200
        refused = client.post("/v1/items:upsert", json={"items": [cafe(3, 4)]})
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert "wait to be built in" in refused.json()["error"]["message"]
        assert client.delete("/v1/items/c-0").status_code == 200
        assert "c-1" in ids(found(client, "流水咖啡c-1", kinds=["poi"]))
        assert eventually(lambda: version(client) > first, 120)
        assert eventually(lambda: client.post("/v1/items:upsert", json={"items": [cafe(3, 4)]}).status_code == 200, 120)
        assert client.get("/v1/items/c-0").status_code == 404


def test_a_build_that_fails_is_said_and_tried_again_later(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(compacting.sys, "executable", "/bin/false")
    with running(root, compact_items=1) as client:
        assert client.post("/v1/items:upsert", json={"items": [cafe(1, 1)]}).status_code == 200
        assert eventually(lambda: "exit code 1" in caplog.text, 60)
        views = client.app.state.parts.views  # type: ignore[attr-defined]
        assert views._compactor._rest["default"] > 0
        assert client.get("/v1/items/c-1").status_code == 200
