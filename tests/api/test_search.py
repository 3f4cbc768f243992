"""Does POST and GET /v1/search answer with what was understood, proof, pages, and the way back of an edited parse?"""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.vocabulary import SORTS
from tests.api.world import FLAGSHIP

FIELDS = {
    "query_id",
    "hits",
    "total",
    "parse",
    "did_you_mean",
    "relaxed",
    "degraded",
    "timings",
    "plan",
    "versions",
    "cursor",
}


def ask(client: TestClient, **body: Any) -> dict[str, Any]:
    reply = client.post("/v1/search", json=body)
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


def ids(answer: dict[str, Any]) -> list[str]:
    return [hit["id"] for hit in answer["hits"]]


def test_a_page_has_all_its_fields(reader: TestClient) -> None:
    answer = ask(reader, q=FLAGSHIP, kinds=["poi"], limit=3)
    assert answer.keys() == FIELDS
    assert [hit["position"] for hit in answer["hits"]] == [0, 1, 2]
    assert all(hit["kind"] == "poi" and hit["item"]["id"] == hit["id"] for hit in answer["hits"])
    assert {"understand", "encode", "retrieve", "rank", "blend"} <= answer["timings"].keys()
    assert answer["versions"]["snapshot"] == "00000001"
    assert answer["versions"]["encoder"] == "hash-1-64"


