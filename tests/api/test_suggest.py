"""Does GET /v1/suggest keep its contract: bounded, typed, live, and of one tenant?"""

import pytest
from starlette.testclient import TestClient

from api.examples import _SUGGESTIONS
from engine.suggest.table import TYPES
from engine.understand.sounds import syllables


def suggested(client: TestClient, q: str, **more: object) -> list[dict[str, object]]:
    reply = client.get("/v1/suggest", params={"q": q, **more})
    assert reply.status_code == 200, reply.text
    found: list[dict[str, object]] = reply.json()["suggestions"]
    return found


@pytest.mark.parametrize("q", ["咖", "kfd", "kafei", "coff", "restuar", "适合带娃的咖", "火", "杭州 咖"])
def test_suggestions_have_the_documented_shape(reader: TestClient, q: str) -> None:
    found = suggested(reader, q)
    assert found
    for each in found:
        assert {"text", "type", "score", "highlight"} <= each.keys() <= {*each, "id", "kind"}
        assert each["type"] in TYPES
        assert ("kind" in each) == (each["type"] == "name")


def test_the_example_is_true_to_the_answer(reader: TestClient) -> None:
    real = reader.get("/v1/suggest", params={"q": "咖"}).json()
    assert _SUGGESTIONS.keys() == real.keys()


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "q"), ({"q": ""}, "q"), ({"q": "   "}, "q"), ({"q": "x" * 129}, "q"), ({"q": "x", "limit": 0}, "limit"),
        ({"q": "x", "limit": 21}, "limit"), ({"q": "x", "lang": "fr"}, "lang"), ({"q": "x", "nonsense": 1}, "nonsense"),
    ],
)  # fmt: skip
def test_wrong_input_is_a_clear_422(reader: TestClient, params: dict[str, object], field: str) -> None:
    reply = reader.get("/v1/suggest", params=params)
    assert reply.status_code == 422
    assert reply.json()["error"]["field"] == field


@pytest.mark.parametrize("q", ["x" * 128, "\u0000", "🐶" * 60, "%00", "((((", "\u202eabc", "a b " * 30])
def test_any_text_is_answered(reader: TestClient, q: str) -> None:
    assert len(suggested(reader, q, limit=20)) <= 20


def test_live_items_are_suggested_and_deleted_ones_are_not(client: TestClient) -> None:
    item = {"id": "p-new", "name": "祝融草坪咖啡", "category": "cafe"}
    assert suggested(client, "祝融") == []
    assert client.post("/v1/items:upsert", json={"items": [{"kind": "poi", "item": item}]}).status_code == 200
    assert [(s["text"], s["id"], s["kind"]) for s in suggested(client, "祝融")] == [("祝融草坪咖啡", "p-new", "poi")]
    assert suggested(client, "zrcp")[0]["id"] == "p-new"
    assert client.delete("/v1/items/p-new").status_code == 200
    assert suggested(client, "祝融") == []


def test_a_deleted_item_of_the_snapshot_is_not_suggested(client: TestClient) -> None:
    name = client.get("/v1/items/p-hz-078").json()["name"]
    assert any(s.get("id") == "p-hz-078" for s in suggested(client, name))
    assert client.delete("/v1/items/p-hz-078").status_code == 200
    assert not any(s.get("id") == "p-hz-078" for s in suggested(client, name))


def test_a_renamed_item_is_suggested_by_its_new_name_alone(client: TestClient) -> None:
    old = client.get("/v1/items/p-hz-078").json()
    renamed = {k: v for k, v in old.items() if k != "kind"} | {"name": "祝融书屋"}
    assert client.post("/v1/items:upsert", json={"items": [{"kind": "poi", "item": renamed}]}).status_code == 200
    assert not any(s.get("id") == "p-hz-078" for s in suggested(client, old["name"]))
    assert suggested(client, "祝融书")[0]["id"] == "p-hz-078"


def test_a_search_that_misses_a_name_asks_whether_it_was_meant(reader: TestClient) -> None:
    name = reader.get("/v1/items/p-hz-078").json()["name"]
    said = reader.post("/v1/search", json={"q": "".join(syllables(name))}).json()
    assert said["did_you_mean"]["q"] == name
    assert said["parse"]["query"] == "".join(syllables(name))
    assert reader.post("/v1/search", json={"q": name}).json()["did_you_mean"] is None


def test_queries_are_suggested_when_five_people_asked_them_and_forgotten_with_them(client: TestClient) -> None:
    def ask(user: str, q: str) -> None:
        assert client.post("/v1/search", json={"q": q, "user_id": user}).status_code == 200

    for number in range(4):
        ask(f"u{number}", "祝融号看星星")
        ask(f"u{number}", "祝融 13800138000")
    assert suggested(client, "祝融") == []
    ask("u4", "祝融号看星星")
    ask("u4", "祝融 13800138000")
    client.delete("/v1/users/nobody")  # counts anew
    assert [(s["text"], s["type"]) for s in suggested(client, "祝融")] == [("祝融号看星星", "query")]
    assert client.delete("/v1/users/u2").json()["deleted_rows"] >= 1
    assert suggested(client, "祝融") == []
