"""Is each intent served, not only read? Tables, routes, checks, offers, the thing itself, its like for less."""

from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from opening_hours import OpeningHours
from starlette.testclient import TestClient

from tests.api.world import rows

ROWS = rows()
PLACES = [place for place in ROWS["poi"] if place["city"] == "杭州"]


def ask(client: TestClient, q: str, **more: Any) -> dict[str, Any]:
    answer = client.post("/v1/search", json={"q": q, "limit": 10, **more})
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


@pytest.mark.parametrize("form", ["{}和{}哪个好", "{} vs {}"])
def test_two_named_things_are_laid_side_by_side(reader: TestClient, form: str) -> None:
    a, b = PLACES[0], PLACES[1]
    said = ask(reader, form.format(a["name"], b["name"]))
    assert said["parse"]["intent"]["name"] == "compare"
    panel = said["panel"]
    assert [item["id"] for item in panel["items"]] == [a["id"], b["id"]]
    facts = {row["fact"]: row["values"] for row in panel["rows"] if "fact" in row}
    assert facts["rating"] == [a["rating"], b["rating"]]
    told = [row for row in panel["rows"] if "attribute" in row]
    assert told and all(len(row["values"]) == 2 for row in told)
    assert any(cell and cell["sentence"] for row in told for cell in row["values"])


def test_a_comparison_of_things_unknown_is_a_list(reader: TestClient) -> None:
    assert "panel" not in ask(reader, "苹果和梨哪个好")


@pytest.mark.parametrize(("q", "minutes"), [("杭州行程安排 一天", 1440), ("杭州半日游行程安排", None)])
def test_a_route_reaches_open_places_one_after_the_other_in_time(
    reader: TestClient, q: str, minutes: int | None
) -> None:
    said = ask(reader, q)
    assert said["parse"]["intent"]["name"] == "itinerary"
    panel = said["panel"]
    assert minutes in (None, panel["minutes"])
    hours = {place["id"]: place["opening_hours"] for place in ROWS["poi"]}
    for day in panel["days"]:
        stops = day["stops"]
        assert len({stop["id"] for stop in stops}) == len(stops) >= 1
        for before, after in pairwise(stops):
            assert _minute(after["arrive"]) == _minute(before["leave"]) + after["travel_minutes"]
        assert _minute(stops[-1]["leave"]) - _minute(stops[0]["arrive"]) <= panel["minutes"]
        for stop in stops:
            assert _open(hours[stop["id"]], day["date"], stop["arrive"])
            assert _open(hours[stop["id"]], day["date"], stop["leave"], last=True)


@pytest.mark.parametrize(
    ("q", "days"), [("杭州周末行程安排 一天", {5, 6}), ("a one-day itinerary in Hangzhou this weekend", {5, 6})]
)
def test_a_route_is_for_the_day_that_is_asked_for(reader: TestClient, q: str, days: set[int]) -> None:
    panel = ask(reader, q)["panel"]
    assert all(datetime.fromisoformat(day["date"]).weekday() in days for day in panel["days"])


@pytest.mark.parametrize(
    ("q", "first", "last"),
    [
        ("周六下午杭州三小时亲子行程", 12 * 60, 15 * 60),
        ("周六下午杭州行程安排", 12 * 60, 18 * 60),
        ("明天上午杭州行程安排", 9 * 60, 12 * 60),
        ("a half day itinerary in Hangzhou on Saturday afternoon", 12 * 60, 16 * 60),
    ],
)
def test_a_route_keeps_to_the_part_of_the_day_that_is_asked_for(
    reader: TestClient, q: str, first: int, last: int
) -> None:
    (day,) = ask(reader, q)["panel"]["days"]
    assert first <= _minute(day["stops"][0]["arrive"]) and _minute(day["stops"][-1]["leave"]) <= last


@pytest.mark.parametrize("form", ["{}", "{} review, is it worth it"])
def test_a_category_misread_in_a_products_name_is_the_products_own(client: TestClient, form: str) -> None:
    brand = next(product["brand"] for product in ROWS["product"] if product["brand"].isascii())
    chair = {"id": "low", "title": f"{brand} Perch Low Chair packs small", "brand": brand, "category": "camp_chair"}
    written = client.post("/v1/items:upsert", json={"items": [{"kind": "product", "item": chair}]})
    assert written.status_code == 200, written.text
    said = ask(client, form.format(f"{brand} Perch Low Chair"))
    assert "low" in [hit["id"] for hit in said["hits"]][:2]
    assert {c["value"] for c in said["parse"]["constraints"] if c["slot"] == "category"} == {"camp_chair"}


