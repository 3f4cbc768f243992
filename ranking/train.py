"""How is the order learnt? LambdaMART over graded lists, the same bits from the same data and seed."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import lightgbm
import numpy as np

from engine.errors import BadInput
from engine.types import F64
from ranking.dataset import Dataset, folds, later, split
from ranking.features import NAMES
from ranking.linear import BASES, NOTHING, Base
from ranking.metrics import mean_known, ndcg_of_scores

#: Below so many lists not even the base is tried out.
FEWEST_TO_HOLD_OUT: Final = 10
#: A number of lists that is never reached: no early stopping.
NEVER: Final = 10**9


@dataclass(frozen=True, slots=True)
class Settings:
    """How to learn. Grade g gains label_gain[g]; a grade above the list is refused."""

    most_trees: int = 400
    few_trees: int = 80
    many_lists: int = 200  # from so many lists on, the number of trees is found by early stopping
    patience: int = 40
    learning_rate: float = 0.05
    leaves: int = 8
    min_data_in_leaf: int = 20
    l2: float = 5.0
    feature_share: float = 0.3
    row_share: float = 0.7
    bases: tuple[Base, ...] = BASES
    truncation: int = 20
    monotone: bool = False  # are the trees held to MONOTONE?
    categorical: tuple[str, ...] = ()  # features split by sets of values: to be measured; what serves has none (train)
    strongest: int | None = 40  # so many features are learnt from: those of most gain to half as many trees; None: all
    label_gain: tuple[int, ...] = (0, 1, 3, 7, 15, 31)
    held_out: float = 0.2
    logged_weight: float = 0.1  # of a row of a logged page, where one that a person graded weighs 1
    debias: str = "weights"  # clicks at places that few look at: "weights" more, "places" as LightGBM learns, "none"
    later: float = 0.2  # share of the logged pages, the newest, that the comparison holds out
    seed: int = 7

    def parameters(self) -> dict[str, Any]:
        """As LightGBM names them."""
        return {
            "objective": "lambdarank",
            "metric": "ndcg",
            "eval_at": [10],
            "label_gain": list(self.label_gain),
            "lambdarank_truncation_level": self.truncation,
            "learning_rate": self.learning_rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.min_data_in_leaf,
            "lambda_l2": self.l2,
            "feature_fraction": self.feature_share,
            "bagging_fraction": self.row_share,
            "bagging_freq": 1,
            "seed": self.seed,
            "deterministic": True,
            "force_row_wise": True,
            "feature_pre_filter": False,
            "num_threads": 1,
            "verbosity": -1,
        } | ({"monotone_constraints": [MONOTONE.get(name, 0) for name in NAMES]} if self.monotone else {})


DEFAULTS: Final = Settings()

#: At equal else: what a larger value may only add (1) or take away (-1).
MONOTONE: Final[Mapping[str, int]] = {
    "frac_hard_satisfied": 1,
    "frac_soft_satisfied": 1,
    "n_contradicted": -1,
    "negation_violation": -1,
    "relax_level": -1,
    "probability_mean": 1,
    "evidence_support_log": 1,
    "evidence_contradiction_rate": -1,
    "distance_km": -1,
    "geo_closeness": 1,
    "rating_bayes": 1,
    "suspected_label": -1,
}
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
    """Find the number of trees on lists held out by query, then learn from all lists.

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


def ndcg(data: Dataset, scores: F64, k: int = 10) -> float:
    """Mean nDCG@k over the lists with a relevant row."""
    return mean_known(ndcg_of_scores(scores, data.y, data.groups, k))


