"""Is a change acknowledged, seen at once, kept over restarts, and never undone by a snapshot, old or new?"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from indexing.publish import Publisher
from tests.api.world import deploy, rows, running

LAWN_CAFE = {
    "id": "p-live-1",
    "name": "鹭洲试验咖啡",
    "category": "cafe",
    "lat": 30.25,
    "lon": 120.15,
    "city": "杭州",
    "price_per_person": 33,
    "body": "院子里有一大片草坪。",
}
NOTE = {
    "id": "n-live-1",
    "title": "鹭洲试验咖啡的草坪",
    "body": "草坪很大，带娃来跑了一下午。门口可以停车。",
    "lang": "zh",
    "poi_ids": ["p-live-1"],
    "published_at": "2026-11-20T10:00:00Z",
}


def eventually(true: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Poll: the background thread needs a moment, on a busy machine a long one."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def upsert(client: TestClient, *items: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    reply = client.post("/v1/items:upsert", json={"items": [{"kind": kind, "item": item} for kind, item in items]})
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


def found(client: TestClient, q: str, **more: Any) -> list[dict[str, Any]]:
    reply = client.post("/v1/search", json={"q": q, "limit": 50, **more})
    assert reply.status_code == 200, reply.text
    hits: list[dict[str, Any]] = reply.json()["hits"]
    return hits


def ids(hits: list[dict[str, Any]]) -> list[str]:
    return [hit["id"] for hit in hits]


def pending(client: TestClient) -> float:
    line = next(x for x in client.get("/metrics").text.splitlines() if x.startswith("lifestyle_vectors_pending "))
    return float(line.split()[1])


def test_an_upsert_is_found_by_words_and_filters_at_once(client: TestClient) -> None:
    acknowledged = upsert(client, ("poi", LAWN_CAFE))
    assert acknowledged == {"accepted": 1, "ids": ["p-live-1"], "seq": 1, "vector": "pending"}
    assert ids(found(client, "鹭洲试验咖啡"))[0] == "p-live-1"
    price = {"slot": "price", "op": "between", "value": [33, 33]}
    city = {"slot": "place.admin", "op": "in", "value": {"level": "city", "name": "杭州"}}
    hits = found(client, "咖啡店", kinds=["poi"], filters=[price, city], limit=100)
    assert "p-live-1" in ids([hit for hit in hits if hit["item"]["price_per_person"] == 33])
    assert client.get("/v1/items/p-live-1").json()["price_per_person"] == 33


def test_its_vector_follows_in_the_background(root: Path) -> None:
    with running(root, follow_seconds=3600.0) as client:  # only the upsert itself wakes the encoder
        upsert(client, ("poi", LAWN_CAFE), ("note", NOTE))
        assert eventually(lambda: pending(client) == 0)
        view = client.app.state.parts.views.now("default")  # type: ignore[attr-defined]
        kind, row = view.index.locate("default", "p-live-1")
        assert abs(float((view.index.vectors("default", kind, np.array([row])) ** 2).sum()) - 1) < 1e-5
        similar = client.get("/v1/similar/p-live-1").json()
        assert similar["hits"]
        assert "p-live-1" not in ids(similar["hits"])


def test_until_then_it_is_pending(root: Path) -> None:
    with running(root) as client:
        views = client.app.state.parts.views  # type: ignore[attr-defined]
        for follower in views._followers.values():
            follower.encode_some = lambda: 0
        upsert(client, ("poi", LAWN_CAFE))
        assert pending(client) == 1
        assert ids(found(client, "鹭洲试验咖啡"))[0] == "p-live-1"
        assert client.get("/v1/similar/p-live-1").status_code == 200


def test_an_upsert_replaces_an_item_of_the_snapshot(client: TestClient) -> None:
    item = client.get("/v1/items/p-hz-078").json()
    del item["kind"]
    upsert(client, ("poi", item | {"name": "改名后的白鹭院", "price_per_person": 999}))
    assert client.get("/v1/items/p-hz-078").json()["price_per_person"] == 999
    hits = found(client, "改名后的白鹭院")
    assert ids(hits)[0] == "p-hz-078"
    assert ids(hits).count("p-hz-078") == 1
    cheap = {"slot": "price", "op": "lte", "value": 100}
    kept = found(client, "咖啡店", kinds=["poi"], filters=[cheap], limit=30)
    assert "p-hz-078" not in ids([hit for hit in kept if hit["item"].get("price_per_person", 0) <= 100])


def test_what_is_written_in_a_live_note_proves_at_once(client: TestClient) -> None:
    upsert(client, ("poi", LAWN_CAFE | {"body": "新店。"}), ("note", NOTE))
    hit = next(h for h in found(client, "有草坪的咖啡店", kinds=["poi"]) if h["id"] == "p-live-1")
    assert any(e.get("note_id") == "n-live-1" and "草坪" in e["sentence"] for e in hit["evidence"])


@pytest.mark.promise(23)
def test_a_deleted_item_is_gone_at_once_from_everywhere(client: TestClient) -> None:
    assert "p-hz-078" in ids(found(client, "青禾咖啡小院", kinds=["poi"]))
    gone = client.delete("/v1/items/p-hz-078")
    assert (gone.status_code, gone.json()) == (200, {"deleted": "p-hz-078", "seq": 1})
    assert "p-hz-078" not in ids(found(client, "青禾咖啡小院", limit=100))
    assert client.get("/v1/items/p-hz-078").status_code == 404
    assert client.get("/v1/similar/p-hz-078").status_code == 404
    assert client.delete("/v1/items/p-hz-078").status_code == 404
    other = client.get("/v1/similar/p-hz-002", params={"limit": 100}).json()
    assert "p-hz-078" not in ids(other["hits"])


@pytest.mark.promise(23)
def test_a_deleted_note_proves_nothing_any_more(client: TestClient) -> None:
    def quoted() -> set[str]:
        hits = found(client, "有草坪的咖啡店", kinds=["poi"])
        return {e["note_id"] for hit in hits for e in hit["evidence"] if "note_id" in e}

    victims = sorted(quoted())
    assert victims
    for note in victims:
        assert client.delete(f"/v1/items/{note}").status_code == 200
    assert not quoted() & set(victims)


def test_ids_may_hold_any_printable_character(client: TestClient) -> None:
    upsert(client, ("poi", LAWN_CAFE | {"id": "店/1 号?#%"}))
    path = "/v1/items/%E5%BA%97%2F1%20%E5%8F%B7%3F%23%25"
    assert client.get(path).json()["id"] == "店/1 号?#%"
    assert client.delete(path).status_code == 200
    assert client.get(path).status_code == 404


def test_changes_survive_a_restart(root: Path) -> None:
    with running(root) as client:
        upsert(client, ("poi", LAWN_CAFE))
        client.delete("/v1/items/p-hz-078")
    with running(root) as client:
        assert client.get("/v1/items/p-live-1").status_code == 200
        assert client.get("/v1/items/p-hz-078").status_code == 404
        assert ids(found(client, "鹭洲试验咖啡"))[0] == "p-live-1"


def test_a_batch_is_taken_as_a_whole_or_not_at_all(client: TestClient) -> None:
    bad = {"items": [{"kind": "poi", "item": LAWN_CAFE}, {"kind": "poi", "item": {"id": "p-live-2"}}]}
    reply = client.post("/v1/items:upsert", json=bad)
    assert reply.status_code == 422
    assert reply.json()["error"]["field"] == "items.1.item.name"
    assert client.get("/v1/items/p-live-1").status_code == 404


def test_a_snapshot_that_another_process_publishes_is_followed(root: Path, client: TestClient) -> None:
    deploy(root, {"poi": [{"id": "p-new", "name": "后来的小馆", "category": "cafe", "city": "杭州"}]})
    assert eventually(lambda: client.get("/readyz").json()["tenants"] == {"default": "00000002"})
    assert ids(found(client, "后来的小馆"))[0] == "p-new"


def test_the_first_snapshot_is_followed_too(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        reply = client.post("/v1/search", json={"q": "x"})
        assert (reply.status_code, reply.json()["error"]["code"]) == (404, "UnknownTenant")
        deploy(tmp_path, {"poi": rows()["poi"][:5]})
        assert eventually(lambda: client.get("/readyz").status_code == 200)
        assert found(client, "咖啡")


@pytest.mark.promise(23)
def test_a_rollback_never_brings_back_what_was_deleted(root: Path, client: TestClient) -> None:
    client.delete("/v1/items/p-hz-078")
    upsert(client, ("poi", LAWN_CAFE))
    deploy(root, {}, fresh=False)  # the second snapshot has the changes folded in
    assert eventually(lambda: client.get("/readyz").json()["tenants"]["default"] == "00000002")
    assert client.get("/v1/items/p-live-1").status_code == 200
    Publisher(root).rollback("default")
    assert eventually(lambda: client.get("/readyz").json()["tenants"]["default"] == "00000001")
    assert client.get("/v1/items/p-hz-078").status_code == 404
    assert client.get("/v1/items/p-live-1").status_code == 200
    assert "p-hz-078" not in ids(found(client, "青禾咖啡小院", limit=100))


def test_a_damaged_new_snapshot_changes_nothing_for_those_who_ask(root: Path, client: TestClient) -> None:
    (root / "default" / "CURRENT").write_bytes(b"{}")
    upsert(client, ("poi", LAWN_CAFE))
    assert ids(found(client, "鹭洲试验咖啡"))[0] == "p-live-1"
    assert client.get("/readyz").status_code == 200


def test_a_damaged_current_snapshot_falls_back_and_says_so(root: Path) -> None:
    deploy(root, {"poi": rows()["poi"][:5]})
    victim = next((root / "default" / "snapshots" / "00000002").rglob("vectors.npy"))
    victim.unlink()
    with running(root) as client:
        answer = client.post("/v1/search", json={"q": "咖啡店"}).json()
        assert answer["hits"]
        assert answer["versions"]["snapshot"] == "00000001"
        assert ("snapshot", True) in {(d["stage"], "vectors.npy" in d["reason"]) for d in answer["degraded"]}


def test_what_a_build_has_taken_in_lies_over_it_no_longer(root: Path) -> None:
    nowhere = {**NOTE, "id": "n-live-2", "title": "下午", "body": "鹭洲试验咖啡真不错。", "city": "杭州", "poi_ids": []}
    with running(root) as client:
        upsert(client, ("poi", LAWN_CAFE), ("note", nowhere))
        client.delete("/v1/items/p-hz-078")
    deploy(root, {}, fresh=False)
    with running(root) as client:
        follower = client.app.state.parts.views._followers["default"]  # type: ignore[attr-defined]
        assert follower.changed == 0
        assert client.get("/v1/items/p-hz-078").status_code == 404
        assert (
            client.get("/v1/items/p-live-1/evidence").json()["notes"] == 1
        )  # by its name, which only a build looks for
        upsert(client, ("poi", {**LAWN_CAFE, "id": "p-live-3"}))
        assert follower.changed == 1
