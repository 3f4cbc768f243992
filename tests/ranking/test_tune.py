"""Does the search find settings that are no worse where it looked, the same ones again, and say where it looked?"""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import BadInput, GateRefused
from ranking.gate import learn_crossed
from ranking.registry import Registry
from ranking.settings import Settings
from ranking.train import foretold, train
from ranking.tune import tune
from tests.ranking.synthetic import lists
from tests.ranking.test_gate import _clock

DATA = lists(16, seed=5, noise=1.0)
POOR = Settings(few_trees=20, learning_rate=0.01, strongest=None)


@pytest.mark.skipif(not importlib.util.find_spec("optuna"), reason="Optuna is not installed (extra tune)")
def test_it_starts_from_what_is_given_and_finds_better_on_half_of_the_lists(tmp_path: Path) -> None:
    tuned = tune(DATA, 6, POOR)
    assert tuned.quality > tuned.before
    assert tuned == tune(DATA, 6, POOR)
    assert tuned.settings.fixed and len(tuned.settings.bases) == 1
    assert len(tuned.chosen_on) == len(DATA) // 2 and tuned.chosen_on < set(DATA.query_ids)
    where = np.array([name in tuned.chosen_on for name in DATA.query_ids])
    only = DATA.take(np.flatnonzero(where))
    with pytest.raises(GateRefused, match="already"):  # nothing is left to compare on
        learn_crossed(only, Registry(tmp_path), _clock, tuned.settings, tuned.chosen_on)


def test_without_optuna_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ranking.tune.find_spec", lambda name: None)
    with pytest.raises(BadInput, match=r"pip install '\.\[tune\]'"):
        tune(DATA, 3)


def test_a_model_with_splits_by_category_is_not_made_to_serve() -> None:
    settings = replace(POOR, categorical=("query_lang", "query_intent"))
    assert np.isfinite(foretold(DATA.take(range(8)), DATA.take(range(8, 16)), settings)).all()
    with pytest.raises(BadInput, match="cannot serve"):
        train(DATA, settings)
