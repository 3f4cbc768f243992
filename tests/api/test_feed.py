"""Does a feed know only what it may know, and does what people do change it?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from tests.api.world import KEY, clock, running, settings

pytestmark = pytest.mark.promise(25)


class ForbiddenProfile(Exception):
    """Somebody's profile was read."""


@pytest.fixture
def blind(root: Path) -> Iterator[TestClient]:
    """An application whose store refuses to tell a profile."""

    def profile(tenant: str, user: str) -> Any:
        raise ForbiddenProfile(user)

    app = create_app(settings(root, budget_ms=2000.0), clock=clock)
    app.state.parts.engine.store.profile = profile
    with TestClient(app, headers=KEY) as client:
        yield client


def hits(client: TestClient, path: str = "/v1/feed", **body: Any) -> list[dict[str, Any]]:
    reply = client.post(path, json={"limit": 20, **body})
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["hits"]
    return found


def act(client: TestClient, user: str, action: str, *items: str) -> None:
    events = [{"user_id": user, "action": action, "object_id": item} for item in items]
    reply = client.post("/v1/events", json={"events": events})
    assert reply.json() == {"accepted": len(items)}


def categories(found: list[dict[str, Any]]) -> list[str]:
    return [hit["item"].get("category", "") for hit in found]


def test_without_leave_no_profile_is_read(blind: TestClient) -> None:
    assert hits(blind, user_id="u1")
    assert hits(blind, user_id="u1", personalize=False)
    assert hits(blind, "/v1/search", q="咖啡店", user_id="u1")
    assert blind.get("/v1/similar/p-hz-078").status_code == 200


def test_with_leave_it_is_read(blind: TestClient) -> None:
    with pytest.raises(ForbiddenProfile):
        hits(blind, user_id="u1", personalize=True)


def test_nobody_gets_a_feed_too(reader: TestClient) -> None:
    assert len(hits(reader)) == 20
    assert len(hits(reader, personalize=True)) == 20
    assert {hit["kind"] for hit in hits(reader, kinds=["product"])} == {"product"}


def test_what_a_person_saves_changes_the_feed(client: TestClient) -> None:
    plain = [hit["id"] for hit in hits(client, user_id="u1")]
    before = [hit["id"] for hit in hits(client, user_id="u1", personalize=True)]
    liked = [hit["id"] for hit in hits(client, "/v1/search", q="防晒", kinds=["product"], limit=6)]
    act(client, "u1", "save", *liked)
    after = hits(client, user_id="u1", personalize=True)
    assert [hit["id"] for hit in after] != before
    assert categories(after).count("sunscreen") > categories(hits(client, user_id="u2", personalize=True)).count(
        "sunscreen"
    )
    assert [hit["id"] for hit in hits(client, user_id="u1")] == plain  # without leave nothing changed


def test_what_a_person_hides_stays_away(client: TestClient) -> None:
    unwanted = [hit["id"] for hit in hits(client, user_id="u1", personalize=True)][:3]
    act(client, "u1", "hide", *unwanted)
    assert not set(unwanted) & {hit["id"] for hit in hits(client, user_id="u1", personalize=True, limit=100)}
    assert set(unwanted) & {hit["id"] for hit in hits(client, user_id="u2", personalize=True)}


def test_an_event_that_is_sent_twice_counts_once(client: TestClient) -> None:
    event = {"user_id": "u1", "action": "click", "object_id": "p-hz-078", "at": "2026-11-20T10:00:00+08:00"}
    assert client.post("/v1/events", json={"events": [event]}).json() == {"accepted": 1}
    assert client.post("/v1/events", json={"events": [event]}).json() == {"accepted": 0}


def test_a_person_is_forgotten_on_request(client: TestClient) -> None:
    before = [hit["id"] for hit in hits(client, user_id="u1", personalize=True)]
    act(client, "u1", "save", "g-0001", "g-0002")
    act(client, "u2", "save", "g-0001")
    assert client.delete("/v1/users/u1").json() == {"deleted_rows": 4}  # two events, a logged page and a list
    assert client.delete("/v1/users/u1").json() == {"deleted_rows": 0}
    assert [hit["id"] for hit in hits(client, user_id="u1", personalize=True)] == before


def test_events_survive_a_restart(root: Path) -> None:
    with running(root) as client:
        act(client, "u1", "hide", "g-0001")
    with running(root) as client:
        assert client.delete("/v1/users/u1").json() == {"deleted_rows": 1}


def test_similar_items_are_of_the_same_kind_and_another_one(reader: TestClient) -> None:
    for item_id, kind in (("p-hz-078", "poi"), ("g-0001", "product")):
        reply = reader.get(f"/v1/similar/{item_id}", params={"limit": 8})
        found = reply.json()["hits"]
        assert len(found) == 8
        assert {hit["kind"] for hit in found} == {kind}
        assert item_id not in {hit["id"] for hit in found}
    assert "sunscreen" in categories(found)


def test_a_newcomer_says_interests_and_weather_for_one_page(reader: TestClient) -> None:
    plain = hits(reader)
    asked = {"interests": ["playground", "防晒"], "weather": "rain"}
    found = hits(reader, **asked)
    told = [why for hit in found for why in hit["why"]]
    assert [hit["id"] for hit in found] != [hit["id"] for hit in plain] == [hit["id"] for hit in hits(reader)]
    assert any("因为你选了" in why for why in told) and any("适合雨天" in why for why in told)
    reply = reader.post("/v1/feed", json={"limit": 20, **asked}).json()
    following = {"limit": 20, **asked, "cursor": reply["cursor"]}
    assert reader.post("/v1/feed", json=following).status_code == 200
    assert reader.post("/v1/feed", json={**following, "weather": "sun"}).status_code == 422
    assert reader.post("/v1/feed", json={"weather": "frogs"}).status_code == 422
