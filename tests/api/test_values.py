"""Does any value of a filter, however wrong its form, get an answer or a 422 that names it: never a crash?"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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


#: Values and assumptions as they may come, right ones and what is nearly right.
TEXTS = ["cafe", "lawn", "外滩", "", "\u200b", "SU", "PH", "now", "late", "spring", "suburb", "city", "walk", "fly",
         "2026-11-28", "2026-11-22T10:00:00", "2026-11-22T10:00:00+08:00", "in", "CNY"]  # fmt: skip
FIELDS = ["name", "km", "lat", "lon", "points", "ids", "id", "ref", "open", "min", "max", "unit", "minutes", "mode",
          "anchors", "day", "days", "minute", "from", "to", "months", "level", "estimated"]  # fmt: skip
ASSUMPTIONS = ["km", "lat", "lon", "city", "also", "currency", "people", "part_of_name", "km_from_center", "at", "date",
               "tz", "minutes", "detour", "relative_to", "around", "mode", "day", "position", "unknown", "age", "of",
               "implied_by", "per", "points"]  # fmt: skip
_leaves = st.none() | st.booleans() | st.sampled_from([-1, 0, 1, 3, 4.5, 540, 1e9]) | st.sampled_from(TEXTS)
_values = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=6,
)
#: Further slots with values of their form; those of a word take "lawn".
FORMED: dict[str, tuple[str, Any]] = SOUND | {
    "time.when": ("in", {"from": "2026-11-28", "to": "2026-11-29", "days": ["SA"]}), "rating": ("gte", 4.5),
    "time.season": ("in", {"months": [3, 4]}), "recency": ("gte", "2026-05-01"), "duration": ("between", [60, 120]),
    "place.admin": ("in", {"level": "area", "name": "外滩", "points": [[31.2, 121.4]], "km": 2.0}),
    "place.relative": ("between", {"anchors": ["外滩", {"name": "杭州"}]}), "price_level": ("lte", 2),
    "similar_to": ("like", {"name": "外滩", "ids": ["p-hz-001"]}), "attr.size": ("has", {"min": 20, "unit": "in"}),
    "popularity": ("lte", 0.3), "party_size": ("gte", 4),
}  # fmt: skip


@st.composite
def constraints(draw: st.DrawFn) -> dict[str, Any]:
    """A constraint of the form of its slot, that with one field spoilt, or anything."""
    slot = draw(st.sampled_from(sorted(SLOTS)))
    op, value = FORMED.get(slot, ("has", "lawn"))
    spoilt = draw(st.integers(0, 3))
    if spoilt == 1 and isinstance(value, dict):
        value = {**value, draw(st.sampled_from([*FIELDS, *value])): draw(_values)}
    elif spoilt == 2:
        op, value = draw(st.sampled_from(sorted(OPS))), draw(_values)
    return {
        "slot": slot,
        "op": op,
        "value": value,
        "hardness": draw(st.sampled_from(["hard", "soft"])),
        "polarity": draw(st.sampled_from([1, -1])),
        "assume": draw(st.dictionaries(st.sampled_from(ASSUMPTIONS), _values, max_size=2)),
    }


def _answered(reader: TestClient, body: dict[str, Any]) -> None:
    reply = reader.post("/v1/search", json={"limit": 2, **body})
    assert reply.status_code in {200, 422}, reply.text
    assert not [d for d in reply.json().get("degraded", []) if d["reason"].startswith("error")]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(constraints(), min_size=1, max_size=2), st.booleans())
def test_any_parse_is_refused_or_answered_and_so_is_its_correction(
    reader: TestClient, wanted: list[dict[str, Any]], here: bool
) -> None:
    near = {"near": {"lat": 30.25, "lon": 120.16}} if here else {}
    parse = {"constraints": wanted, "embed_text": "咖啡", "query": "咖啡店"}
    _answered(reader, {"parse": parse, **near})
    _answered(reader, {"q": "再便宜一点，近一点，换成火锅", "previous": parse, **near})


QUERIES = [
    FLAGSHIP,
    "比谁都没听过的那家便宜的火锅，离它近一点",
    "杭州火锅或烤肉，四星或五星酒店",
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
