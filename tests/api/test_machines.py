"""Do two machines with a live store in common answer as one, the one by its own files, the other by Qdrant?"""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.test_live import eventually
from tests.api.world import copied, deploy, rows, running
from tests.contracts.servers import Server

pytestmark = pytest.mark.needs("psycopg", "qdrant_client")

ASKED = ("有草坪的咖啡店", "quiet café", "带娃 公园", "防晒霜 100元以内", "西湖区评分4.5以上的餐厅")


@pytest.fixture(scope="module")
def machines(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, TestClient]]:
    root = tmp_path_factory.mktemp("one")
    everything = rows()
    places = everything["poi"][:40]
    known = {row["id"] for row in places}
    notes = [note for note in everything["note"] if known.intersection(note["poi_ids"] or ())][:80]
    deploy(root, {"poi": places, "note": notes, "product": everything["product"][:20]})
    other = copied(root, tmp_path_factory.mktemp("other") / "root")
    url = postgres.database().url
    with running(root, store=url) as one, running(other, store=url, index=":memory:") as two:
        yield one, two


def found(client: TestClient, q: str) -> list[str]:
    reply = client.post("/v1/search", json={"q": q, "limit": 10, "budget_ms": 2000})
    assert reply.status_code == 200, reply.text
    return [hit["id"] for hit in reply.json()["hits"]]


def cafe(name: str) -> dict[str, Any]:
    return {"kind": "poi", "item": {"id": name, "name": f"{name} 火车咖啡", "category": "cafe", "city": "杭州"}}


def test_both_give_the_same_answers(machines: tuple[TestClient, TestClient]) -> None:
    one, two = machines
    for q in ASKED:
        assert found(one, q) == found(two, q), q


@pytest.mark.parametrize("turned", [False, True])
def test_what_one_writes_the_other_shows(machines: tuple[TestClient, TestClient], turned: bool) -> None:
    writer, reader = machines[::-1] if turned else machines
    name = f"p-live-{turned:d}"
    once, sent = {"Idempotency-Key": f"key-{name}"}, {"items": [cafe(name)]}
    first = writer.post("/v1/items:upsert", json=sent, headers=once).json()
    assert reader.post("/v1/items:upsert", json=sent, headers=once).json()["seq"] == first["seq"]
    assert eventually(lambda: name in found(reader, f"{name} 火车咖啡"), 60)
    assert reader.delete(f"/v1/items/{name}").status_code == 200
    assert name not in found(writer, f"{name} 火车咖啡")  # from the next answer on


def test_people_are_known_to_both_and_forgotten_by_both(machines: tuple[TestClient, TestClient]) -> None:
    one, two = machines
    event = {"user_id": "u-both", "action": "save", "object_id": "p-hz-001", "position": 0}
    assert one.post("/v1/events", json={"events": [event]}).json()["accepted"] == 1
    assert [e["object_id"] for e in two.get("/v1/users/u-both").json()["events"]] == ["p-hz-001"]
    assert two.delete("/v1/users/u-both").status_code == 200
    assert not one.get("/v1/users/u-both").json().get("events")
