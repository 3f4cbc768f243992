"""Is a thing that no lexicon knows looked for in what people write, live notes too, and shown with its sentence?"""

from typing import Any

from starlette.testclient import TestClient

from tests.api.test_live import eventually, found, ids, upsert

QUERY = "杭州有旋转木马的咖啡店"
PLACE = {"id": "p-ride", "name": "鹭洲转转咖啡", "category": "cafe", "lat": 30.25, "lon": 120.15, "city": "杭州"}


def note(number: int, body: str) -> tuple[str, dict[str, Any]]:
    return "note", {
        "id": f"n-ride-{number}", "title": "下午", "body": body, "lang": "zh", "author_id": f"rider-{number}",
        "poi_ids": ["p-ride"], "published_at": f"2026-11-{10 + number}T10:00:00Z",
    }  # fmt: skip


def proof(client: TestClient, text: str = QUERY) -> dict[str, Any]:
    reply = client.post("/v1/search", json={"q": text, "kinds": ["poi"], "limit": 50}).json()
    number = next(n for n, c in enumerate(reply["parse"]["constraints"]) if c["op"] == "open")
    hit = next(hit for hit in reply["hits"] if hit["id"] == "p-ride")
    found: dict[str, Any] = next(e for e in hit["evidence"] if e["constraint"] == number)
    return found


def test_what_live_notes_say_counts_at_the_next_search(client: TestClient) -> None:
    upsert(client, ("poi", PLACE))
    assert proof(client)["verdict"] == "unknown"
    upsert(client, note(1, "院子里有个旋转木马。"))
    one = proof(client)
    assert one["verdict"] == "likely" and one["sentence"] == "院子里有个旋转木马。"
    assert (one["note_id"], one["date"]) == ("n-ride-1", "2026-11-11")
    upsert(client, note(2, "旋转木马比照片里的大，孩子不肯走。"))
    assert proof(client)["verdict"] == "met"
    assert ids(found(client, QUERY, kinds=["poi"]))[0] == "p-ride"
    assert client.delete("/v1/items/n-ride-1").status_code == client.delete("/v1/items/n-ride-2").status_code == 200
    assert proof(client)["verdict"] == "unknown"
    upsert(client, note(3, "没有旋转木马。"))
    assert proof(client)["verdict"] == "contradicted"


def test_insisted_on_it_filters(client: TestClient) -> None:
    upsert(client, ("poi", PLACE), note(1, "院子里有个旋转木马。"))
    reply = client.post("/v1/search", json={"q": "必须有旋转木马的咖啡店", "kinds": ["poi"], "limit": 50}).json()
    assert reply["hits"][0]["id"] == "p-ride"
    assert len(reply["hits"]) == 1 or reply["relaxed"]


def test_sentences_of_live_notes_get_vectors_in_the_background(client: TestClient) -> None:
    upsert(client, ("poi", PLACE), note(1, "飞机的起降坐在窗边都看得到。"))
    views: Any = client.app.state.parts.views  # type: ignore[attr-defined]
    assert eventually(lambda: len(views.now("default").index.segments[1].voices) > 0)
    assert proof(client, "杭州能看飞机起降的咖啡店")["verdict"] == "likely"


def test_without_time_to_encode_the_words_alone_count(client: TestClient) -> None:
    engine: Any = client.app.state.parts.engine  # type: ignore[attr-defined]
    engine.costs.observe({"hear": 1e9})
    reply = client.post("/v1/search", json={"q": "有旋转楼梯的咖啡店"}).json()
    given = {given["stage"]: given["instead"] for given in reply["degraded"]}
    assert given["hear"] == "open attributes by their words alone" and reply["hits"]