def _fit(data: Dataset, settings: Settings, names: tuple[str, ...] | None = None) -> tuple[lightgbm.Booster, Base]:
    if data.y.max(initial=0) >= len(settings.label_gain):
        raise BadInput(f"grade {data.y.max()} has no gain; label_gain ends at {len(settings.label_gain) - 1}")
    if len({*data.query_ids}) < 2 or data.y.max(initial=0) == 0:
        raise BadInput("nothing to learn from: at least two queries and one grade above 0 are needed")
    trees, base = _plan(data, settings, names)
    if settings.strongest is None or data.X.shape[1] <= settings.strongest:
        return lightgbm.train(settings.parameters(), _lists(data, settings, names, base), num_boost_round=trees), base
    half = lightgbm.train(settings.parameters(), _lists(data, settings, names, base), num_boost_round=-(-trees // 2))
    fewer = _without_weak(data, half, settings.strongest)
    return lightgbm.train(settings.parameters(), _lists(fewer, settings, names, base, start=data), trees), base


def _without_weak(data: Dataset, booster: lightgbm.Booster, strongest: int) -> Dataset:
    """The same with all but the features of most gain missing: no tree reads the others, no server computes them."""
    gains = booster.feature_importance("gain")
    X = data.X.copy()
    X[:, np.argsort(-gains, kind="stable")[strongest:]] = np.nan
    return replace(data, X=X)


def _plan(data: Dataset, settings: Settings, names: tuple[str, ...] | None) -> tuple[int, Base]:
    """How many trees, and on which base: what does best on lists held out by query.

    Few lists are too few to stop early on: then `few_trees` are grown, and the base is chosen by cross-validation.
    """
    bases = settings.bases if names is None else (NOTHING,)  # the orders by hand know our own features alone
    queries = len({*data.query_ids})
    if queries < settings.many_lists:
        if len(bases) == 1 or queries < FEWEST_TO_HOLD_OUT:
            return settings.few_trees, bases[-1]
        return settings.few_trees, max(bases, key=lambda base: _crossed(data, settings, base))
    kept, held = split(data, settings.held_out, settings.seed)
    tried = []
    for base in bases:
        inner = _lists(kept, settings, names, base)
        booster = lightgbm.train(
            settings.parameters(),
            inner,
            num_boost_round=settings.most_trees,
            valid_sets=[_lists(held, settings, names, base, inner)],
            callbacks=[lightgbm.early_stopping(settings.patience, verbose=False)],
        )
        tried.append((booster.best_score["valid_0"]["ndcg@10"], base, max(1, int(booster.best_iteration))))
    _, base, trees = max(tried)
    return trees, base


def _crossed(data: Dataset, settings: Settings, base: Base) -> float:
    """Mean nDCG@10 of `few_trees` on this base, each list ranked by a model that did not see it."""
    scores, spans = np.zeros(len(data.y)), list(data.lists())
    for seen, unseen in folds(data, 4, settings.seed + 1):
        lists = _lists(data.take(seen), settings, None, base)
        booster = lightgbm.train(settings.parameters(), lists, num_boost_round=settings.few_trees)
        for number in unseen:
            rows = spans[number]
            scores[rows] = booster.predict(data.X[rows], num_threads=1) + base.start(data.X[rows])
    return ndcg(data, scores)


def _lists(
    data: Dataset,
    settings: Settings,
    names: tuple[str, ...] | None,
    base: Base,
    like: lightgbm.Dataset | None = None,
    start: Dataset | None = None,
) -> lightgbm.Dataset:
    """Logged pages weigh little: clicks are noisy, and few people look far down. `start`: the same rows with all
    features, for the base."""
    columns = list(names or NAMES)
    whole = data if start is None else start
    begun = np.concatenate([base.start(whole.X[rows]) for rows in data.lists()])
    weights = np.where(data.logged(), settings.logged_weight, 1.0).repeat(data.groups)
    if data.weights is not None and settings.debias == "weights":
        weights = weights * data.weights
    places = data.places if settings.debias == "places" else None
    return lightgbm.Dataset(
        data.X,
        data.y,
        group=data.groups,
        weight=weights,
        init_score=begun,
        reference=like,
        feature_name=columns,
        categorical_feature=list(settings.categorical),
        position=places,
    )
