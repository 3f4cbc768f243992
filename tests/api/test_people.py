"""Can people see, steer, take along and end what is learnt of them?"""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.test_feed import act, hits
from tests.api.world import running

pytestmark = pytest.mark.promise(25)


def known(client: TestClient, user: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/users/{user}/interests").json()
    return found


def sources(client: TestClient, user: str) -> set[str]:
    return {hit["source"] for hit in hits(client, user_id=user, personalize=True)}


def like_cafes(client: TestClient, user: str) -> list[str]:
    cafes = [hit["id"] for hit in hits(client, "/v1/search", q="适合带娃的咖啡馆", kinds=["poi"], limit=9)]
    act(client, user, "save", *cafes)
    return cafes


def test_what_is_learnt_can_be_seen_and_taken_away(client: TestClient) -> None:
    like_cafes(client, "u1")
    found = known(client, "u1")
    keys = {one["key"] for one in found["attributes"]} | {one["key"] for one in found["interests"]}
    assert {"kids", "topic:cafe"} <= keys
    for key in ("kids", "topic:cafe"):
        assert client.post("/v1/users/u1:remove", json={"key": key}).json() == {"user_id": "u1", "removed": key}
    after = known(client, "u1")
    assert after["removed"] == ["kids", "topic:cafe"]
    assert not {"kids", "topic:cafe"} & {one["key"] for one in after["attributes"] + after["interests"]}


def test_a_reset_begins_anew_but_what_was_hidden_stays_away(client: TestClient) -> None:
    unwanted = hits(client, user_id="u1", personalize=True)[0]["id"]
    act(client, "u1", "hide", unwanted)
    like_cafes(client, "u1")
    assert {"session", "interest"} & sources(client, "u1")
    assert client.post("/v1/users/u1:reset").json() == {"user_id": "u1", "reset": True}
    assert known(client, "u1") == {
        "user_id": "u1", "declared": [], "interests": [], "attributes": [], "followed": [], "removed": []
    }  # fmt: skip
    assert not {"session", "interest"} & sources(client, "u1")
    assert unwanted not in {hit["id"] for hit in hits(client, user_id="u1", personalize=True, limit=100)}


def test_a_newcomer_says_what_they_like(client: TestClient) -> None:
    said = client.put("/v1/users/u9/interests", json={"interests": ["防晒", "防晒"]}).json()
    assert said == {"user_id": "u9", "declared": ["防晒"]}
    found = hits(client, user_id="u9", personalize=True, kinds=["product"])
    assert any("你选了" in hit["why"][0] and hit["item"]["category"] == "sunscreen" for hit in found)
    english = hits(client, user_id="u9", personalize=True, kinds=["product"], lang="en")
    assert any(hit["why"][0].startswith("because you chose") for hit in english)


def test_followed_authors_come(client: TestClient) -> None:
    note = hits(client, kinds=["note"])[0]["item"]
    act(client, "u1", "follow", note["author_id"])
    assert known(client, "u1")["followed"] == [note["author_id"]]


def test_more_of_what_was_put_away_comes_later(client: TestClient) -> None:
    like_cafes(client, "u1")
    sunscreens = [hit["id"] for hit in hits(client, "/v1/search", q="防晒", kinds=["product"], limit=8)]
    act(client, "u1", "save", *sunscreens[:2])
    before = [hit["item"].get("category") for hit in hits(client, user_id="u1", personalize=True, kinds=["product"])]
    act(client, "u1", "hide", *sunscreens[2:6])
    after = [hit["item"].get("category") for hit in hits(client, user_id="u1", personalize=True, kinds=["product"])]
    assert after.count("sunscreen") < before.count("sunscreen")


def test_all_that_is_kept_can_be_taken_along_and_ended(client: TestClient) -> None:
    like_cafes(client, "u1")
    client.put("/v1/users/u1/interests", json={"interests": ["露营"]})
    hits(client, user_id="u1", personalize=True)
    told = client.get("/v1/users/u1").json()
    assert len(told["events"]) == 9 and told["interests"] == [{"name": "露营"}]
    assert len(told["lists"]) == len(told["pages"]) == 1
    rows = sum(len(table) for name, table in told.items() if name != "user_id")
    assert client.delete("/v1/users/u1").json() == {"deleted_rows": rows}
    assert all(not table for name, table in client.get("/v1/users/u1").json().items() if name != "user_id")


def test_steering_survives_a_restart(root: Path) -> None:
    with running(root) as client:
        like_cafes(client, "u1")
        client.post("/v1/users/u1:remove", json={"key": "topic:cafe"})
    with running(root) as client:
        assert known(client, "u1")["removed"] == ["topic:cafe"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/v1/users/u/interests", {"interests": ["x"] * 21}),
        ("PUT", "/v1/users/u/interests", {"interests": ["x" * 81]}),
        ("PUT", "/v1/users/u/interests", {"interests": [""]}),
        ("POST", "/v1/users/u:remove", {"key": "reset"}),
        ("POST", "/v1/users/u:remove", {"key": ""}),
        ("GET", "/v1/trending?limit=101", None),
        ("GET", "/v1/related/p-hz-078?limit=51", None),
        ("GET", "/v1/trending?town=x", None),
    ],
)
def test_what_cannot_be_is_refused(reader: TestClient, method: str, path: str, body: Any) -> None:
    assert reader.request(method, path, json=body).status_code == 422
