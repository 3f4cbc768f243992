"""Does a correction of the previous query work through the doors, as text and as a parse, and say why on request?"""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

BEFORE = "人均100以内、有草坪的咖啡店"


def slots(parse: dict[str, Any]) -> dict[str, Any]:
    return {c["slot"]: c["value"] for c in parse["constraints"]}


def understood(client: TestClient, **body: Any) -> dict[str, Any]:
    reply = client.post("/v1/understand", json=body)
    assert reply.status_code == 200, reply.text
    parse: dict[str, Any] = reply.json()
    return parse


def test_a_text_corrects_the_text_before(reader: TestClient) -> None:
    parse = understood(reader, q="再便宜一点", previous=BEFORE)
    assert slots(parse) == {"price": 80, "amenity": "lawn", "category": "cafe"}


def test_a_text_corrects_a_parse_and_the_search_obeys(reader: TestClient) -> None:
    before = understood(reader, q=BEFORE)
    before["constraints"] = [c for c in before["constraints"] if c["slot"] != "price"]
    reply = reader.post("/v1/search", json={"q": "不要草坪了", "previous": before, "kinds": ["poi"], "explain": True})
    assert reply.status_code == 200, reply.text
    answer = reply.json()
    assert slots(answer["parse"]) == {"category": "cafe"}
    assert answer["parse"]["constraints"][0]["because"]["en"] == "said in the query before"
    assert answer["hits"]


def test_explain_says_which_line_made_a_constraint(reader: TestClient) -> None:
    [cafe] = understood(reader, q="咖啡店", explain=True)["constraints"]
    assert cafe["because"]["en"] == 'line cafe of categories_places.toml, since the query says "咖啡店"'
    assert "because" not in understood(reader, q="咖啡店")["constraints"][0]


@pytest.mark.parametrize(
    ("previous", "field"),
    [
        ({"constraints": [{"slot": "colour", "op": "eq", "value": 1}]}, "previous.constraints[0].slot"),
        ({"nonsense": 1}, "previous.nonsense"),
        ("x" * 513, "previous"),
        ("", "previous"),
        (7, "previous"),
    ],
)
def test_a_bad_previous_is_refused_by_name(reader: TestClient, previous: Any, field: str) -> None:
    reply = reader.post("/v1/understand", json={"q": "cheaper", "previous": previous})
    assert 400 <= reply.status_code < 500
    assert field in json.dumps(reply.json())
