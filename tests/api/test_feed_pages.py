"""Does a list hold together while the world goes on, and does what people do show on the next page?"""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.test_feed import act, hits
from tests.api.world import copied, running

pytestmark = pytest.mark.promise(25)
ACTIONS = ("click", "save", "like", "hide", "impression", "purchase")


def page(client: TestClient, **body: Any) -> dict[str, Any]:
    reply = client.post("/v1/feed", json=body)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [hit["id"] for hit in found["hits"]]


def upsert(client: TestClient, kind: str, **item: Any) -> None:
    assert client.post("/v1/items:upsert", json={"items": [{"kind": kind, "item": item}]}).status_code == 200


def test_paging_under_events_repeats_and_skips_nothing(client: TestClient) -> None:
    """Every item that may be shown comes once, and once alone, until nothing is left."""
    asked: dict[str, Any] = {"user_id": "u1", "personalize": True, "limit": 7}
    dice, seen = random.Random(1), list[str]()
    index = client.app.state.parts.views.now("default").index  # type: ignore[attr-defined]
    count = sum(index.count("default", kind) for kind in ("note", "poi", "product"))
    told = page(client, **asked)
    while True:
        seen += ids(told)
        mine = dice.choice(ids(told))
        action = dice.choice(ACTIONS)
        for user, what, item in (("u1", action, mine), ("u2", "click", dice.choice(seen))):
            event = {"user_id": user, "action": what, "object_id": item}
            assert client.post("/v1/events", json={"events": [event]}).status_code == 200
        if told["cursor"] is None:
            break
        told = page(client, **asked, cursor=told["cursor"])
    assert len(seen) == len(set(seen)) == count


def test_a_page_that_is_asked_for_again_is_the_same(client: TestClient) -> None:
    asked = {"user_id": "u1", "personalize": True, "limit": 5}
    first = page(client, **asked)
    second = page(client, **asked, cursor=first["cursor"])
    act(client, "u1", "save", *ids(second)[:3])
    again = page(client, **asked, cursor=first["cursor"])
    assert again["hits"] == second["hits"] and again["cursor"] == second["cursor"]


def test_a_list_goes_on_after_a_restart_and_without_what_was_deleted(root: Path) -> None:
    asked = {"limit": 6}
    with running(root) as client:
        first = page(client, **asked)
        second = page(client, **asked, cursor=first["cursor"])
    with running(root) as client:
        client.delete(f"/v1/items/{ids(second)[0]}")
        again = page(client, **asked, cursor=first["cursor"])
        third = page(client, **asked, cursor=again["cursor"])
    assert ids(again) == ids(second)[1:]
    assert not set(ids(third)) & {*ids(first), *ids(second)}


def test_a_cursor_goes_on_with_its_own_request_alone(client: TestClient) -> None:
    first = page(client, user_id="u1", personalize=True, limit=5)
    for other in (
        {"user_id": "u2", "personalize": True},
        {"user_id": "u1"},
        {"user_id": "u1", "personalize": True, "kinds": ["poi"]},
    ):
        reply = client.post("/v1/feed", json={**other, "limit": 5, "cursor": first["cursor"]})
        assert reply.status_code == 422 and reply.json()["error"]["field"] == "cursor"


def topic_share(client: TestClient, user: str, topic: str) -> float:
    found = hits(client, user_id=user, personalize=True, limit=20)
    return sum(hit["item"].get("category") == topic for hit in found) / len(found)


def test_one_click_on_a_new_topic_shows_on_the_next_page(
    client: TestClient, record_property: Callable[[str, object], None]
) -> None:
    cafes = [hit["id"] for hit in hits(client, "/v1/search", q="咖啡馆", kinds=["poi"], limit=8)]
    old = [{"user_id": "u1", "action": "save", "object_id": cafe, "at": "2026-11-19T10:00:00Z"} for cafe in cafes]
    assert client.post("/v1/events", json={"events": old}).json() == {"accepted": 8}
    before = topic_share(client, "u1", "sunscreen")
    act(client, "u1", "click", hits(client, "/v1/search", q="防晒", kinds=["product"], limit=1)[0]["id"])
    found = hits(client, user_id="u1", personalize=True, limit=20)
    after = sum(hit["item"].get("category") == "sunscreen" for hit in found) / 20
    assert after > before
    record_property("figure", f"share of a topic on a page before and after one click: {before:.2f}, {after:.2f}")
    assert any(hit["source"] == "session" and "你刚看" in hit["why"][0] for hit in found)


