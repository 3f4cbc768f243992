"""Do events become the grades that people meant?"""

from datetime import UTC, datetime, timedelta

import pytest

from engine.errors import BadInput
from ranking.impressions import GAINS, Grading, join

T0 = datetime(2026, 11, 1, tzinfo=UTC)


def _event(query_id: str | None, action: str, item: str, minute: int = 0, position: int | None = None) -> dict:
    at = T0 + timedelta(minutes=minute)
    return {"query_id": query_id, "user_id": "u", "action": action, "object_id": item, "position": position, "at": at}


def test_actions_are_joined_to_the_page_that_showed_the_item() -> None:
    events = [
        _event("q2", "impression", "a", 9, 1),
        _event("q1", "impression", "b", 1, 2),
        _event("q1", "impression", "a", 2, 1),
        _event("q1", "impression", "c", 2, 3),
        _event("q1", "click", "b", 3),
        _event("q1", "save", "b", 4),
        _event("q1", "purchase", "elsewhere", 5),
        _event(None, "like", "a", 6),
    ]
    first, second = join(events)
    assert (first.query_id, first.items, first.grades) == ("q1", ("a", "b", "c"), (0, 2, 0))
    assert first.at == T0 + timedelta(minutes=1)
    assert (second.query_id, second.grades) == ("q2", (0,))


@pytest.mark.parametrize(
    ("actions", "grade"),
    [
        ([], 0),
        (["impression"], 0),
        (["click"], 1),
        (["click", "click", "click"], 1),
        (["click", "like"], 2),
        (["comment"], 3),
        (["purchase", "click"], 4),
        (["purchase", "hide"], 0),
        (["report"], 0),
    ],
)
def test_the_strongest_action_counts_and_a_refusal_counts_most(actions: list[str], grade: int) -> None:
    assert Grading().grade(actions) == grade


def test_gains_are_settings_and_an_unknown_action_is_named() -> None:
    assert Grading(gains={**GAINS, "save": 8}).grade(["save"]) == 4
    with pytest.raises(BadInput, match="'wave'"):
        Grading().grade(["wave"])
