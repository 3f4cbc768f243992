"""Do writes of every kind keep what they promise: whole or refused by name, once per key, and never more than fits?"""

import json
from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heappush
from pathlib import Path
from random import Random
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from api import lines
from api.rates import Rates
from api.settings import Settings
from tests.api.test_live import LAWN_CAFE, found, ids, upsert
from tests.api.world import KEY, key_for, running


def ndjson(*rows: Any) -> bytes:
    return b"".join((row if isinstance(row, bytes) else json.dumps(row).encode()) + b"\n" for row in rows)


def poi(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "poi", "item": {"id": name, "name": f"流水咖啡{name}", "category": "cafe", **more}}


def streamed(client: TestClient, body: Any) -> dict[str, Any]:
    reply = client.post("/v1/items:stream", content=body, headers={"Content-Type": "application/x-ndjson"})
    assert reply.status_code == 200, reply.text
    told: dict[str, Any] = reply.json()
    return told


def test_a_stream_takes_the_good_lines_and_names_the_bad_ones(client: TestClient) -> None:
    body = ndjson(
        poi("s-1"), b"", poi("s-2", rating=9), b"{", {"kind": "shop", "item": {}}, [1], poi("s-3"), poi("s-1")
    )
    told = streamed(client, body[:-1])  # the last line needs no end
    assert (told["accepted"], told["refused"]) == (3, 4)
    assert [(p["line"], p["field"]) for p in told["problems"]] == [(3, "rating"), (4, "line"), (5, "kind"), (6, "line")]
    assert [client.get(f"/v1/items/{name}").status_code for name in ("s-1", "s-2", "s-3")] == [200, 404, 200]
    assert ids(found(client, "流水咖啡s-3", kinds=["poi"]))[0] == "s-3"


def test_a_stream_comes_in_pieces_of_any_size(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "STRETCH", 3)
    whole = ndjson(*(poi(f"t-{n}") for n in range(10)))
    pieces = (whole[at : at + 7] for at in range(0, len(whole), 7))
    assert streamed(client, pieces) == {"accepted": 10, "refused": 0, "seq": 10, "problems": [], "vector": "pending"}


def test_a_line_without_end_is_refused_and_what_came_before_it_stays(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "STRETCH", 1)
    monkeypatch.setattr(lines, "LONGEST", 1000)

    def pieces() -> Iterator[bytes]:
        yield ndjson(poi("u-1"), poi("u-2"))
        for _ in range(20):
            yield b" " * 100

    reply = client.post("/v1/items:stream", content=pieces())
    assert reply.status_code == 422
    assert "line 3 is longer than 1000 bytes" in reply.json()["error"]["message"]
    client.get("/v1/items/u-1")
    assert upsert(client, ("poi", LAWN_CAFE))["seq"] == 3  # both lines were committed
    assert client.get("/v1/items/u-2").status_code == 200


def test_who_leaves_amid_a_stream_keeps_what_was_committed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "STRETCH", 1)
    coming: list[Message] = [
        {"type": "http.disconnect"},
        {"type": "http.request", "body": ndjson(poi("v-1")) + b'{"kind"', "more_body": True},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return coming.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(name.lower().encode(), value.encode()) for name, value in KEY.items()]
    scope = {"type": "http", "method": "POST", "path": "/v1/items:stream", "headers": headers, "query_string": b""}
    assert client.portal is not None
    client.portal.call(client.app, scope, receive, send)
    assert sent[0]["status"] == 400
    assert client.patch("/v1/items/v-1", json={"rating": 4}).json()["seq"] == 2


def test_a_patch_changes_what_it_names_of_a_published_and_of_a_live_item(client: TestClient) -> None:
    before = client.get("/v1/items/p-hz-078").json()
    reply = client.patch("/v1/items/p-hz-078", json={"price_per_person": 7, "opening_hours": None})
    assert (reply.status_code, reply.json()["seq"]) == (200, 1)
    client.patch("/v1/items/p-hz-078", json={"rating": 5})
    after = client.get("/v1/items/p-hz-078").json()
    wanted = {**before, "price_per_person": 7, "rating": 5}
    assert after == {name: value for name, value in wanted.items() if name != "opening_hours"}


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [({"rating": 9}, 422, "rating"), ({"id": "other"}, 422, "id"), ({"kind": "note"}, 422, "kind"),
     ({"name": None}, 422, "name"), ({}, 422, "body"), ([], 422, "body"), ({"lat": None}, 422, "lat")],
)  # fmt: skip
def test_a_wrong_patch_names_the_field_and_changes_nothing(
    client: TestClient, fields: Any, status: int, field: str
) -> None:
    before = client.get("/v1/items/p-hz-078").json()
    reply = client.patch("/v1/items/p-hz-078", json=fields)
    assert (reply.status_code, reply.json()["error"]["field"]) == (status, field)
    assert client.get("/v1/items/p-hz-078").json() == before


def test_a_deleted_item_cannot_be_patched(client: TestClient) -> None:
    client.delete("/v1/items/p-hz-078")
    assert client.patch("/v1/items/p-hz-078", json={"rating": 5}).status_code == 404
    assert client.patch("/v1/items/never-was", json={"rating": 5}).status_code == 404


