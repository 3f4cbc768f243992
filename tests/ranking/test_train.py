"""Does it learn, and the same thing twice?"""

import gzip
import os
from dataclasses import replace
from pathlib import Path

import lightgbm
import numpy as np
import pytest

from engine.errors import BadInput
from ranking.dataset import LOGGED, Dataset, ndcg
from ranking.features import NAMES
from ranking.metrics import mean_known, ndcg_of_scores
from ranking.train import Trained, cross_validate, train
from tests.ranking.synthetic import QUICK, lists

DATA = Path(os.environ.get("LIFESTYLE_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "lambdarank"


def _letor(part: str) -> Dataset:
    """LightGBM's own example: libsvm rows beside a file of list lengths; absent values are 0 there."""
    groups = np.array((DATA / f"rank.{part}.query").read_text().split(), dtype=np.int64)
    with gzip.open(DATA / f"rank.{part}.gz", "rt") as file:
        rows = [line.split() for line in file]
    X = np.zeros((len(rows), 301), dtype=np.float32)
    for row, fields in enumerate(rows):
        for key, value in (field.split(":") for field in fields[1:]):
            X[row, int(key)] = float(value)
    y = np.array([int(fields[0]) for fields in rows], dtype=np.int64)
    return Dataset(X, y, groups, tuple(f"{part}-{number}" for number in range(len(groups))))


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no judged lists in {DATA}; set LIFESTYLE_DATA")
def test_it_learns_on_real_judged_lists() -> None:
    data, test = _letor("train"), _letor("test")
    names = tuple(f"f{number}" for number in range(data.X.shape[1]))
    scores = _predict(train(data, names=names), test)
    assert ndcg(test, scores) > 0.72  # in the order of the file: 0.574


def _predict(trained: Trained, data: Dataset) -> np.ndarray:
    booster = lightgbm.Booster(model_str=trained.text)
    return np.asarray(booster.predict(data.X, num_threads=1))


def test_it_finds_the_rule_behind_the_grades() -> None:
    seen, unseen = lists(60, seed=1), lists(20, seed=2)
    trained = train(seen, QUICK)
    chance = mean_known(ndcg_of_scores(np.zeros(len(unseen.y)), unseen.y, unseen.groups))
    assert ndcg(unseen, _predict(trained, unseen)) > chance + 0.3
    assert list(trained.importance)[:2] in (["cosine", "n_unknown"], ["n_unknown", "cosine"])


def test_what_people_graded_outweighs_what_was_clicked() -> None:
    graded, clicked, unseen = lists(30, seed=1), lists(60, seed=4), lists(20, seed=2)
    both = Dataset(
        np.concatenate([graded.X, clicked.X]),
        np.concatenate([graded.y, clicked.y.max() - clicked.y]),  # clicks on what people grade worst
        np.concatenate([graded.groups, clicked.groups]),
        (*graded.query_ids, *(LOGGED + name for name in clicked.query_ids)),
    )
    light, alike = (train(both, replace(QUICK, logged_weight=weight)) for weight in (0.1, 1.0))
    assert ndcg(unseen, _predict(light, unseen)) > ndcg(unseen, _predict(alike, unseen)) + 0.1


def test_trees_read_no_more_features_than_they_may() -> None:
    data = lists(40, seed=6)
    every, fewer = (train(data, replace(QUICK, strongest=most)) for most in (None, 3))
    assert len(every.importance) > 3 >= len(fewer.importance)
    assert list(fewer.importance)[:2] == list(every.importance)[:2]


@pytest.mark.parametrize("sign", [1, -1])
def test_monotone_trees_never_turn_evidence_against_an_item_or_distance_for_it(sign: int) -> None:
    name = {1: "evidence_support_log", -1: "distance_km"}[sign]
    column, data = NAMES.index(name), lists(40, seed=8)
    X = data.X.copy()
    X[:, column] = -sign * data.y + np.random.default_rng(1).normal(size=len(data.y))  # it says the opposite of sense
    said = replace(data, X=X)
    grid = np.repeat(X[:1], 40, axis=0)
    grid[:, column] = np.linspace(-4, 4, 40)
    models = [train(said, replace(QUICK, monotone=held)).text for held in (False, True)]
    free, held = (np.asarray(lightgbm.Booster(model_str=text).predict(grid, num_threads=1)) for text in models)
    assert (sign * np.diff(free) < 0).any()
    assert (sign * np.diff(held) >= 0).all()


def test_same_data_and_seed_same_bytes() -> None:
    data = lists(20, seed=3)
    assert train(data, QUICK).text == train(data, QUICK).text


def test_every_row_is_predicted_by_a_model_that_did_not_see_its_query() -> None:
    data = lists(30, seed=4)
    scores = cross_validate(data, QUICK, count=3)
    assert np.isfinite(scores).all()
    shuffled = Dataset(data.X, np.random.default_rng(0).permutation(data.y), data.groups, data.query_ids)
    honest = ndcg(shuffled, cross_validate(shuffled, QUICK, count=3))
    assert ndcg(data, scores) > honest + 0.25  # grades without a rule cannot be predicted out of fold


def _flat(grade: int) -> Dataset:
    return Dataset(np.zeros((4, len(NAMES)), np.float32), np.full(4, grade), np.array([2, 2]), ("a", "b"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lists(1, seed=5), "at least two queries"),
        (_flat(grade=0), "above 0"),
        (_flat(grade=9), "grade 9 has no gain"),
    ],
)
def test_data_that_cannot_teach_is_refused(data: Dataset, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        train(data)
