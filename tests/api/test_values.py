"""Does any value of a filter, however wrong its form, get an answer or a 422 that names it: never a crash?"""

from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.understand.wire import OPS
from engine.vocabulary import SLOTS
from tests.api.world import FLAGSHIP

VALUES: list[Any] = [
    "abc",
    -1,
    None,
    [5, 1],
    {},
    {"name": {"a": 1}, "km": "x"},
    {"from": "x", "to": []},
    {"months": [99]},
]
ASSUMED: list[dict[str, Any]] = [
    {"km_from_center": "far"}, {"lat": "a", "lon": []}, {"age": 3}, {"currency": 5, "per": []}, {"km": "x"}, {"day": 1}
]  # fmt: skip
SOUND: dict[str, tuple[str, Any]] = {
    "price": ("lte", 50), "distance": ("lte", 3.0), "place.zone": ("in", "suburb"),
    "audience": ("has", "family_with_kids"),
    "place.named": ("near", {"name": "外滩", "km": 2.0}), "place.transit": ("near", {"name": "metro"}),
    "travel_time": ("lte", {"minutes": 10, "mode": "walk"}), "time.open": ("open_at", {"day": "SU", "minute": 540}),
}  # fmt: skip


@pytest.mark.parametrize("slot", sorted(SLOTS))
def test_a_value_of_another_form_is_refused_or_harmless(reader: TestClient, slot: str) -> None:
    for number, value in enumerate(VALUES):
        op = sorted(OPS)[(number + len(slot)) % len(OPS)]
        for each in {op, "between", "has"}:
            body = {"q": "咖啡店", "limit": 2, "filters": [{"slot": slot, "op": each, "value": value}]}
            reply = reader.post("/v1/search", json=body)
            assert reply.status_code in {200, 422}, (each, value)
            if reply.status_code == 422:
                assert reply.json()["error"]["field"].startswith("filters.0")


@pytest.mark.parametrize("slot", SOUND)
def test_assumptions_that_a_client_breaks_crash_nothing(reader: TestClient, slot: str) -> None:
    op, value = SOUND[slot]
    for assume in ASSUMED:
        constraint = {"slot": slot, "op": op, "value": value, "assume": assume}
        reply = reader.post("/v1/search", json={"parse": {"constraints": [constraint], "embed_text": "x"}, "limit": 2})
        assert reply.status_code in {200, 422}, assume


QUERIES = [
    FLAGSHIP,
    "人均50到100，评分4.5以上的火锅",
    "周日早上9点开门、离地铁站步行10分钟的咖啡店",
    "外滩附近两公里",
    "下周末春天去哪里玩两小时",
    "sunscreen under 100 for sensitive skin, not Korean",
    "open now within 3 km",
    "24小时营业的酒店",
]


@pytest.mark.parametrize("q", QUERIES)
def test_whatever_we_read_ourselves_may_be_sent_back(reader: TestClient, q: str) -> None:
    parse = reader.post("/v1/understand", json={"q": q, "near": {"lat": 31.23, "lon": 121.47}}).json()
    reply = reader.post("/v1/search", json={"parse": parse})
    assert reply.status_code == 200, reply.text
