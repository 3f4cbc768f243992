"""Which orders are set by hand? Weighted sums of features: what serves before learning, and where learning starts."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from engine.types import F32
from ranking.batch import f32
from ranking.features import FEATURES, NAMES, Feature

#: What a missing value counts as. For the features not named: the list's mean of the known ones, so that it neither
#: lifts nor sinks an item; a retriever that did not bring an item says that it is far down.
ABSENT: Final[Mapping[str, float]] = {"bm25_to_top": 0.0}

#: balanced: meaning, words, constraints and evidence, for questions as people ask them of places and notes.
#: words: the query's own words and the thing it names, for catalogues asked in two or three words.
#: feed: pages that nobody asked for, whose weights lie elsewhere (engine/feed/settings.toml).
WEIGHTS: Final[Mapping[str, Mapping[str, float]]] = {
    "balanced": {
        "fused": 1.0,
        "frac_hard_satisfied": 2.0,
        "frac_soft_satisfied": 0.3,
        "probability_mean": 0.3,
        "n_contradicted": -0.5,
        "negation_violation": -2.0,
        "relax_level": -0.5,
        "evidence_support_log": 0.05,
        "evidence_contradiction_rate": -0.3,
        "name_exact": 1.0,
        "title_term_share": 0.1,
        "word_share": 1.0,
        "head_match": 0.3,
        "geo_closeness": 0.2,
        "rating_bayes": 0.05,
        "popularity": 0.1,
        "freshness": 0.05,
        "kind_weight": 0.3,
        "merchant_label": -0.1,
        "sponsored_label": -0.2,
        "suspected_label": -0.5,
    },
    "words": {
        "bm25_to_top": 1.0,
        "cosine": 0.1,
        "word_share": 1.0,
        "head_match": 0.3,
        "title_term_share": 0.2,
        "frac_hard_satisfied": 2.0,
        "negation_violation": -2.0,
        "relax_level": -0.5,
    },
    "feed": {"fused": 1.0},  # the worth of engine/feed/worth.py
}


class Base(NamedTuple):
    """Where learning starts: one of WEIGHTS, scaled. The larger the scale, the less the trees can correct it."""

    weights: str
    scale: float

    @property
    def columns(self) -> Sequence[int]:
        """The columns of the feature matrix that it reads."""
        return _linear(self.weights).columns if self.scale else ()

    def start(self, X: F32) -> F32:
        """The scores of one list from its full feature matrix (n, len(FEATURES)); zeros for a scale of 0."""
        return f32(self.scale * _linear(self.weights).sum(X)) if self.scale else np.zeros(len(X), np.float32)


#: Nothing: the trees say it all.
NOTHING: Final = Base("balanced", 0.0)
#: Which one serves is tried on held-out lists (ranking.train) and stands in the card; the last one when lists are too
#: few to try. With few lists a start by hand cannot be spoilt much.
BASES: Final = (NOTHING, Base("words", 10.0), Base("words", 30.0), Base("balanced", 3.0))


class Linear:
    """One of WEIGHTS, ready to sum."""

    def __init__(self, weights: str) -> None:
        chosen = WEIGHTS[weights]
        self.columns: Sequence[int] = [NAMES.index(name) for name in chosen]
        self.features: Sequence[Feature] = [FEATURES[column] for column in self.columns]
        self._weights = f32(list(chosen.values()))
        self._absent = f32([ABSENT.get(name, 0.0) for name in chosen])
        self._meant = np.array([name not in ABSENT for name in chosen], np.bool_)  # a missing one counts as the mean

    def sum(self, X: F32) -> F32:
        """Scores of one list from its full feature matrix (n, len(FEATURES)) -> (n,) float32."""
        return self.sum_of(X[:, self.columns])

    def sum_of(self, values: F32) -> F32:
        """The same from the columns of `features` alone."""
        known = ~np.isnan(values)
        count = known.sum(axis=0)
        means = np.where(known, values, 0).sum(axis=0, dtype=np.float64) / np.maximum(count, 1)
        neutral = np.where(self._meant, means, self._absent)
        return f32(np.where(known, values, f32(neutral)) @ self._weights)


@cache
def _linear(weights: str) -> Linear:
    return Linear(weights)
