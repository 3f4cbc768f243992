"""Over sockets: does a page show what proves each constraint, mark and cap what is paid for, hide what is blocked?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.world import KEY, copied, listening

CAFE = {"id": "p-sock", "name": "栖云岸咖啡", "category": "cafe", "lat": 30.25, "lon": 120.15, "city": "杭州"}
QUERY = "杭州有草坪的咖啡店"


@pytest.fixture(scope="module")
def http(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A real server over a copy of its own. Each test writes items of its own names."""
    root = copied(published, tmp_path_factory.mktemp("sockets") / "root")
    with (
        listening(root, paid_share=0.1, follow_seconds=0.05) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=KEY, timeout=30) as client,
    ):
        yield client


def write(http: httpx.Client, *items: tuple[str, dict[str, Any]]) -> None:
    reply = http.post("/v1/items:upsert", json={"items": [{"kind": kind, "item": item} for kind, item in items]})
    assert reply.status_code == 200, reply.text


def note(item_id: str, body: str, place: str, day: int, **more: Any) -> tuple[str, dict[str, Any]]:
    return "note", {
        "id": item_id, "title": "下午茶", "body": body, "lang": "zh", "author_id": f"by-{item_id}", "poi_ids": [place],
        "published_at": f"2026-11-{day:02}T10:00:00Z", **more,
    }  # fmt: skip


def ask(http: httpx.Client, q: str, **more: Any) -> dict[str, Any]:
    reply = http.post("/v1/search", json={"q": q, "limit": 50, **more})
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


def lawn(http: httpx.Client, place: str, q: str = QUERY) -> dict[str, Any]:
    """What the page says of the lawn of a place; its own answer, when no page of the query has the place."""
    answer = ask(http, q, kinds=["poi"])
    number = next(n for n, c in enumerate(answer["parse"]["constraints"]) if c["value"] == "lawn")
    hit = next(hit for hit in answer["hits"] if hit["id"] == place)
    found: dict[str, Any] = next(e for e in hit["evidence"] if e["constraint"] == number)
    return found


def test_each_constraint_has_its_verdict_counts_sentence_note_and_date(http: httpx.Client) -> None:
    write(http, ("poi", CAFE), note("n-sock-1", "后院的草坪很大。", "p-sock", 10))
    write(http, note("n-sock-2", "坐在草坪上晒太阳。", "p-sock", 12), note("n-sock-3", "没有草坪。", "p-sock", 1))
    shown = lawn(http, "p-sock")
    assert shown["verdict"] in ("met", "likely") and 0 < shown["probability"] < 1
    assert (shown["support"], shown["contradictions"]) == (2, 1)
    assert shown["sentence"] in ("后院的草坪很大。", "坐在草坪上晒太阳。")
    assert (shown["note_id"], shown["date"]) in (("n-sock-1", "2026-11-10"), ("n-sock-2", "2026-11-12"))
    assert shown["enough"] == 0.5  # from where on a hard constraint counts as kept
    answer = ask(http, QUERY, kinds=["poi"])
    for hit in answer["hits"]:
        assert [e["constraint"] for e in hit["evidence"]] == list(range(len(answer["parse"]["constraints"])))
        assert {e["verdict"] for e in hit["evidence"]} <= {"met", "likely", "unknown", "contradicted"}


def test_a_merchant_whom_notes_contradict_is_shown_so(http: httpx.Client) -> None:
    write(http, ("poi", CAFE | {"id": "p-claims", "name": "青汀里咖啡", "amenities": ["lawn"]}))
    assert lawn(http, "p-claims", "青汀里咖啡有草坪吗")["verdict"] == "met"
    for number in range(3):
        write(http, note(f"n-claims-{number}", "没有草坪，只有几盆绿植。", "p-claims", 10 + number))
    file = http.get("/v1/items/p-claims/evidence").json()
    known = next(a for a in file["attributes"] if a["attribute"] == "lawn")
    assert known["merchant"] is True and known["disagrees"] and known["contradictions"] == 3
    assert lawn(http, "p-claims", "青汀里咖啡有草坪吗")["disagrees"]