def test_a_request_that_is_sent_again_with_its_key_is_done_once(client: TestClient) -> None:
    key = {"Idempotency-Key": "order-1"}
    body = {"items": [{"kind": "poi", "item": LAWN_CAFE}]}
    first = client.post("/v1/items:upsert", json=body, headers=key)
    client.delete("/v1/items/p-live-1")
    again = client.post("/v1/items:upsert", json=body, headers=key)
    assert (again.status_code, again.json()) == (200, first.json())
    assert client.get("/v1/items/p-live-1").status_code == 404  # what was deleted since is not brought back
    other = {"items": [{"kind": "poi", "item": {**LAWN_CAFE, "rating": 1}}]}
    refused = client.post("/v1/items:upsert", json=other, headers=key)
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "Idempotency-Key")
    event = {"events": [{"user_id": "u", "action": "save", "object_id": "p-hz-001"}]}
    for _ in range(2):  # an event without a time has that of its arrival: the key alone tells that it is the same
        reply = client.post("/v1/events", json=event, headers={"Idempotency-Key": "event-1"})
        assert reply.json() == {"accepted": 1}
    assert client.delete("/v1/users/u").json()["deleted_rows"] == 1
    patch = {"Idempotency-Key": "patch-1"}
    seqs = {client.patch("/v1/items/p-hz-001", json={"rating": 4}, headers=patch).json()["seq"] for _ in range(2)}
    assert len(seqs) == 1


def test_writes_of_several_kinds_are_one_write(client: TestClient) -> None:
    note = {"id": "n-live-1", "title": "草坪", "body": "草坪很大。", "poi_ids": ["p-live-1"]}
    assert upsert(client, ("note", note), ("poi", LAWN_CAFE))["seq"] == 2


@pytest.mark.promise(11)
def test_beyond_its_limit_the_overlay_refuses_items_and_takes_deletions(root: Path) -> None:
    with running(root, overlay_items=3) as client:
        upsert(client, *((row["kind"], row["item"]) for row in (poi("o-1"), poi("o-2"), poi("o-3"))))
        reply = client.post("/v1/items:upsert", json={"items": [poi("o-4")]})
        assert (reply.status_code, reply.headers["retry-after"]) == (503, "1")
        assert "lifestyle build --publish" in reply.json()["error"]["message"]
        assert client.post("/v1/items:stream", content=ndjson(poi("o-5"))).status_code == 503
        assert client.delete("/v1/items/p-hz-078").status_code == 200
        assert client.get("/readyz").json()["notices"] == ["default: many changes wait to be built in"]


@pytest.mark.promise(6)
def test_on_a_full_disk_items_are_refused_and_deletions_and_searches_go_on(root: Path) -> None:
    with running(root, spare_mb=10**9) as client:
        reply = client.post("/v1/items:upsert", json={"items": [poi("d-1")]})
        assert (reply.status_code, reply.json()["error"]["code"]) == (507, "NoRoom")
        assert client.patch("/v1/items/p-hz-078", json={"rating": 5}).status_code == 507
        assert client.delete("/v1/items/p-hz-078").status_code == 200
        assert found(client, "咖啡店")
        assert client.get("/readyz").json()["notices"] == ["little room on the disk: nothing but deletions is written"]


@pytest.mark.promise(12)
def test_a_key_that_sends_too_much_is_told_when_to_come_back(root: Path) -> None:
    with running(root, rate_per_second=0.001, rate_burst=2) as client:
        replies = [client.get("/v1/suggest", params={"q": "咖"}) for _ in range(3)]
        assert [reply.status_code for reply in replies] == [200, 200, 429]
        assert 900 < int(replies[2].headers["retry-after"]) <= 1000
        assert client.post("/v1/search", json={"q": "咖啡"}).status_code == 429
        assert client.get("/readyz").status_code == 200


@pytest.mark.promise(12)
def test_who_waits_as_long_as_told_is_let_in() -> None:
    now = [0.0]
    key, other = key_for("one", "default"), key_for("two", "default")
    rates = Rates(Settings(rate_per_second=0.3, rate_burst=4), [key, other], lambda: now[0])
    for _ in range(1000):
        if wait := rates.take(key):
            assert rates.take(other.model_copy(update={"rate_per_second": 1e6, "rate_burst": 10**6})) == 0
            now[0] += wait
            assert rates.take(key) == 0
    assert now[0] == pytest.approx((1000 - 4) / 0.3, rel=0.01)


@pytest.mark.promise(12)
def test_a_thousand_clients_that_wait_as_told_are_let_in(record_property: Callable[[str, object], None]) -> None:
    rng, now = Random(12), [0.0]
    keys = [
        key_for(str(n), "default").model_copy(
            update={"rate_per_second": rng.uniform(0.01, 20), "rate_burst": 1 + n % 9}
        )
        for n in range(1000)
    ]
    rates = Rates(Settings(), keys, lambda: now[0])
    due = [(rng.uniform(0, 10), number, False) for number in range(len(keys))]  # when, whose, told to come then?
    heapify(due)
    kept = broken = 0
    while due:
        now[0], number, told = heappop(due)
        wait = rates.take(keys[number])
        kept, broken = kept + (told and not wait), broken + (told and wait > 0)
        if wait or now[0] < 60:
            heappush(due, (now[0] + (wait or rng.expovariate(10)), number, wait > 0))
    assert broken == 0
    assert kept > 10_000
    record_property("figure", f"1,000 clients: {kept} of {kept} let in when they came back as told")


def test_a_server_that_no_longer_follows_is_not_ready(root: Path) -> None:
    with running(root) as client:
        views = client.app.state.parts.views  # type: ignore[attr-defined]
        views._stop.set()
        views._wake.set()
        views._thread.join(30)
        reply = client.get("/readyz")
        assert (reply.status_code, "no longer follows" in reply.json()["error"]["message"]) == (503, True)
