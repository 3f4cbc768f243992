"""Which settings learn best? A small search over them by cross-validation, the same for the same data and seed.

With Optuna (the extra `tune`). Settings that were chosen on some lists look too good on those: whoever compares a model
afterwards leaves them out (ranking.gate.learn_crossed).
"""

import logging
import warnings
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

import numpy as np

from engine.errors import BadInput
from ranking.dataset import Dataset
from ranking.metrics import mean_known, ndcg_of_scores
from ranking.settings import DEFAULTS, Settings
from ranking.train import cross_validate

_FOLDS: Final = 4
#: What is searched: name -> (low, high, in equal ratios?). Whole numbers where both ends are.
_RANGES: Final[dict[str, tuple[float, float, bool]]] = {
    "learning_rate": (0.01, 0.15, True),
    "leaves": (3, 24, True),
    "few_trees": (20, 200, True),
    "min_data_in_leaf": (10, 200, True),
    "l2": (0.5, 100.0, True),
    "feature_share": (0.15, 1.0, False),
    "row_share": (0.4, 1.0, False),
    "truncation": (5, 30, False),
}


class Tuned(NamedTuple):
    """The best settings, their mean nDCG@10 by cross-validation, that of the settings it began with, and the lists
    (query ids) on which they were chosen."""

    settings: Settings
    quality: float
    before: float
    chosen_on: frozenset[str]


def tune(
    data: Dataset, trials: int, settings: Settings = DEFAULTS, say: Callable[[str], None] = lambda _: None
) -> Tuned:
    """Try `trials` settings on a random half of the lists that people judged (of all, where none was); the rest is
    left to compare on. Those given (within the ranges) are tried first, so that the outcome is never worse there.

    Raises BadInput when Optuna is not installed.
    """
    if not find_spec("optuna"):
        raise BadInput("a search over settings needs Optuna: pip install '.[tune]', or leave --search out")
    import optuna  # noqa: PLC0415  the extra `tune`

    optuna.logging.set_verbosity(logging.WARNING)
    judged = np.flatnonzero(data.judged() if data.judged().any() else ~data.logged())
    asked = sorted({data.query_ids[at] for at in judged})
    chosen_on = frozenset(np.random.default_rng(settings.seed).permutation(asked)[: max(1, len(asked) // 2)].tolist())
    others = [name not in chosen_on and name in asked for name in data.query_ids]
    mine = data.take(np.flatnonzero(~np.array(others, np.bool_)))
    counted = np.array([name in chosen_on for name in mine.query_ids], np.bool_)

    def quality(tried: Settings) -> float:
        scores = np.nan_to_num(cross_validate(mine, tried, _FOLDS))
        return mean_known(ndcg_of_scores(scores, mine.y, mine.groups, 10)[counted])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=settings.seed))
    given = {name: min(max(getattr(settings, name), low), high) for name, (low, high, _) in _RANGES.items()}
    study.enqueue_trial(given | {"base": len(settings.bases) - 1})
    study.optimize(lambda trial: quality(_drawn(trial, settings)), n_trials=max(1, trials))
    best = _drawn(study.best_trial, settings)
    before = float(study.trials[0].value or 0.0)
    say(f"{len(study.trials)} settings on {len(chosen_on)} lists: nDCG@10 {before:.4f} before, {study.best_value:.4f}")
    return Tuned(best, float(study.best_value), before, chosen_on)


def _drawn(trial: Any, settings: Settings) -> Settings:
    """The settings of a trial; the number of trees is one of them, so that nothing is left to early stopping."""
    values: dict[str, float] = {}
    for name, (low, high, ratios) in _RANGES.items():
        suggest = trial.suggest_int if isinstance(low, int) else trial.suggest_float
        values[name] = suggest(name, low, high, log=ratios)
    base = settings.bases[trial.suggest_categorical("base", range(len(settings.bases)))]
    return replace(settings, bases=(base,), fixed=True, **values)  # type: ignore[arg-type]
