"""Do our trees say what LightGBM's say, to the last bit?"""

import re

import lightgbm
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.types import F32
from ranking.features import NAMES
from ranking.train import Settings, train
from ranking.trees import Trees
from tests.ranking.synthetic import lists

SHAPES = {
    "as served": Settings(few_trees=80),
    "over several blocks": Settings(few_trees=200),
    "two bytes of leaves": Settings(few_trees=20, leaves=15, min_data_in_leaf=5),
    "many leaves": Settings(few_trees=5, leaves=100, min_data_in_leaf=1),
    "stumps": Settings(few_trees=3, leaves=2),
    "nothing learnt": Settings(few_trees=3, min_data_in_leaf=100_000),
}
MODELS = {name: train(lists(30, seed=1), settings).text for name, settings in SHAPES.items()}


def _told_by_zero(model: str) -> str:
    """The same trees, missing values told by zero: as LightGBM writes them when zero means missing."""
    changed = re.sub(r"(?<=decision_type=).*", lambda match: re.sub(r"\d+", "4", match[0]), model)
    return re.sub(r"tree_sizes=.*\n", "", changed)


MODELS["zeros are missing"] = _told_by_zero(MODELS["as served"])
OURS = {name: Trees(model) for name, model in MODELS.items()}
THEIRS = {name: lightgbm.Booster(model_str=model) for name, model in MODELS.items()}


def _agree(name: str, X: F32) -> None:
    np.testing.assert_array_equal(OURS[name].sums(X), THEIRS[name].predict(X, num_threads=1))


@pytest.mark.parametrize("name", MODELS)
def test_sums_are_lightgbms(name: str) -> None:
    X = lists(10, seed=2).X
    X[np.random.default_rng(3).random(X.shape) < 0.1] = 0
    _agree(name, X)


VALUES = st.sampled_from([0.0, -0.0, 1e-36, -1e-34, 1e-34, np.nan, 0.5, -0.5, 3e38, -3e38]) | st.floats(-3, 3, width=32)


@pytest.mark.parametrize("name", ["as served", "zeros are missing"])
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
    assert OURS["as served"].sums(np.empty((0, len(NAMES)), np.float32)).shape == (0,)
