"""Are training rows the rows that serving sees?"""

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import BadInput
from ranking.batch import Batch
from ranking.crossfold import fold_rankers
from ranking.dataset import Dataset, Judgment, dataset, folds, judged, later, thin
from ranking.features import NAMES, matrix
from ranking.impressions import join
from ranking.model import HandWeighted
from ranking.settings import Settings
from ranking.train import cross_validate
from tests.ranking import world
from tests.ranking.synthetic import lists
from tests.ranking.world import ALL, CAFE, LAWN


def test_training_logging_and_serving_see_the_same_numbers() -> None:
    wanted, query = world.intent(LAWN, CAFE), world.query()
    other = world.found(("poi", 1), ("poi", 2))
    data = dataset(
        world.index(),
        [
            Judgment("a", wanted, query, ALL, [2, 1, 0, 0, 0, 0]),
            Judgment("none", wanted, query, world.found(), []),
            Judgment("b", wanted, query, other, [1, 0]),
        ],
    )
    online = matrix(Batch(world.index(), wanted, query, other))
    logged = HandWeighted().explain(world.index(), wanted, query, other)
    np.testing.assert_array_equal(data.take([1]).X, online)
    np.testing.assert_array_equal(np.column_stack([logged[name] for name in NAMES]), online)
    assert data.query_ids == ("a", "b")
    np.testing.assert_array_equal(data.groups, [6, 2])
    np.testing.assert_array_equal(data.y, [2, 1, 0, 0, 0, 0, 1, 0])


def test_scores_from_the_matrix_are_those_of_serving() -> None:
    wanted, query, ranker = world.intent(LAWN, CAFE), world.query(), HandWeighted()
    X = matrix(Batch(world.index(), wanted, query, ALL))
    np.testing.assert_allclose(ranker.score_matrix(X), ranker.score(world.index(), wanted, query, ALL), rtol=1e-6)


def test_the_digest_sees_every_value() -> None:
    data = lists(4, seed=1)
    changed = Dataset(data.X.copy(), data.y, data.groups, data.query_ids)
    changed.X[0, 0] += 1
    assert data.digest() == lists(4, seed=1).digest()
    assert data.digest() != changed.digest()


def test_folds_cover_every_list_once_and_keep_a_query_together() -> None:
    one = lists(12, seed=1)
    twice = Dataset(one.X, one.y, one.groups, tuple(name for name in one.query_ids[:6] for _ in range(2)))
    seen = []
    for train, held in folds(twice, 4, seed=1):
        assert not {twice.query_ids[i] for i in train} & {twice.query_ids[i] for i in held}
        seen += list(held)
    assert sorted(seen) == list(range(12))


def test_the_latest_pages_are_held_out_and_what_is_no_page_is_not() -> None:
    data = replace(lists(10, seed=1), times=np.array([10, 9, 8, 7, 6, 5, 4, 3, np.nan, np.nan], np.float64))
    assert np.flatnonzero(later(data, 0.25)).tolist() == [0, 1]
    assert not later(lists(4, seed=1), 0.5).any()


def test_shapes_that_do_not_fit_are_refused() -> None:
    data = lists(2, seed=1)
    with pytest.raises(BadInput, match="40 rows, 40 grades"):
        Dataset(data.X, data.y, data.groups[:1], data.query_ids[:1])
    with pytest.raises(BadInput, match="0 or more"):
        Dataset(data.X, data.y - 9, data.groups, data.query_ids)
    with pytest.raises(BadInput, match="no query has a candidate"):
        dataset(world.index(), [])


def test_grades_are_put_on_what_was_found() -> None:
    wanted, query, grades = world.intent(LAWN), world.query(), {"lawn": 3, "tent": 0, "elsewhere": 2}
    every = judged(world.index(), "q", wanted, query, ALL, grades)
    assert (len(every.found), every.grades) == (6, [3, 0, 0, 0, 0, 0])
    shown = judged(world.index(), "q", wanted, query, ALL, grades, shown_only=True)
    assert (list(shown.found.row), list(shown.found.kind), shown.grades) == ([0, 0], [2, 1], [3, 0])


def test_fold_rankers_agree_with_cross_validation() -> None:
    data, few = lists(12, seed=1), Settings(few_trees=10, most_trees=10, patience=10)
    rankers, scores = fold_rankers(data, few, 3), cross_validate(data, few, 3)
    for name, rows in zip(data.query_ids, data.lists(), strict=True):
        np.testing.assert_allclose(rankers[name].score_matrix(data.X[rows]), scores[rows], rtol=1e-6)


def test_events_become_training_rows() -> None:
    at, wanted, query = world.NOW, world.intent(LAWN), world.query()
    shown = [("impression", "plain", 1), ("impression", "lawn", 2), ("save", "lawn", None), ("hide", "plain", None)]
    keys = ("query_id", "action", "object_id", "position", "at")
    (page,) = join(dict(zip(keys, ("q", action, item, place, at), strict=True)) for action, item, place in shown)
    grades = dict(zip(page.items, page.grades, strict=True))
    data = dataset(world.index(), [judged(world.index(), page.query_id, wanted, query, ALL, grades, shown_only=True)])
    np.testing.assert_array_equal(data.y, [2, 0])
    assert list(data.X[:, NAMES.index("match_amenity")]) == [1, 0]


def test_thinning_keeps_both_sides_and_every_list() -> None:
    data = lists(10, seed=1)
    few = thin(data, 8, seed=1)
    np.testing.assert_array_equal(few.groups, 8)
    for whole, part in zip(data.lists(), few.lists(), strict=True):
        good = int((data.y[whole] > 0).sum())
        assert (few.y[part] > 0).sum() == max(min(good, 4), 8 - (20 - good))
    rows = {row.tobytes() for row in data.X}
    assert all(row.tobytes() in rows for row in few.X)
    assert thin(data, 99, seed=1).digest() == data.digest()
