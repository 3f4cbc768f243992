"""Does every Ranker keep the promises of engine/ports.py?"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from engine.ports import Ranker
from engine.types import Candidates
from ranking.features import NAMES
from ranking.gate import learn
from ranking.model import HandWeighted, KeepOrder
from ranking.registry import Registry
from ranking.settings import Settings
from tests.ranking import world
from tests.ranking.synthetic import lists
from tests.ranking.world import ALL, CAFE, LAWN, NO_SMOKE


def _learnt(folder: Path) -> Ranker:
    few = Settings(few_trees=10)
    learn(lists(30, seed=1), lists(30, seed=2), Registry(folder), lambda: datetime(2026, 1, 1, tzinfo=UTC), few)
    ranker = Registry(folder).load()
    assert ranker is not None
    return ranker


MAKERS: dict[str, Callable[[Path], Ranker]] = {
    "keep_order": lambda folder: KeepOrder(),
    "hand_weighted": lambda folder: HandWeighted(),
    "lightgbm": _learnt,
}
INTENT, QUERY = world.intent(LAWN, CAFE, NO_SMOKE), world.query()


@pytest.fixture(scope="module", params=MAKERS)
def ranker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ranker:
    return MAKERS[request.param](tmp_path_factory.mktemp("models"))


def _score(ranker: Ranker, found: Candidates) -> np.ndarray:
    return ranker.score(world.index(), INTENT, QUERY, found)


def test_one_finite_float32_score_a_candidate(ranker: Ranker) -> None:
    scores = _score(ranker, ALL)
    assert (scores.shape, scores.dtype) == ((len(ALL),), np.float32)
    assert np.isfinite(scores).all()


def test_no_candidates_no_scores(ranker: Ranker) -> None:
    scores = _score(ranker, world.found())
    assert (scores.shape, scores.dtype) == ((0,), np.float32)
    assert all(values.shape == (0,) for values in ranker.explain(world.index(), INTENT, QUERY, world.found()).values())


def test_deterministic_and_independent_of_the_order_of_candidates(ranker: Ranker) -> None:
    turned = Candidates(*(getattr(ALL, name)[::-1] for name in ALL.__slots__))
    np.testing.assert_array_equal(_score(ranker, ALL), _score(ranker, ALL))
    np.testing.assert_allclose(_score(ranker, turned)[::-1], _score(ranker, ALL), rtol=1e-6)


def test_candidates_without_any_score_are_still_ranked(ranker: Ranker) -> None:
    blind = world.found(("poi", 0), ("note", 1), dense=[np.nan, np.nan])
    assert np.isfinite(_score(ranker, blind)).all()


def test_threads_do_not_disturb_one_another(ranker: Ranker) -> None:
    alone = _score(ranker, ALL)
    with ThreadPoolExecutor(4) as pool:
        for scores in pool.map(lambda _: _score(ranker, ALL), range(40)):
            np.testing.assert_array_equal(scores, alone)


def test_inputs_are_left_as_they_were(ranker: Ranker) -> None:
    before = {name: getattr(ALL, name).copy() for name in ALL.__slots__}
    _score(ranker, ALL)[:] = 0
    for name, values in before.items():
        np.testing.assert_array_equal(getattr(ALL, name), values)


def test_explains_every_feature(ranker: Ranker) -> None:
    features = ranker.explain(world.index(), INTENT, QUERY, ALL)
    assert tuple(features) == NAMES
    assert all((values.shape, values.dtype) == ((len(ALL),), np.float32) for values in features.values())


def test_has_a_version(ranker: Ranker) -> None:
    assert ranker.version


def test_keep_order_keeps_it_and_hand_weights_put_what_fits_first() -> None:
    np.testing.assert_array_equal(_score(KeepOrder(), ALL), ALL.fused)
    places = world.found(("poi", 2), ("poi", 1), ("poi", 0))  # worst first
    assert np.argmax(_score(HandWeighted(), places)) == 2
