"""Does every count of a facet say what its filter leaves, over HTTP?"""

from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.costs import Costs
from engine.vocabulary import FACETS
from tests.api.world import FLAGSHIP

CAFES = {"q": "咖啡店", "kinds": ["poi"], "limit": 1, "budget_ms": 2000}


def ask(client: TestClient, **body: Any) -> dict[str, Any]:
    reply = client.post("/v1/search", json=body)
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


@pytest.mark.parametrize("facet", ["category", "cuisine", "price", "city", "district", "rating", "brand", "amenity"])
@pytest.mark.parametrize("q", ["咖啡店", "杭州 人均100以内的咖啡店", "有草坪的餐厅"])
def test_a_count_is_the_total_of_its_filter(reader: TestClient, q: str, facet: str) -> None:
    told = ask(reader, **{**CAFES, "q": q}, facets=[facet])
    assert not told["degraded"]
    (found,) = told["facets"]
    assert found["facet"] == facet and found["slot"] == FACETS[facet]
    for value in found["values"][:4]:
        sent = {"slot": found["slot"], "op": value["op"], "value": value["value"]}
        assert ask(reader, **{**CAFES, "q": q}, filters=[sent])["total"] == value["count"] > 0
        assert value["label"].keys() == {"zh", "en"}


def test_a_facet_is_not_thinned_out_by_its_own_choice(reader: TestClient) -> None:
    cheap = {"slot": "price", "op": "lte", "value": 10}
    free, narrowed = (
        ask(reader, **CAFES, facets=["price", "category"], filters=filters)["facets"] for filters in ([], [cheap])
    )
    assert free[0] == narrowed[0]
    assert free[1] != narrowed[1]


def test_facets_come_when_asked_for_and_without_repetition(reader: TestClient) -> None:
    assert "facets" not in ask(reader, **CAFES)
    told = ask(reader, **CAFES, facets=["price", "category", "price"])
    assert [facet["facet"] for facet in told["facets"]] == ["price", "category"]


def test_an_unknown_facet_is_refused_by_name(reader: TestClient) -> None:
    reply = reader.post("/v1/search", json={"q": "咖啡店", "facets": ["price", "colour"]})
    error = reply.json()["error"]
    assert reply.status_code == 422 and error["field"] == "facets"
    assert "colour" in error["message"] and "category" in error["message"]


@pytest.mark.parametrize("some", [list(FACETS)[start : start + 8] for start in range(0, len(FACETS), 8)])
def test_every_facet_is_counted_for_every_kind(reader: TestClient, some: list[str]) -> None:
    told = ask(reader, q=FLAGSHIP, kinds=["poi", "product", "note"], budget_ms=2000, facets=some)
    assert [facet["facet"] for facet in told["facets"]] == some, told["degraded"]


def test_without_time_for_them_facets_are_missing_and_named(reader: TestClient) -> None:
    parts: Any = reader.app.state.parts  # type: ignore[attr-defined]
    before, parts.engine.costs = parts.engine.costs, Costs({"facets": 10_000.0})
    try:
        told = ask(reader, **CAFES, facets=["price"])
    finally:
        parts.engine.costs = before
    assert "facets" not in told and told["hits"]
    assert [(gone["stage"], gone["instead"]) for gone in told["degraded"]] == [("facets", "no counts")]


def test_a_feed_has_facets_too(reader: TestClient) -> None:
    reply = reader.post("/v1/feed", json={"facets": ["category"], "budget_ms": 2000})
    assert reply.status_code == 200 and reply.json()["facets"][0]["values"]
