"""Which features does the ranker see? The one list, for online scoring, logging and training alike.

A change of what a feature computes raises its version; a model trained with another list is refused (schema_hash).
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from engine.types import F32
from ranking.batch import Batch
from ranking.features import constraints, context, nearness, popularity, quality, query, retrieval, wording

Function: TypeAlias = Callable[[Batch], F32 | float]


class Feature(NamedTuple):
    """A function and the version of what it computes. Missing is NaN, never 0.

    Batch -> (n,) float32, or one number when it is the same for all.
    """

    function: Function
    version: int

    @property
    def name(self) -> str:
        return self.function.__name__


FEATURES: Final[tuple[Feature, ...]] = (
    Feature(query.query_n_constraints, 1),
    Feature(query.query_n_hard, 1),
    Feature(query.query_has_geo, 1),
    Feature(query.query_has_time, 1),
    Feature(query.query_has_negation, 1),
    Feature(query.query_lang, 1),
    Feature(query.query_intent, 1),
    Feature(query.parse_confidence, 1),
    Feature(query.query_term_count, 1),
    Feature(query.query_char_len, 1),
    Feature(query.query_residual_share, 1),
    Feature(retrieval.cosine, 1),
    Feature(retrieval.bm25, 1),
    Feature(retrieval.votes, 1),
    Feature(retrieval.fused, 1),
    Feature(retrieval.rank_dense, 1),
    Feature(retrieval.rank_bm25, 1),
    Feature(retrieval.rank_fused, 1),
    Feature(retrieval.cosine_gap_to_top, 1),
    Feature(retrieval.bm25_to_top, 1),
    Feature(retrieval.votes_to_top, 1),
    Feature(retrieval.fused_to_top, 1),
    Feature(retrieval.retriever_hit_count, 1),
    Feature(retrieval.relax_level, 1),
    Feature(retrieval.name_exact, 1),
    Feature(retrieval.name_partial, 2),
    Feature(retrieval.title_term_share, 1),
    Feature(retrieval.brand_match, 1),
    Feature(wording.head_match, 1),
    Feature(wording.word_share, 1),
    Feature(constraints.n_hard_satisfied, 1),
    Feature(constraints.n_soft_satisfied, 1),
    Feature(constraints.frac_hard_satisfied, 1),
    Feature(constraints.frac_soft_satisfied, 1),
    Feature(constraints.n_unknown, 1),
    Feature(constraints.n_contradicted, 1),
    Feature(constraints.n_met, 1),
    Feature(constraints.negation_violation, 1),
    Feature(constraints.match_category, 1),
    Feature(constraints.match_audience, 1),
    Feature(constraints.match_amenity, 1),
    Feature(constraints.match_ambience, 1),
    Feature(constraints.match_food, 1),
    Feature(constraints.match_price, 1),
    Feature(constraints.match_rating, 1),
    Feature(constraints.match_time, 1),
    Feature(constraints.match_place, 1),
    Feature(constraints.match_diet, 1),
    Feature(constraints.match_skin, 1),
    Feature(constraints.match_attributes, 1),
    Feature(constraints.probability_mean, 1),
    Feature(constraints.probability_min, 1),
    Feature(constraints.evidence_support_log, 1),
    Feature(constraints.evidence_recency_days, 1),
    Feature(constraints.evidence_contradiction_rate, 1),
    Feature(nearness.distance_km, 1),
    Feature(nearness.geo_closeness, 1),
    Feature(nearness.km_from_center, 1),
    Feature(nearness.same_city, 1),
    Feature(nearness.item_age_days, 1),
    Feature(nearness.freshness, 1),
    Feature(quality.price, 1),
    Feature(quality.price_to_budget, 1),
    Feature(quality.price_to_median, 1),
    Feature(quality.price_level, 1),
    Feature(quality.rating, 1),
    Feature(quality.rating_count_log, 1),
    Feature(quality.rating_bayes, 1),
    Feature(quality.text_length_log, 1),
    Feature(quality.image_count, 1),
    Feature(popularity.impressions_log, 1),
    Feature(popularity.click_rate, 1),
    Feature(popularity.save_rate, 1),
    Feature(popularity.popularity, 1),
    Feature(popularity.note_count_log, 1),
    Feature(popularity.author_note_count_log, 1),
    Feature(popularity.is_note, 1),
    Feature(popularity.is_product, 1),
    Feature(popularity.is_poi, 1),
    Feature(popularity.kind_weight, 1),
    Feature(popularity.sponsored_label, 1),
    Feature(popularity.merchant_label, 1),
    Feature(popularity.ai_assisted_label, 1),
    Feature(popularity.suspected_label, 1),
    Feature(context.same_category_above, 1),
    Feature(context.same_author_above, 1),
    Feature(context.taste_cosine, 1),
)

NAMES: Final[tuple[str, ...]] = tuple(feature.name for feature in FEATURES)


def matrix(batch: Batch, features: Sequence[Feature] = FEATURES, only: Collection[int] | None = None) -> F32:
    """-> (len(batch), len(features)) float32, each column in one piece; what is not finite becomes NaN.

    `only`: the columns to compute; the others stay NaN. None: all.
    """
    columns = np.full((len(features), len(batch)), np.nan, dtype=np.float32)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):  # such values become NaN below
        for number in range(len(features)) if only is None else only:
            columns[number] = features[number].function(batch)
    if (endless := np.isinf(columns)).any():
        columns[endless] = np.nan
    return columns.T


def schema_hash() -> str:
    """SHA-256 over names, versions and their order: equal hashes mean that two matrices are the same thing."""
    return hashlib.sha256("\n".join(f"{f.name}:{f.version}" for f in FEATURES).encode()).hexdigest()
