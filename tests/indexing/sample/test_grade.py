"""Do the graded queries follow from the truth, and do the conditions judge as their words say?"""

import json
from collections import Counter
from typing import Any

import pytest

from indexing.sample.conditions import ALMOST, NO, YES, Subject, judge, parsed
from indexing.sample.generate_places import HERE
from indexing.sample.grade import SETS, graded, rows, subjects

PREFIX = {"queries_dev": "q-dev", "sealed_queries": "q-sealed"}


@pytest.fixture(scope="module")
def world() -> dict[str, list[Subject]]:
    return subjects()


@pytest.mark.parametrize(("source", "target"), SETS.items())
def test_the_files_are_what_the_predicates_give(source: str, target: str, world: dict[str, list[Subject]]) -> None:
    made = [json.loads(json.dumps(x)) for x in graded(source, PREFIX[target], world)]
    assert made == rows(f"truth/{target}")


@pytest.mark.parametrize("target", PREFIX)
def test_each_set_has_75_queries_of_all_kinds_and_each_has_an_answer(target: str) -> None:
    queries = rows(f"truth/{target}")
    assert len(queries) == 75
    assert all(max(q["grades"].values(), default=0) >= 2 for q in queries)
    langs = Counter(q["lang"] for q in queries)
    assert langs["zh"] > langs["en"] > langs["mixed"] > 0
    kinds = Counter(k for q in queries for k in q["kinds"])
    assert kinds["poi"] >= 45 and kinds["product"] >= 20 and kinds["note"] >= 3


def test_no_query_stands_in_both_sets() -> None:
    one, two = ({q["query"] for q in rows(f"truth/{t}")} for t in PREFIX)
    assert len(one) == len(two) == 75 and not one & two


def test_the_flagship_grades_every_answer_three_and_no_trap(world: dict[str, list[Subject]]) -> None:
    grades: dict[str, int] = rows("truth/queries_dev")[0]["grades"]
    roles = {w["id"]: w["role"] for w in rows("truth/places_world") if w["role"]}
    assert all(grades[p] == 3 for p, role in roles.items() if role == "answer")
    assert all(grades.get(p, 0) < 3 for p, role in roles.items() if role != "answer")
    never = {p for p, role in roles.items() if role in ("trap_park", "trap_removed", "trap_claims", "trap_no_kids")}
    assert len(never) >= 7 and not never & grades.keys()


CAFE: dict[str, Any] = {
    "category": "cafe",
    "price_per_person": 52.0,
    "currency": "CNY",
    "rating": 4.5,
    "opening_hours": "Mo-Fr 09:00-18:00",
    "tz": "Asia/Shanghai",
    "lat": 30.25,
    "lon": 120.16,
    "dishes": ["毛肚"],
}


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("c=cafe,bar", YES),
        ("c=park", NO),
        ("price<=50", ALMOST),
        ("price<=40", NO),
        ("price=50..60", YES),
        ("price<=60EUR", NO),
        ("rating>=4.6", ALMOST),
        ("has=lawn", YES),
        ("has=wifi", ALMOST),
        ("has=parking", NO),
        ("no=parking", YES),
        ("no=lawn", NO),
        ("open=SA+SU", NO),
        ("open=MO", YES),
        ("open=MO@540", YES),
        ("open=late", NO),
        ("zone=center", YES),
        ("zone=suburb_near", NO),
        ("km<=3", YES),
        ("dish=毛肚", YES),
    ],
)
def test_a_condition_judges_as_its_words_say(condition: str, verdict: int) -> None:
    cafe = Subject(CAFE, {"lawn": True, "wifi": True, "parking": False}, frozenset({"wifi"}), 2.5)
    assert judge(parsed(condition), cafe, {"lat": 30.251, "lon": 120.161}) == verdict


def test_a_broken_condition_says_what_to_write() -> None:
    with pytest.raises(ValueError, match="write field"):
        parsed("lawn!")


def test_the_predicates_are_kept_beside_the_queries() -> None:
    assert all((HERE / "truth" / f"{source}.txt").exists() for source in SETS)
