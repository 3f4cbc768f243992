"""Do our trees say what LightGBM's say, to the last bit?"""

import re
from dataclasses import replace

import lightgbm
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.types import F32
from ranking.features import NAMES
from ranking.linear import NOTHING
from ranking.model import LightGbmRanker
from ranking.train import train
from ranking.trees import Trees
from ranking.trees_compiled import CompiledTrees
from tests.ranking.synthetic import QUICK, lists

SHAPES = {
    "as served": replace(QUICK, few_trees=80),
    "over several blocks": replace(QUICK, few_trees=200),
    "two bytes of leaves": replace(QUICK, few_trees=20, leaves=15, min_data_in_leaf=5),
    "many leaves": replace(QUICK, few_trees=5, leaves=100, min_data_in_leaf=1),
    "stumps": replace(QUICK, few_trees=3, leaves=2),
    "nothing learnt": replace(QUICK, few_trees=3, min_data_in_leaf=100_000),
}
MODELS = {name: train(lists(30, seed=1), settings).text for name, settings in SHAPES.items()}


def _told_by_zero(model: str) -> str:
    """The same trees, missing values told by zero: as LightGBM writes them when zero means missing."""
    changed = re.sub(r"(?<=decision_type=).*", lambda match: re.sub(r"\d+", "4", match[0]), model)
    return re.sub(r"tree_sizes=.*\n", "", changed)


MODELS["zeros are missing"] = _told_by_zero(MODELS["as served"])
SMALL = {name: model for name, model in MODELS.items() if name != "many leaves"}  # a bit a leaf
OURS = {name: [Trees(model)] for name, model in MODELS.items()}
for name, model in SMALL.items():
    OURS[name].append(CompiledTrees(model))
THEIRS = {name: lightgbm.Booster(model_str=model) for name, model in MODELS.items()}


def _agree(name: str, X: F32) -> None:
    for trees in OURS[name]:
        np.testing.assert_array_equal(trees.sums(X), THEIRS[name].predict(X, num_threads=1))


@pytest.mark.parametrize("name", MODELS)
def test_sums_are_lightgbms(name: str) -> None:
    X = lists(10, seed=2).X
    X[np.random.default_rng(3).random(X.shape) < 0.1] = 0
    _agree(name, X)


VALUES = st.sampled_from([0.0, -0.0, 1e-36, -1e-34, 1e-34, np.nan, 0.5, -0.5, 3e38, -3e38]) | st.floats(-3, 3, width=32)


@pytest.mark.parametrize("name", ["as served", "zeros are missing"])
@settings(max_examples=25)
@given(row=st.lists(VALUES, min_size=len(NAMES), max_size=len(NAMES)))
def test_on_values_at_the_edges(name: str, row: list[float]) -> None:
    _agree(name, np.array([row], np.float32))


def test_values_that_are_thresholds_go_left_as_in_lightgbm() -> None:
    lines = re.findall(r"^threshold=(.*)$", MODELS["as served"], re.MULTILINE)
    bounds = [float(bound) for line in lines for bound in line.split()]
    near = np.array(bounds, np.float32)
    for values in (near, np.nextafter(near, np.float32(9))):
        _agree("as served", np.repeat(values[:, None], len(NAMES), axis=1))


def test_no_rows() -> None:
    assert [trees.sums(np.empty((0, len(NAMES)), np.float32)).shape for trees in OURS["as served"]] == [(0,), (0,)]


WIDTH, ROWS = 6, 200


def _rows(rng: np.random.Generator, count: int, missing: float, zeros: float) -> F32:
    """Four measured columns and two of codes, with missing values and zeros."""
    X = rng.normal(size=(count, WIDTH)).astype(np.float32)
    X[:, 4:] = rng.integers(0, 9, (count, 2))
    X[rng.random(X.shape) < missing] = np.nan
    X[rng.random(X.shape) < zeros] = 0
    return X


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    leaves=st.integers(2, 64),
    shares=st.sampled_from([(0.0, 0.0), (0.2, 0.2), (0.5, 0.0), (0.0, 0.5)]),
    told=st.sampled_from([{}, {"zero_as_missing": True}, {"use_missing": False}]),
)
def test_sums_of_any_model_are_lightgbms(
    seed: int, leaves: int, shares: tuple[float, float], told: dict[str, bool]
) -> None:
    rng = np.random.default_rng(seed)
    X = _rows(rng, ROWS, *shares)
    y = np.nan_to_num(X[:, 0]) * (np.nan_to_num(X[:, 4]) > 3) + rng.normal(size=ROWS)
    asked = {"objective": "regression", "num_leaves": leaves, "min_data_in_leaf": 1, "verbosity": -1, "num_threads": 1}
    data = lightgbm.Dataset(X, y, params={"verbosity": -1, "min_data_in_bin": 1, **told})
    booster = lightgbm.train({**asked, **told}, data, num_boost_round=6)
    fresh = np.concatenate([X, _rows(rng, ROWS, 0.3, 0.3)])
    theirs, text = booster.predict(fresh, num_threads=1), booster.model_to_string(num_iteration=-1)
    for trees in (Trees(text), CompiledTrees(text)):
        np.testing.assert_array_equal(trees.sums(fresh), theirs)


def test_trees_too_large_for_machine_code_are_summed_all_the_same() -> None:
    large = lists(30, seed=1)
    fitted = LightGbmRanker.fresh(MODELS["many leaves"], NOTHING)
    theirs = THEIRS["many leaves"].predict(large.X, num_threads=1)
    np.testing.assert_array_equal(fitted.score_matrix(large.X), theirs.astype(np.float32))
