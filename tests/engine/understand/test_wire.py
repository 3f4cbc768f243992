"""Does a parse survive the way to the client and back, and is a bad one refused by the field's name?"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from engine.errors import BadQuery
from engine.types import Query
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand
from engine.understand.wire import from_json, to_json

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXTS = [
    "适合周末带娃去的、有草坪的、近郊的咖啡店",
    "weekend family café with lawn near the city",
    "外滩附近2公里内人均100-150元、评分4.5分以上的火锅或者烤肉，不要网红店",
    "best rated vegan restaurants open Sunday 9 am within 2 km of the Bund",
    "",
]


def sent(text: str) -> dict[str, Any]:
    parse: dict[str, Any] = json.loads(json.dumps(to_json(understand(Query("default", text), NO_NAMES, NOW))))
    return parse


@pytest.mark.parametrize("text", TEXTS)
def test_a_parse_comes_back_equal(text: str) -> None:
    intent = understand(Query("default", text), NO_NAMES, NOW)
    back = from_json(json.loads(json.dumps(to_json(intent))))
    assert replace(back, parse_ms=intent.parse_ms) == intent
    assert to_json(back) == to_json(intent)


def test_the_shape_is_that_of_the_contract() -> None:
    parse = sent(TEXTS[0])
    assert {"query", "lang", "normalized", "segments", "intent", "verticals", "constraints", "sort", "residual_text",
            "embed_text", "relax_order", "parser", "kinds"} <= parse.keys()  # fmt: skip
    assert parse["relax_order"] == ["place.zone", "time.open", "audience", "amenity"]
    lawn = next(c for c in parse["constraints"] if c["slot"] == "amenity")
    assert lawn["label"]["en"] == "Lawn"
    assert lawn["rule"] == "attributes_amenity.toml: lawn"


def test_a_removed_constraint_is_gone_and_the_order_is_made_anew() -> None:
    parse = sent(TEXTS[0])
    parse["constraints"] = [c for c in parse["constraints"] if c["slot"] != "audience"]
    intent = from_json(parse)
    assert [intent.constraints[i].slot for i in intent.relax_order] == ["place.zone", "time.open", "amenity"]


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("constraints", 0, "slot"), "colour", "parse.constraints[0].slot"),
        (("constraints", 0, "op"), "like%", "parse.constraints[0].op"),
        (("constraints", 0, "hardness"), "rock", "parse.constraints[0].hardness"),
        (("constraints", 0, "polarity"), 0, "parse.constraints[0].polarity"),
        (("constraints", 0, "confidence"), 7, "parse.constraints[0].confidence"),
        (("constraints", 0, "span"), [3], "parse.constraints[0].span"),
        (("constraints", 0, "extra"), 1, "parse.constraints[0].extra"),
        (("intent", "name"), "steal", "parse.intent.name"),
        (("kinds", "poi"), "much", "parse.kinds.poi"),
        (("sort",), "beauty", "parse.sort"),
        (("limit",), 0, "parse.limit"),
        (("embed_text",), 3, "parse.embed_text"),
        (("nonsense",), 3, "parse.nonsense"),
    ],
)
def test_what_is_outside_the_vocabulary_is_refused_by_name(path: tuple[Any, ...], value: Any, field: str) -> None:
    parse = sent(TEXTS[0])
    place: Any = parse
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(BadQuery) as error:
        from_json(parse)
    assert error.value.field == field


@pytest.mark.parametrize("data", [None, [], "text", 3, {"constraints": {}}, {"constraints": [3]}, {"intent": []}])
def test_what_is_no_parse_is_refused(data: Any) -> None:
    with pytest.raises(BadQuery):
        from_json(data)


def test_numbers_that_are_not_numbers_are_refused() -> None:
    with pytest.raises(BadQuery):
        from_json({"constraints": [{"slot": "price", "op": "lte", "value": float("nan")}]})