def test_every_constraint_is_proved_or_measured(reader: TestClient) -> None:
    answer = ask(reader, q=FLAGSHIP, kinds=["poi"], limit=3)
    slots = [c["slot"] for c in answer["parse"]["constraints"]]
    assert {"category", "audience", "amenity", "place.zone"} <= set(slots)
    for hit in answer["hits"]:
        assert {e["constraint"] for e in hit["evidence"]} == set(range(len(slots)))
        lawn = next(e for e in hit["evidence"] if slots[e["constraint"]] == "amenity")
        assert lawn["verdict"] in {"met", "likely"}
        assert any(word in lawn["sentence"].lower() for word in ("草", "lawn", "grass"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", lawn["date"])


def test_the_words_of_the_query_are_marked_in_the_hits(reader: TestClient) -> None:
    shown = [h for hit in ask(reader, q="有草坪的咖啡店", limit=5)["hits"] for h in hit["highlights"]]
    said = "".join(h["text"][start:end] for h in shown for start, end in h["spans"])
    assert "咖啡" in said or "草坪" in said
    assert ask(reader, q="¥", kinds=["poi"], limit=1)["hits"][0]["highlights"] == []


def test_each_query_has_an_id_of_its_own(reader: TestClient) -> None:
    assert ask(reader, q="cafe")["query_id"] != ask(reader, q="cafe")["query_id"]


def test_the_same_search_by_url(reader: TestClient) -> None:
    by_url = reader.get("/v1/search", params={"q": FLAGSHIP, "kinds": ["poi"], "limit": 4})
    assert by_url.status_code == 200
    assert ids(by_url.json()) == ids(ask(reader, q=FLAGSHIP, kinds=["poi"], limit=4))


def test_pages_follow_each_other_without_gap_or_repeat(reader: TestClient) -> None:
    whole = ids(ask(reader, q="咖啡店", kinds=["poi"], limit=20))
    first = ask(reader, q="咖啡店", kinds=["poi"], limit=8)
    second = ask(reader, q="咖啡店", kinds=["poi"], limit=8, cursor=first["cursor"])
    assert ids(first) == whole[:8]
    assert not set(ids(first)) & set(ids(second))
    assert (
        ask(
            reader,
            q="咖啡店",
            kinds=["poi"],
            limit=100,
            filters=[{"slot": "place.admin", "op": "in", "value": {"level": "city", "name": "杭州"}}],
        )["cursor"]
        is None
    )


def test_filters_win_over_the_text(reader: TestClient) -> None:
    cheap = {"slot": "price", "op": "lte", "value": 30}
    answer = ask(reader, q="人均100以内的咖啡店", kinds=["poi"], filters=[cheap], limit=30)
    assert answer["hits"]
    assert all(hit["item"]["price_per_person"] <= 30 for hit in answer["hits"])


def test_sort_by_rating(reader: TestClient) -> None:
    ratings = [hit["item"].get("rating", 0) for hit in ask(reader, q="咖啡店", kinds=["poi"], sort="rating")["hits"]]
    assert ratings == sorted(ratings, reverse=True)


def test_sort_by_date_puts_the_newest_note_first(reader: TestClient) -> None:
    dates = [
        hit["item"].get("published_at", "") for hit in ask(reader, q="咖啡", kinds=["note"], sort="recent")["hits"]
    ]
    assert len(set(dates)) > 1
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_orders_a_page_of_all_kinds(reader: TestClient, sort: str) -> None:
    assert ask(reader, q="咖啡", sort=sort, near={"lat": 30.26, "lon": 120.15})["hits"]


def test_near_and_a_distance_keep_to_the_neighbourhood(reader: TestClient) -> None:
    at = {"lat": 30.26, "lon": 120.15}
    within = {"slot": "distance", "op": "lte", "value": 5.0}
    answer = ask(reader, q="咖啡店", kinds=["poi"], near=at, filters=[within], limit=30)
    assert answer["hits"]
    assert {hit["item"]["city"] for hit in answer["hits"]} == {"杭州"}


def test_an_edited_parse_is_obeyed_and_the_text_not_read_again(reader: TestClient) -> None:
    parse = reader.post("/v1/understand", json={"q": FLAGSHIP}).json()
    parse["constraints"] = [c for c in parse["constraints"] if c["slot"] != "amenity"]
    answer = ask(reader, parse=parse, kinds=["poi"])
    assert "amenity" not in {c["slot"] for c in answer["parse"]["constraints"]}
    assert answer["total"] >= ask(reader, q=FLAGSHIP, kinds=["poi"])["total"]


def test_a_parse_comes_back_as_it_went(reader: TestClient) -> None:
    parse = reader.post("/v1/understand", json={"q": FLAGSHIP}).json()
    asked, said = ask(reader, parse=parse, kinds=["poi"]), ask(reader, q=FLAGSHIP, kinds=["poi"])
    assert ids(asked) == ids(said)


def test_explain_shows_the_features(reader: TestClient) -> None:
    assert "features" not in ask(reader, q="咖啡店", limit=1)["hits"][0]
    features = ask(reader, q="咖啡店", limit=1, explain=True)["hits"][0]["features"]
    assert all(value is None or isinstance(value, int | float) for value in features.values())
    assert features


def test_what_is_explained_costs_no_later_answer_its_time(reader: TestClient) -> None:
    costs = reader.app.state.parts.engine.costs  # type: ignore[attr-defined]
    before = costs.expect("answer")
    assert ask(reader, q="咖啡店", limit=1, explain=True)["hits"][0]["because"]
    assert costs.expect("answer") == before


@pytest.mark.parametrize(("lang", "letters"), [("en", r"[A-Za-z]"), ("zh", r"[一-鿿]")])
def test_reasons_come_in_the_language_asked_for(reader: TestClient, lang: str, letters: str) -> None:
    hits = ask(reader, q=FLAGSHIP, kinds=["poi"], limit=3, lang=lang)["hits"]
    assert all(re.search(letters, why) for hit in hits for why in hit["why"])


def test_the_time_to_answer_for_decides_what_is_open(reader: TestClient) -> None:
    def open_at(at: str) -> int:
        total = ask(reader, q="现在营业的咖啡店", kinds=["poi"], at=at)["total"]
        assert isinstance(total, int)
        return total

    assert open_at("2026-11-22T11:00:00+08:00") > open_at("2026-11-22T04:00:00+08:00")


def test_stages_are_timed_in_a_header(reader: TestClient) -> None:
    reply = reader.post("/v1/search", json={"q": FLAGSHIP})
    timing = dict(re.findall(r"(\w+);dur=([0-9.]+)", reply.headers["server-timing"]))
    assert {"understand", "encode", "retrieve", "rank", "blend", "total"} <= timing.keys()
    assert float(timing["total"]) >= float(timing["retrieve"])


def test_a_search_without_words_is_refused(reader: TestClient) -> None:
    reply = reader.post("/v1/search", json={"q": "  "})
    assert reply.status_code == 422
    assert reply.json()["error"]["field"] == "q"


def test_strange_texts_are_answered(reader: TestClient) -> None:
    for text in ("?", "\u200b", "a" * 512, "（" * 200, "x OR y AND (", '"', "-" * 50, "🍰☕", "＊:＊", "\x00\x01"):
        assert reader.post("/v1/search", json={"q": text}).status_code in {200, 422}, text


def test_metrics_count_what_was_asked(reader: TestClient) -> None:
    ask(reader, q="咖啡店")
    reader.get("/nowhere")
    text = reader.get("/metrics").text
    assert 'lifestyle_requests_total{route="/v1/search",status="200"}' in text
    assert 'lifestyle_requests_total{route="unknown",status="404"}' in text
    assert 'lifestyle_stage_seconds_bucket{le="0.001",stage="rank"}' in text
    assert "lifestyle_searches_in_flight 0.0" in text
    assert "lifestyle_vectors_pending 0.0" in text


def test_items_are_shown_as_stored(reader: TestClient) -> None:
    item = reader.get("/v1/items/p-hz-078").json()
    assert (item["kind"], item["name"], item["city"]) == ("poi", "青禾咖啡小院", "杭州")


def test_the_page_and_its_files_are_served(reader: TestClient) -> None:
    assert "<!doctype html>" in reader.get("/").text.lower()
    assert reader.get("/static/icon.svg").status_code == 200
