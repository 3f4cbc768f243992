"""Are names that lead to nothing listed, and does the next build link by a name that an operator adds?"""

from pathlib import Path

from starlette.testclient import TestClient

from tests.api.test_live import LAWN_CAFE, NOTE, upsert
from tests.api.world import deploy, rows, running

LOST = {**NOTE, "poi_ids": [], "body": "打卡了「鹭岛后院」，草坪很大。", "title": "下午", "city": "杭州"}


def test_a_lost_name_is_listed_and_linked_once_it_is_known(root: Path) -> None:
    with running(root) as client:
        upsert(client, ("poi", LAWN_CAFE), ("note", LOST), ("note", {**LOST, "id": "n-live-2"}))
        listed = client.get("/v1/mentions").json()["mentions"]
        (row,) = [row for row in listed if row["name"] == "鹭岛后院"]
        assert (row["notes"], row["examples"]) == (2, ["n-live-1", "n-live-2"])
        reply = client.post("/v1/mentions", json={"id": "p-live-1", "name": "鹭岛后院"})
        assert reply.status_code == 200 and reply.json()["aliases"] == ["鹭岛后院"]
    deploy(root, rows())
    with running(root) as client:
        assert client.get("/v1/items/p-live-1/evidence").json()["notes"] == 2
        assert "鹭岛后院" not in {row["name"] for row in client.get("/v1/mentions").json()["mentions"]}


def test_only_places_that_are_there_get_other_names(client: TestClient) -> None:
    assert client.post("/v1/mentions", json={"id": "nowhere", "name": "别名"}).status_code == 404
    product = rows()["product"][0]["id"]
    assert client.post("/v1/mentions", json={"id": product, "name": "别名"}).status_code == 422