def test_a_note_counts_from_its_upsert_until_it_is_deleted(http: httpx.Client) -> None:
    write(http, ("poi", CAFE | {"id": "p-comes", "name": "鹤汀坊咖啡"}))
    assert not http.get("/v1/items/p-comes/evidence").json()["attributes"]
    write(http, note("n-comes", "草坪修得很好。", "p-comes", 10))
    assert lawn(http, "p-comes")["note_id"] == "n-comes"
    assert http.delete("/v1/items/n-comes").status_code == 200
    assert not http.get("/v1/items/p-comes/evidence").json()["attributes"]


SAID = (
    "下雨天窗边的位子最舒服，听了一张老唱片才走。",
    "手冲豆子换成了埃塞俄比亚，酸味明亮，回甘很久。",
    "司康外皮烤得有点焦，配的果酱倒是自己熬的。",
    "二楼楼梯陡，抱着电脑上去要小心一点。",
    "店里那只橘猫趴在收银台，谁摸都不理。",
    "冰美式给了一大杯，三点以后人才多起来。",
    "插座藏在长桌底下，找了半天才看到。",
    "老板推荐的布朗尼太甜，我吃了一半打包。",
)


def test_what_is_paid_for_is_marked_and_capped_by_the_setting(http: httpx.Client) -> None:
    for at, (own, paid) in enumerate(zip(SAID, reversed(SAID), strict=True)):
        write(http, note(f"n-own-{at}", own, "p-sock", 1 + at, title=f"月汐台 {at}"))
        write(
            http, note(f"n-paid-{at}", f"感谢品牌赠送。{paid[:8]}", "p-sock", 9 + at, title="月汐台", trust="sponsored")
        )
    hits = ask(http, "月汐台", kinds=["note"])["hits"]
    assert [hit["item"]["trust"] for hit in hits[:10]].count("sponsored") == 1
    assert {hit.get("label") for hit in hits if hit["item"]["trust"] == "organic"} == {None}
    only = [{"slot": "trust", "op": "eq", "value": "sponsored", "hardness": "hard"}]
    for lang, label in (("zh", "广告"), ("en", "Sponsored")):
        paid = ask(http, "月汐台", kinds=["note"], filters=only, lang=lang)["hits"]
        assert sum(hit["id"].startswith("n-paid") for hit in paid) == len(SAID)
        assert {hit["label"] for hit in paid} == {label}


def test_trust_is_a_filter(http: httpx.Client) -> None:
    for label in ("organic", "sponsored"):
        only = [{"slot": "trust", "op": "eq", "value": label, "hardness": "hard"}]
        hits = ask(http, "咖啡", kinds=["note"], filters=only)["hits"]
        assert hits and {hit["item"]["trust"] for hit in hits} == {label}


def test_a_blocked_note_is_no_evidence_of_any_kind(http: httpx.Client) -> None:
    write(http, ("poi", CAFE | {"id": "p-blocked", "name": "听潮坞咖啡"}))
    write(http, note("n-blocked", "草坪很大，院子里有个旋转木马。", "p-blocked", 10, title="听潮坞的旋转木马"))
    open_query, review = "杭州有旋转木马的咖啡店", "听潮坞咖啡怎么样"
    doors = (QUERY, open_query, review)
    assert all("n-blocked" in http.post("/v1/search", json={"q": q, "limit": 50}).text for q in (QUERY, open_query))
    assert http.post("/v1/items/n-blocked:block", json={"reason": "a test"}).status_code == 200
    texts = [http.post("/v1/search", json={"q": q, "limit": 50}).text for q in doors]
    texts += [http.get(path).text for path in ("/v1/items/p-blocked/evidence", "/v1/similar/p-blocked")]
    texts.append(http.get("/v1/suggest", params={"q": "听潮坞的"}).text)
    texts.append(http.post("/v1/feed", json={"limit": 50}).text)
    assert [text for text in texts if "n-blocked" in text or "院子里有个旋转木马" in text] == []


def test_another_name_is_screened_as_items_are(http: httpx.Client) -> None:
    write(http, ("poi", CAFE | {"id": "p-named", "name": "云汐渡咖啡"}))
    assert http.post("/v1/mentions", json={"id": "p-named", "name": "专业办假证"}).status_code == 200
    queue = http.get("/v1/review").json()["waiting"]
    assert any(row["id"] == "p-named" and row["label"] == "illegal" for row in queue), queue
