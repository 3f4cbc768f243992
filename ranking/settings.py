"""With which settings is the order learnt, and how are they told to LightGBM?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import lightgbm
import numpy as np

from ranking.dataset import Dataset
from ranking.features import NAMES
from ranking.linear import BASES, Base


@dataclass(frozen=True, slots=True)
class Settings:
    """How to learn. Grade g gains label_gain[g]; a grade above the list is refused."""

    most_trees: int = 400
    few_trees: int = 80  # where lists are too few to tell
    fixed: bool = False  # few_trees on the last base from all features: nothing is tried
    enough: int = 30  # from so many lists that people graded on, those say what to grow (ranking.plan)
    doubt: float = 0.02  # another plan is taken when chance does as well with less probability; some ten are tried
    tried: tuple[int, ...] = (10, 20, 40, 80, 120)  # numbers of trees held against each other on them
    many_lists: int = 200  # nobody graded any: from so many lists on, trees are stopped early
    made_teach_constraints: bool = True  # of questions made of the index, learn from features of constraints alone
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


def lists_of(
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
