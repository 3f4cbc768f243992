"""How is the order learnt? LambdaMART over graded lists, the same bits from the same data and seed."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import lightgbm
import numpy as np

from engine.errors import BadInput
from engine.types import F64
from ranking.dataset import Dataset, folds, later
from ranking.linear import Base
from ranking.plan import plan, without
from ranking.settings import DEFAULTS, Settings, lists_of

#: What LightGBM writes of them into a model; the trees alone are needed to score.
_WRITTEN: Final = re.compile(r"^monotone_constraints=.*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Trained:
    """A model as text, and what is worth knowing of it."""

    text: str
    base: Base  # the order by hand below the trees
    trees: int
    importance: Mapping[str, float]  # total gain by feature, largest first
    settings: Mapping[str, Any]


def train(data: Dataset, settings: Settings = DEFAULTS, names: tuple[str, ...] | None = None) -> Trained:
    """Plan on lists held out by query (ranking.plan), then learn from all lists.

    `names` of the columns; None: those of ranking.features. Raises BadInput for `categorical` settings too: such splits
    are no part of a model file that we read (ranking.guard), since they were measured to add nothing.
    """
    if settings.categorical:
        raise BadInput("a model with categorical splits cannot serve; measure it with foretold or cross_validate")
    booster, base = _fit(data, settings, names)
    gains = booster.feature_importance("gain")
    by_gain = sorted(zip(booster.feature_name(), gains, strict=True), key=lambda pair: -pair[1])
    text = _WRITTEN.sub("", booster.model_to_string(num_iteration=-1))
    importance = {name: round(float(gain), 4) for name, gain in by_gain if gain > 0}
    return Trained(text, base, booster.num_trees(), importance, asdict(settings))


def cross_validate(
    data: Dataset, settings: Settings = DEFAULTS, count: int = 5, names: tuple[str, ...] | None = None
) -> F64:
    """Scores for every row by a model that saw no list of the same query id: (rows,) float64.

    Logged pages are split by time instead: the newest are scored and never learnt from, those before are learnt from
    and not scored (NaN).
    """
    scores, spans = np.full(len(data.y), np.nan), list(data.lists())
    held, logged = later(data, settings.later), data.logged()
    for number, (seen, unseen) in enumerate(folds(data, count, settings.seed)):
        learnt = np.union1d(seen, np.flatnonzero(logged))
        scored = [*unseen[~logged[unseen]], *(np.flatnonzero(held) if number == 0 else ())]
        if scored:
            told = foretold(data.take(learnt[~held[learnt]]), data.take(scored), settings, names)
            scores[np.concatenate([np.arange(spans[at].start, spans[at].stop) for at in scored])] = told
    return scores


def foretold(kept: Dataset, asked: Dataset, settings: Settings = DEFAULTS, names: tuple[str, ...] | None = None) -> F64:
    """Scores for every row of `asked` by a model learnt from `kept` and let go again: (rows,) float64."""
    booster, base = _fit(kept, settings, names)
    start = np.concatenate([base.start(asked.X[rows]) for rows in asked.lists()])
    scores: F64 = booster.predict(asked.X, num_threads=1) + start
    return scores


def _fit(data: Dataset, settings: Settings, names: tuple[str, ...] | None = None) -> tuple[lightgbm.Booster, Base]:
    if data.y.max(initial=0) >= len(settings.label_gain):
        raise BadInput(f"grade {data.y.max()} has no gain; label_gain ends at {len(settings.label_gain) - 1}")
    if len({*data.query_ids}) < 2 or data.y.max(initial=0) == 0:
        raise BadInput("nothing to learn from: at least two queries and one grade above 0 are needed")
    planned = plan(data, settings, names)
    narrow, trees, base = without(data, planned.columns), planned.trees, planned.base
    if planned.columns is None and settings.strongest is not None and data.X.shape[1] > settings.strongest:
        lists = lists_of(data, settings, names, base)
        half = lightgbm.train(settings.parameters(), lists, num_boost_round=-(-trees // 2))
        strongest = np.argsort(-half.feature_importance("gain"), kind="stable")[: settings.strongest]
        narrow = without(data, strongest)
    lists = lists_of(narrow, settings, names, base, start=data)
    return lightgbm.train(settings.parameters(), lists, num_boost_round=trees), base
