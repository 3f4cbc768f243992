"""Does what is learnt from behaviour hold what was planted there, and nothing about a person?"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feed.foldin import fold_in
from ranking.collab import CollabSettings, als, interactions, neighbours, train

SMALL = CollabSettings(dim=2, regularisation=1.0, least=2, people=4, pairs=10, neighbours=4)


def crowd(people: int = 24, each: int = 5) -> Iterator[dict[str, Any]]:
    """Two tastes: even people choose among a0..a7, odd ones among b0..b7."""
    draw = np.random.default_rng(5)
    for number in range(people):
        for item in draw.permutation(8)[:each]:
            yield {"user_id": f"u{number}", "object_id": f"{'ab'[number % 2]}{item}", "action": "like"}


def test_what_the_same_people_choose_goes_together_and_folds_in() -> None:
    learnt = train(crowd(), SMALL)
    assert learnt is not None and len(learnt.ids) == 16 and learnt.people == 24
    for at, item in enumerate(learnt.ids):
        mates = learnt.near[at][learnt.near[at] >= 0]
        assert len(mates) and all(learnt.ids[mate][0] == item[0] for mate in mates)
        assert np.isfinite(learnt.weights[at][: len(mates)]).all()
    start = learnt.ids.index("a0")
    person = fold_in(learnt.vectors[[start]], np.array([3.0], np.float32), learnt.gram, learnt.regularisation)
    scores = learnt.vectors @ person
    assert min(scores[:8]) > max(scores[8:])


def test_the_same_events_in_any_order_give_the_same_numbers() -> None:
    first, again = train(crowd(), SMALL), train(reversed(list(crowd())), SMALL)
    assert first is not None and again is not None
    assert np.array_equal(first.vectors, again.vectors) and np.array_equal(first.near, again.near)


def test_nothing_is_learnt_from_whom_was_forgotten_nor_from_too_few() -> None:
    one = {"user_id": "u-gone", "object_id": "secret", "action": "save"}
    two = {"user_id": "u-other", "object_id": "secret", "action": "save"}
    kept, gone = train([*crowd(), one, two], SMALL), train([*crowd(), one, two], SMALL, without=lambda u: u == "u-gone")
    assert kept is not None and "secret" in kept.ids
    assert gone is not None and "secret" not in gone.ids  # one person is too few to be told of
    said: list[str] = []
    assert train(list(crowd())[:12], SMALL, said.append) is None
    assert said == ["too few events to learn from behaviour: 3 people, 12 choices"]


def test_what_was_hidden_is_not_chosen_and_the_strongest_action_counts() -> None:
    rows = [("u1", "x", "click"), ("u1", "x", "save"), ("u1", "y", "like"), ("u1", "y", "hide"), ("u1", "z", "seen")]
    told = interactions({"user_id": u, "object_id": o, "action": a} for u, o, a in rows)
    assert told.ids == ("x",) and told.gains.tolist() == [5.0]


def test_folding_in_is_the_exact_step_of_the_training() -> None:
    told = interactions(crowd())
    vectors = als(told, SMALL)
    matrix = told.matrix(1.0 + told.gains).toarray()
    chosen = np.flatnonzero(matrix[0])
    person = fold_in(vectors[chosen], matrix[0][chosen] - 1, vectors.T @ vectors, 1.0)
    weights = np.where(matrix[0] > 0, matrix[0], 1.0)[:, None]
    exact = np.linalg.solve((vectors * weights).T @ vectors + np.eye(2), vectors.T @ matrix[0])
    assert person == pytest.approx(exact, abs=1e-4)


@given(st.lists(st.floats(0, 10, width=32), min_size=0, max_size=6))
def test_folding_in_gives_a_finite_vector(gains: list[float]) -> None:
    items = np.random.default_rng(1).normal(size=(len(gains), 4)).astype(np.float32)
    if gains:
        items[0] = np.nan
    person = fold_in(items, np.array(gains, np.float32), np.eye(4, dtype=np.float32), 0.5)
    assert person.shape == (4,) and np.isfinite(person).all()


def test_a_pair_that_one_person_alone_chose_is_told_of_nobody() -> None:
    rows = [("u1", "x"), ("u1", "y"), ("u2", "x"), ("u3", "y")]
    told = interactions({"user_id": u, "object_id": o, "action": "like"} for u, o in rows)
    near, weights = neighbours(told, SMALL)
    assert (near == -1).all() and np.isnan(weights).all()
