"""Does the scorer of golden queries tell what is right from what is not?"""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.quality import golden, meaning, understanding
from benchmarks.quality.understanding_report import as_data, as_text
from engine.errors import BadInput
from engine.vocabulary import SLOTS

CAFE = {"slot": "category", "op": "eq", "value": "coffee_shop", "hardness": "hard", "polarity": 1}
LAWN = {"slot": "amenity", "op": "has", "value": "lawn", "hardness": "hard", "polarity": 1}


def _row(query: str, *constraints: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "1", "lines": [15], "lang": "zh", "query": query, "intent": "find_place",
            "constraints": list(constraints), "sort": None, "limit": None} | more  # fmt: skip


def _judged(tmp_path: Path, *rows: dict[str, Any]) -> list[golden.Judged]:
    file = tmp_path / "golden.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return [golden.judge(row) for row in golden.load(file)]


def test_a_plain_name_and_the_lexicons_id_are_one(tmp_path: Path) -> None:
    [judged] = _judged(tmp_path, _row("有草坪的咖啡店", CAFE, LAWN))
    assert judged.right
    assert golden.marks([judged]).f1 == 1.0


def test_what_is_missed_and_what_is_invented_are_told(tmp_path: Path) -> None:
    terrace = {**LAWN, "value": "outdoor_seating"}
    judged = _judged(tmp_path, _row("有草坪的咖啡店", CAFE, terrace, intent="browse", sort="rating"))
    assert [t[2] for t in judged[0].missed] == ["outdoor_seating"]
    assert [t[2] for t in judged[0].invented] == ["lawn"]
    figures = golden.marks(judged)
    assert (figures.intent, figures.f1, figures.slot_f1, figures.sort) == (0.0, 0.5, 1.0, 0.0)
    data = as_data(judged)
    assert data["slot_confusion"] == [["amenity", "= value", 1]]
    assert data["intents"] == [["browse", "find_place", 1]]
    assert "missed   amenity is outdoor_seating" in as_text(judged, failures=True)


def test_hardness_and_polarity_are_judged_where_the_rest_is_right(tmp_path: Path) -> None:
    [judged] = _judged(tmp_path, _row("有草坪的咖啡店", {**CAFE, "hardness": "soft"}, {**LAWN, "polarity": -1}))
    figures = golden.marks([judged])
    assert (figures.hardness, figures.polarity, figures.f1) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("place.admin", "in", {"level": "city", "name": "杭州"}), ("place.admin", "eq", "hangzhou")),
        (("place.named", "near", {"name": "外滩", "km": 2.0}), ("place.named", "near", {"name": "the_bund", "km": 2})),
        (("place.named", "near", {"name": "bund", "km": 2.0}), ("place.named", "near", {"name": "外滩"})),
        (("place.transit", "near", {"name": "2号线"}), ("place.transit", "near", {"name": "Line 2"})),
        (("price", "between", [100, 150.0]), ("price", "between", [100.0, 150])),
        (("category", "in", ["cafe", "bar"]), ("category", "in", ["bar", "coffee shop"])),
        (("time.open", "open_during", {"days": ["SA", "SU"]}), ("time.open", "open_during", {"days": ["SU", "SA"]})),
    ],
)
def test_one_meaning_has_one_spelling(ours: tuple[str, str, Any], theirs: tuple[str, str, Any]) -> None:
    assert meaning.triple(*ours, 1) == meaning.triple(*theirs, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("price", "lte", 100), ("price", "gte", 100)),
        (("price", "between", [100, 200]), ("price", "between", [200, 100])),
        (("time.open", "open_at", {"day": "SU", "minute": 540}), ("time.open", "open_at", {"minute": 540})),
        (("travel_time", "lte", {"minutes": 10, "mode": "walk"}),
         ("travel_time", "lte", {"minutes": 10, "mode": "drive"})),
        (("place.named", "near", {"name": "外滩", "km": 0.5}), ("place.named", "near", {"name": "外滩", "km": 2.0})),
        (("time.season", "in", {"months": [3, 4]}), ("time.season", "in", {"months": [3]})),
    ],
)  # fmt: skip
def test_two_meanings_have_two_spellings(one: tuple[str, str, Any], other: tuple[str, str, Any]) -> None:
    assert meaning.triple(*one, 1) != meaning.triple(*other, 1)


def test_the_reviewed_equivalents_name_slots_and_differ() -> None:
    for name, ours in meaning.equivalents(meaning.EQUIVALENTS).items():
        assert {name[0], ours[0]} <= SLOTS
        assert name != ours, f"{name}: the lexicon reads it by itself; the line is dead"


def test_an_equivalent_of_no_slot_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "same.toml"
    file.write_text('[same]\n"amenities/lawn" = "amenity/lawn"\n', "utf-8")
    with pytest.raises(BadInput, match="amenities/lawn"):
        meaning.equivalents(file)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"intent": "find"}, "intent 'find'"),
        ({"sort": "best"}, "sort 'best'"),
        ({"constraints": [{**LAWN, "slot": "facility"}]}, "slot 'facility'"),
        ({"constraints": [{**LAWN, "hardness": "firm"}]}, "hardness"),
        ({"limit": "five"}, "limit"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(tmp_path: Path, more: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match=told) as error:
        _judged(tmp_path, _row("有草坪的咖啡店", CAFE), _row("咖啡店", CAFE, **more))
    assert "golden.jsonl:2" in str(error.value)


def test_a_missing_file_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert understanding.main([str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl" in capsys.readouterr().out
