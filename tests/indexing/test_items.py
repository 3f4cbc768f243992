"""Which rows may enter, and what is a refused one told?"""

from typing import Any

import pytest

from engine.errors import BadQuery
from indexing.items import TABLES, TableName
from indexing.validate import check, to_items, to_table, validate

NOTE = {"id": "n1", "title": "草坪咖啡", "body": "有草坪，适合带娃。"}
POI = {"id": "p1", "name": "Lawn Café"}
EVENT = {"user_id": "u", "action": "click", "object_id": "p1", "at": "2026-05-01T10:00:00+08:00"}

BAD: list[tuple[TableName, dict[str, Any], str, str]] = [
    ("poi", {"id": "p1"}, "name", "is needed"),
    ("poi", {**POI, "name": " \u200b "}, "name", "is needed"),
    ("poi", {**POI, "id": ""}, "id", "1 to 200"),
    ("poi", {**POI, "id": "a\nb"}, "id", "control"),
    ("poi", {**POI, "id": 7}, "id", "must be text"),
    ("poi", {**POI, "colour": "red"}, "colour", "no field of poi"),
    ("poi", {**POI, "lat": 91, "lon": 0}, "lat", "within -90..90"),
    ("poi", {**POI, "lat": 48.1}, "lon", "come together"),
    ("poi", {**POI, "lat": float("nan"), "lon": 0}, "lat", "within"),
    ("poi", {**POI, "price_per_person": -1}, "price_per_person", "0 and more"),
    ("poi", {**POI, "price_per_person": "38"}, "price_per_person", "must be a number"),
    ("poi", {**POI, "price_per_person": True}, "price_per_person", "must be a number"),
    ("poi", {**POI, "rating": 5.5}, "rating", "0..5"),
    ("poi", {**POI, "opening_hours": "from nine on"}, "opening_hours", "OSM"),
    ("poi", {**POI, "tz": "Mars/Olympus"}, "tz", "IANA"),
    ("poi", {**POI, "tz": "../etc/passwd"}, "tz", "IANA"),
    ("poi", {**POI, "currency": "yuan"}, "currency", "three capitals"),
    ("poi", {**POI, "visit_minutes": [120, 60]}, "visit_minutes", "after it ends"),
    ("poi", {**POI, "visit_minutes": [60]}, "visit_minutes", "two numbers"),
    ("poi", {**POI, "amenities": "wifi"}, "amenities", "must be a list"),
    ("poi", {**POI, "amenities": ["wifi", 3]}, "amenities[1]", "must be text"),
    ("poi", {**POI, "amenities": ["x"] * 1001}, "amenities", "more than 1000"),
    ("poi", {**POI, "attributes": {"a": 1}}, "attributes.a", "must be text"),
    ("poi", {**POI, "image": "javascript:alert(1)"}, "image", "http"),
    ("poi", {**POI, "image": "//evil.example/x.png"}, "image", "http"),
    ("poi", {**POI, "name": "长" * 501}, "name", "longer than 500"),
    ("note", {**NOTE, "trust": "honest"}, "trust", "one of"),
    ("note", {**NOTE, "published_at": "yesterday"}, "published_at", "ISO 8601"),
    ("note", {**NOTE, "published_at": 1700000000}, "published_at", "ISO 8601"),
    ("note", {**NOTE, "media": [{"url": "a.jpg"}]}, "media[0]", "exactly kind and url"),
    ("note", {**NOTE, "lang": "Chinese"}, "lang", "language code"),
    ("event", {**EVENT, "action": "stare"}, "action", "one of"),
    ("event", {**EVENT, "position": -1}, "position", "whole number"),
]


@pytest.mark.parametrize(("table", "item", "field", "reason"), BAD, ids=[f"{b[0]}-{b[2]}-{b[3]}" for b in BAD])
def test_a_wrong_value_is_refused_by_field(table: TableName, item: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(BadQuery) as caught:
        check(table, item)
    assert caught.value.field == field
    assert reason in caught.value.reason


def test_a_clean_item_passes_unchanged() -> None:
    item = check(
        "poi",
        {**POI, "lat": 30, "lon": 120.0, "opening_hours": "Mo-Fr 09:00-18:00", "amenities": ["wifi", "", "wifi"]},
    )
    assert item["amenities"] == ["wifi"]
    assert item["lat"] == 30.0
    assert check("poi", item) == item


def test_text_is_normalised_and_full_width_forms_are_kept() -> None:
    item = check(
        "poi", {"id": "p", "name": "\ufeff店（总店）\u202e", "body": "a\r\nb\u0000\ud800cafe\u0301", "district": ""}
    )
    assert item == {"id": "p", "name": "店（总店）", "body": "a\nbcaf\u00e9"}


def test_times_are_kept_in_utc() -> None:
    assert check("event", EVENT)["at"] == "2026-05-01T02:00:00Z"
    assert check("note", {**NOTE, "published_at": "2026-05-01"})["published_at"] == "2026-05-01T00:00:00Z"


def test_good_rows_go_on_and_bad_ones_are_named() -> None:
    table, refused = validate("poi", [POI, {"id": "p2"}, POI, {**POI, "id": "p3"}], file="places.jsonl")
    assert table.column("id").to_pylist() == ["p1", "p3"]
    assert [(each.line, each.field) for each in refused] == [(2, "name"), (3, "id")]
    assert "places.jsonl:1" in str(refused[1])


def test_a_table_keeps_every_field() -> None:
    note = check(
        "note", {**NOTE, "published_at": "2026-05-01T08:00:00Z", "media": [{"kind": "image", "url": "a/b.jpg"}]}
    )
    poi = check("poi", {**POI, "attributes": {"a": "b", "c": "d"}, "visit_minutes": [30, 60]})
    event = check("event", {**EVENT, "position": 3})
    for name, item in (("note", note), ("poi", poi), ("event", event)):
        table = to_table(name, [item])
        assert table.schema == TABLES[name]
        assert to_items(table) == [item]
