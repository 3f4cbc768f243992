"""Over sockets: is what a blocked or a suspected note says quoted nowhere: in no page, panel, reason, file or word?"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.api.world import KEY, copied, listening

#: Two places of one kind, so that they can be compared; names that nothing else has.
PLACES: Final = {"p-hidden": "望榆汀咖啡", "p-beside": "枕鹭洲咖啡"}
WHY: Final = {"reason": "a test"}


@pytest.fixture(scope="module")
def http(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A real server over a copy of its own, two cafés and what people say of them written to it."""
    root = copied(published, tmp_path_factory.mktemp("hidden") / "root")
    with (
        listening(root, follow_seconds=0.05) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=KEY, timeout=60) as client,
    ):
        cafe = {"category": "cafe", "lat": 30.25, "lon": 120.15, "city": "杭州"}
        items: list[tuple[str, dict[str, Any]]] = [("poi", cafe | {"id": i, "name": n}) for i, n in PLACES.items()]
        items += [note(f"n-{place}", "这里有草坪，可以带狗。", place) for place in PLACES]
        write(client, *items)
        yield client


def write(http: httpx.Client, *items: tuple[str, dict[str, Any]]) -> None:
    reply = http.post("/v1/items:upsert", json={"items": [{"kind": kind, "item": item} for kind, item in items]})
    assert reply.status_code == 200, reply.text