def test_a_comparison_lists_what_is_compared_first(reader: TestClient) -> None:
    a, b = PLACES[0], PLACES[1]
    said = ask(reader, f"{b['name']}和{a['name']}哪个好")
    assert [hit["id"] for hit in said["hits"][:2]] == [b["id"], a["id"]]


@pytest.mark.parametrize("form", ["{} dupe", "cheaper alternative to {}", "{} 平替"])
def test_a_dupe_of_what_is_named_in_part_is_not_the_thing_itself(reader: TestClient, form: str) -> None:
    dear = max((p for p in ROWS["product"] if p["category"] == "sunscreen"), key=lambda product: product["price"])
    said = ask(reader, form.format(" ".join(dear["title"].split()[:3])))
    assert said["parse"]["intent"]["name"] == "similar_to"
    products = [hit["item"] for hit in said["hits"] if hit["kind"] == "product"]
    assert products and dear["id"] not in {item["id"] for item in products}
    assert products[0]["price"] < dear["price"] and products[0]["category"] == "sunscreen"


def test_who_books_a_table_is_not_shown_books(reader: TestClient) -> None:
    said = ask(reader, "book a table for two in Munich")
    assert said["parse"]["intent"]["name"] == "book"
    assert "bookshop" not in {hit["item"]["category"] for hit in said["hits"][:3]}


def test_the_thing_that_is_looked_up_comes_first_whatever_kind_it_is(reader: TestClient) -> None:
    said = ask(reader, PLACES[3]["name"])
    assert said["hits"][0]["id"] == PLACES[3]["id"]


def test_a_check_shows_contradictions_and_the_newest_first(reader: TestClient) -> None:
    panels = [ask(reader, f"{place['name']}靠谱吗").get("panel") for place in PLACES[:6]]
    assert all(panel and panel["type"] == "review" for panel in panels)
    for panel, place in zip(panels, PLACES, strict=False):
        assert panel is not None and panel["item"]["id"] == place["id"]
        dates = [line["date"] or "" for line in panel["newest"]]
        assert dates == sorted(dates, reverse=True)
        assert all(line["against"] or line["merchant"] is not None for line in panel["contradictions"])


def test_an_offer_says_price_and_what_can_be_had(reader: TestClient) -> None:
    said = ask(reader, "杭州咖啡店团购优惠")
    assert said["parse"]["intent"]["name"] == "deal"
    offers = said["panel"]["offers"]
    assert [offer["id"] for offer in offers] == [hit["id"] for hit in said["hits"] if hit["kind"] != "note"]
    assert {"available", "price", "link", "takes_reservations"} <= offers[0].keys()


def test_who_wants_to_book_is_told_what_takes_reservations_and_costs_what(reader: TestClient) -> None:
    said = ask(reader, "杭州火锅店订位")
    assert said["parse"]["intent"]["name"] == "book" and said["panel"]["type"] == "offers"
    offers, hits = said["panel"]["offers"], {hit["id"]: hit for hit in said["hits"]}
    assert offers and all(offer["id"] in hits for offer in offers)
    assert all(offer["price"] == hits[offer["id"]]["item"].get("price_per_person") for offer in offers)


def test_exploring_keeps_the_constraints_that_were_said(client: TestClient) -> None:
    said = ask(client, "随便逛逛 杭州 带娃", user_id="u1", personalize=True)
    assert said["parse"]["intent"]["name"] in ("browse", "explore")
    assert said["hits"] and {hit["item"].get("city", "杭州") for hit in said["hits"]} == {"杭州"}


def test_a_dupe_is_of_the_same_kind_and_costs_less(reader: TestClient) -> None:
    by_category: dict[str, list[dict[str, Any]]] = {}
    for product in ROWS["product"]:
        by_category.setdefault(product["category"], []).append(product)
    dear = max(max(by_category.values(), key=len), key=lambda product: product["price"])
    said = ask(reader, f"{dear['title']} 平替")
    assert said["parse"]["intent"]["name"] == "similar_to"
    best = said["hits"][0]["item"]
    assert best["id"] != dear["id"] and best["price"] < dear["price"] and best["category"] == dear["category"]


def test_browsing_with_a_profile_is_the_feed_with_what_was_said(client: TestClient) -> None:
    event = {"user_id": "u1", "action": "save", "object_id": PLACES[0]["id"]}
    client.post("/v1/events", json={"events": [event]})
    said = ask(client, "推荐点好玩的", user_id="u1", personalize=True)
    assert said["parse"]["intent"]["name"] == "browse" and said["hits"]


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _open(hours: str, date: str, clock: str, last: bool = False) -> bool:
    """By the library that reads opening hours, to the minute."""
    minute = _minute(clock) - (1 if last else 0)
    at = datetime.fromisoformat(date).replace(hour=minute // 60, minute=minute % 60)
    return bool(OpeningHours(hours).is_open(at))