def test_the_next_page_of_a_list_knows_the_click_too(client: TestClient) -> None:
    asked = {"user_id": "u1", "personalize": True, "limit": 10}
    first = page(client, **asked)
    act(client, "u1", "click", hits(client, "/v1/search", q="防晒", kinds=["product"], limit=1)[0]["id"])
    assert "session" in {hit["source"] for hit in page(client, **asked, cursor=first["cursor"])["hits"]}


def test_a_new_item_is_on_the_next_page_with_its_chance(client: TestClient) -> None:
    page(client, limit=10)
    upsert(client, "poi", id="p-brand-new", name="刚开的书店", category="bookshop", city="杭州")
    for asked in ({"limit": 10}, {"user_id": "u1", "personalize": True, "limit": 10}):
        found = {hit["id"]: hit for hit in page(client, **asked)["hits"]}
        assert found["p-brand-new"]["source"] == "explore" and found["p-brand-new"]["explored"]
        assert found["p-brand-new"]["propensity"] == 1.0


def test_drawn_cards_say_how_likely_they_were(reader: TestClient) -> None:
    found = page(reader, limit=40)["hits"]
    drawn = [hit for hit in found if hit["explored"]]
    assert len(drawn) == 2
    assert all(0 < hit["propensity"] < 1 for hit in drawn)
    assert all(hit["propensity"] == 1 for hit in found if not hit["explored"])


def test_every_card_says_why_in_the_language_of_who_asks(reader: TestClient) -> None:
    for lang in ("zh", "en"):
        found = page(reader, limit=20, lang=lang, near={"lat": 30.25, "lon": 120.16})["hits"]
        assert all(hit["source"] and hit["why"][0].isascii() == (lang == "en") for hit in found)


def test_paid_cards_are_few_and_labelled(reader: TestClient) -> None:
    found = page(reader, limit=100, kinds=["note"])["hits"]
    paid = [hit["item"].get("trust") in ("sponsored", "merchant") for hit in found]
    assert [hit.get("label") for hit in found] == ["广告" if one else None for one in paid]
    assert all(sum(paid[at : at + 10]) <= 3 for at in range(len(paid) - 9))  # two, and one that was drawn


def test_near_and_open_now(reader: TestClient) -> None:
    found = page(reader, limit=20, near={"lat": 30.25, "lon": 120.16})["hits"]
    assert any(hit["source"] == "nearby" and "公里" in hit["why"][0] for hit in found)


def test_without_a_history_the_page_is_varied(reader: TestClient) -> None:
    found = page(reader, limit=20)["hits"]
    assert {hit["kind"] for hit in found} == {"note", "poi", "product"}
    assert len({hit["item"].get("category") for hit in found}) >= 6


@pytest.fixture(scope="module")
def crowded(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment in which four people turned to the same two things."""
    root = copied(published, tmp_path_factory.mktemp("crowded") / "root")
    with running(root) as client:
        for user in ("a", "b", "c", "d"):
            act(client, user, "save", "p-hz-078", "g-0001")
        act(client, "a", "save", "g-0002")
    return root


def test_what_many_turn_to_is_trending_by_city_and_topic(crowded: Path) -> None:
    with running(crowded) as client:
        every = client.get("/v1/trending", params={"limit": 5}).json()["hits"]
        assert {hit["id"] for hit in every if hit["source"] == "trending"} == {"p-hz-078", "g-0001"}
        topic = client.get("/v1/trending", params={"topic": "防晒", "kinds": "product"}).json()["hits"]
        assert topic[0]["id"] == "g-0001" and {hit["item"]["category"] for hit in topic} == {"sunscreen"}
        city = client.get("/v1/trending", params={"city": "杭州", "kinds": "poi", "lang": "en"}).json()["hits"]
        assert city[0]["id"] == "p-hz-078" and "many look at it" in city[0]["why"][0]
        town = client.get("/v1/trending", params={"city": "杭州", "topic": "cafe"}).json()["hits"]
        assert {hit["kind"] for hit in town} <= {"poi", "note"}  # a product is in no city
        assert not [why for hit in town for why in hit["why"] if "{" in why or "：咖啡馆" in why]
        wrong = client.get("/v1/trending", params={"topic": "咕噜咕噜"})
        assert wrong.status_code == 422 and wrong.json()["error"]["field"] == "topic"


def test_what_belongs_together(reader: TestClient) -> None:
    place = reader.get("/v1/related/p-hz-078").json()
    assert place["kind"] == "poi" and place["notes"]
    note = reader.get(f"/v1/related/{place['notes'][0]['id']}").json()
    assert "p-hz-078" in {hit["id"] for hit in note["places"]}
    assert note["together"] and reader.get("/v1/related/none").status_code == 404