def note(item_id: str, body: str, place: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return "note", {
        "id": item_id, "title": "周末", "body": body, "lang": "zh", "author_id": f"by-{item_id}", "poi_ids": [place],
        "published_at": "2026-11-20T10:00:00Z", **more,
    }  # fmt: skip


def doors(http: httpx.Client, place: str, about: str, open_words: str) -> dict[str, str]:
    """Every way by which somebody reads of a place, and what it answers. `about`: words of the note itself."""
    a, b = PLACES["p-hidden"], PLACES["p-beside"]
    asked = {
        "page": "杭州有草坪的咖啡店", "denied": "杭州没有草坪的咖啡店", "open": f"杭州{open_words}的咖啡店",
        "hard": f"杭州必须{open_words}的咖啡店", "compare": f"{a}和{b}哪个好", "versus": f"{a} vs {b}",
        "check": f"{PLACES[place]}靠谱吗", "lookup": PLACES[place], "route": "杭州行程安排 一天",
        "deal": "杭州咖啡店团购优惠", "book": "杭州咖啡店订位", "browse": "随便逛逛 杭州 有草坪", "note": about,
    }  # fmt: skip
    found = {
        name: http.post("/v1/search", json={"q": q, "limit": 50, "explain": True, "facets": ["amenity"]})
        for name, q in asked.items()
    }
    for name, path in {
        "get": f"/v1/search?q={a}", "file": f"/v1/items/{place}/evidence", "similar": f"/v1/similar/{place}",
        "related": f"/v1/related/{place}", "item": f"/v1/items/{place}", "suggest": f"/v1/suggest?q={about[:4]}",
        "trending": "/v1/trending?city=杭州&topic=cafe", "mentions": "/v1/mentions",
    }.items():  # fmt: skip
        found[name] = http.get(path)
    found["feed"] = http.post("/v1/feed", json={"limit": 50})
    found["filtered feed"] = http.post("/v1/feed", json={"limit": 50, "q": "杭州 有草坪 咖啡店"})
    return {name: reply.text for name, reply in found.items() if _ok(name, reply)}


def _ok(name: str, reply: httpx.Response) -> bool:
    assert reply.status_code in (200, 404, 422), (name, reply.text)
    return reply.status_code == 200


def test_a_blocked_note_is_quoted_nowhere(http: httpx.Client) -> None:
    said, about = "门口的草坪特别软，后院立着一座木风车。", "望榆汀的木风车"
    write(http, note("n-shut", said, "p-hidden", title=about))
    before = doors(http, "p-hidden", about, "有木风车")
    shown = {name for name, text in before.items() if "n-shut" in text or "木风车。" in text}
    assert {"page", "open", "compare", "check", "file", "note", "related"} <= shown, shown  # else nothing is tested
    assert http.post("/v1/items/n-shut:block", json=WHY).status_code == 200
    after = doors(http, "p-hidden", about, "有木风车")
    assert after.keys() >= before.keys() - {"mentions"}
    assert [name for name, text in after.items() if "n-shut" in text or said[:8] in text or "座木风车" in text] == []


def test_what_a_blocked_note_alone_said_is_no_longer_held(http: httpx.Client) -> None:
    write(http, note("n-alone", "有免费停车场，停车方便。", "p-beside"))
    assert _verdicts(http, "p-beside")["parking"] in ("met", "likely")
    assert http.post("/v1/items/n-alone:block", json=WHY).status_code == 200
    assert "parking" not in _verdicts(http, "p-beside")
    assert http.post("/v1/items/n-alone:unblock", json=WHY).status_code == 200
    assert _verdicts(http, "p-beside")["parking"] in ("met", "likely")


def test_a_note_of_the_snapshot_that_is_blocked_is_quoted_nowhere(http: httpx.Client) -> None:
    answer = http.post("/v1/search", json={"q": "杭州有草坪的咖啡店", "limit": 20, "kinds": ["poi"]}).json()
    place, proof = next(
        (hit["id"], e) for hit in answer["hits"] for e in hit["evidence"]
        if hit["id"] not in PLACES and e.get("note_id")
    )  # fmt: skip
    assert http.post(f"/v1/items/{proof['note_id']}:block", json=WHY).status_code == 200
    name = next(hit["item"]["name"] for hit in answer["hits"] if hit["id"] == place)
    asked = ["杭州有草坪的咖啡店", f"{name}靠谱吗", f"{name}和{PLACES['p-beside']}哪个好", name]
    texts = [http.post("/v1/search", json={"q": q, "limit": 50, "explain": True}).text for q in asked]
    texts += [http.get(path).text for path in (f"/v1/items/{place}/evidence", f"/v1/related/{place}")]
    texts += [http.get(f"/v1/similar/{place}").text, http.post("/v1/feed", json={"limit": 50}).text]
    assert [at for at, text in enumerate(texts) if f'"{proof["note_id"]}"' in text] == []


def test_a_suspected_note_is_heard_a_little_and_quoted_nowhere(http: httpx.Client) -> None:
    said = "草坪全城第一，院里停着一节旧车厢。"
    write(http, note("n-doubtful", said, "p-hidden", title="必去", trust="suspected"))
    quoted = doors(http, "p-hidden", "木屋顶的店", "有旧车厢")
    pages = {name: json.loads(quoted[name]) for name in ("compare", "versus", "check", "route", "deal", "book")}
    panels = {name: json.dumps(page.get("panel"), ensure_ascii=False) for name, page in pages.items()}
    assert panels["check"] != "null" != panels["compare"]  # the note itself may be a hit, but proves nothing
    panels |= {name: quoted[name] for name in ("file", "similar")}
    assert [name for name, text in panels.items() if "全城第一" in text or "旧车厢" in text] == []
    hits = [hit for name in ("page", "open", "hard", "lookup", "browse") for hit in _hits(http, name)]
    assert hits and not [e for hit in hits for e in hit.get("evidence", ()) if "全城第一" in (e.get("sentence") or "")]


def _hits(http: httpx.Client, name: str) -> list[dict[str, Any]]:
    q = {"open": "杭州有旧车厢的咖啡店", "hard": "杭州必须有旧车厢的咖啡店", "lookup": PLACES["p-hidden"]}.get(
        name, "杭州有草坪的咖啡店"
    )
    found: list[dict[str, Any]] = http.post("/v1/search", json={"q": q, "limit": 50}).json()["hits"]
    return found


def _verdicts(http: httpx.Client, place: str) -> dict[str, str]:
    """Attribute -> what the file on a place says of it."""
    file = http.get(f"/v1/items/{place}/evidence").json()
    return {row["attribute"]: row["verdict"] for row in file["attributes"]}
