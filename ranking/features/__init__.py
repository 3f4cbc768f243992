"""Which features does the ranker see? The one list, for online scoring, logging and training alike.

A change of what a feature computes raises its version; a model trained with another list is refused (schema_hash).
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from engine.types import F32, I64
from ranking.batch import Batch
from ranking.features import (
    constraints,
    context,
    crowd,
    nearness,
    personal,
    popularity,
    quality,
    query,
    retrieval,
    wording,
)  # fmt: skip

Function: TypeAlias = Callable[[Batch], F32 | float]


class Feature(NamedTuple):
    """A function and the version of what it computes. Missing is NaN, never 0.

    Batch -> (n,) float32, or one number when it is the same for all.
    """

    function: Function
    version: int
    source: str = ""  # without it (Batch.has) the function is not called, and all is NaN
    listwise: bool = False  # does it look at the others of the list?

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
    Feature(retrieval.rank_dense, 1, listwise=True),
    Feature(retrieval.rank_bm25, 1, listwise=True),
    Feature(retrieval.rank_fused, 1, listwise=True),
    Feature(retrieval.cosine_gap_to_top, 1, listwise=True),
    Feature(retrieval.bm25_to_top, 1, listwise=True),
    Feature(retrieval.votes_to_top, 1, listwise=True),
    Feature(retrieval.fused_to_top, 1, listwise=True),
    Feature(retrieval.retriever_hit_count, 1),
    Feature(retrieval.relax_level, 1),
    Feature(retrieval.name_exact, 1),
    Feature(retrieval.name_partial, 3),
    Feature(retrieval.title_term_share, 1),
    Feature(retrieval.brand_match, 1),
    Feature(wording.head_match, 1),
    Feature(wording.word_share, 1),
    Feature(wording.bm25_title, 1),
    Feature(wording.bm25_attributes, 1),
    Feature(wording.title_completeness, 1),
    Feature(wording.title_earliness, 1),
    Feature(wording.term_significance_max, 1),
    Feature(wording.term_significance_mean, 1),
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
    Feature(nearness.minutes_to_close, 1),
    Feature(nearness.item_age_days, 1),
    Feature(nearness.freshness, 1),
    Feature(quality.price, 1),
    Feature(quality.price_to_budget, 1),
    Feature(quality.price_to_median, 1, listwise=True),
    Feature(quality.price_level, 1),
    Feature(quality.rating, 1),
    Feature(quality.rating_count_log, 1),
    Feature(quality.rating_bayes, 1, listwise=True),
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
    Feature(context.same_category_above, 1, listwise=True),
    Feature(context.same_author_above, 1, listwise=True),
    Feature(context.type_share_above, 1, listwise=True),
    Feature(context.taste_cosine, 1, listwise=True),  # a matrix product may differ in the last bit by its shape
    *(Feature(function, 1, "counts") for function in (*crowd.WINDOWED, *crowd.RATED)),
    Feature(crowd.trend_velocity, 1, "counts"),
    Feature(crowd.decayed_score, 1, "counts"),
    Feature(crowd.window_count_click_by_query_30d, 1, "counts"),
    Feature(crowd.ctr_by_query, 1, "counts"),
    Feature(crowd.ctr_by_category, 1, "counts"),
    Feature(crowd.ctr_by_brand, 1, "counts"),
    Feature(crowd.ctr_by_author, 1, "counts"),
    Feature(crowd.query_freq_log, 1, "counts"),
    Feature(crowd.query_click_entropy, 1, "counts"),
    Feature(crowd.report_rate, 1, "counts"),
    Feature(personal.n_user_events, 1, "person"),
    Feature(personal.interacted_with_category, 1, "person"),
    Feature(personal.interacted_with_brand, 1, "person"),
    Feature(personal.interacted_with_author, 1, "person"),
    Feature(personal.interacted_with_tag, 1, "person", listwise=True),
    Feature(personal.interacted_with_poi, 1, "person"),
    Feature(personal.user_category_share, 1, "person"),
    Feature(personal.user_lang_match, 1, "person"),
    Feature(personal.cos_user_longterm, 1, "person", listwise=True),
    Feature(personal.cos_user_session, 1, "person", listwise=True),
    Feature(personal.user_price_affinity_diff, 1, "person"),
    Feature(personal.user_distance_tolerance_ratio, 1, "person"),
    Feature(personal.seen_count, 1, "person"),
    Feature(personal.last_seen_hours, 1, "person"),
    Feature(personal.negative_feedback_author, 1, "person"),
    Feature(personal.negative_feedback_category, 1, "person"),
    Feature(personal.follows_author, 1, "person"),
)

NAMES: Final[tuple[str, ...]] = tuple(feature.name for feature in FEATURES)
_LISTWISE: Final = [number for number, feature in enumerate(FEATURES) if feature.listwise]
_ALONE: Final = [number for number, feature in enumerate(FEATURES) if not feature.listwise]


def matrix(batch: Batch, features: Sequence[Feature] = FEATURES, only: Collection[int] | None = None) -> F32:
    """-> (len(batch), len(features)) float32, each column in one piece; what is not finite becomes NaN.

    `only`: the columns to compute; the others stay NaN. None: all.
    """
    columns = np.full((len(features), len(batch)), np.nan, dtype=np.float32)
    given = {source for source in ("", "counts", "person") if batch.has(source)}
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):  # such values become NaN below
        for number in range(len(features)) if only is None else only:
            function, _, source, _ = features[number]
            if source in given:
                columns[number] = function(batch)
    if (endless := np.isinf(columns)).any():
        columns[endless] = np.nan
    return columns.T


def of_page(batch: Batch, page: I64) -> F32:
    """`matrix(batch)[page]` to the bit, without looking at the other candidates where a feature looks at an item alone:
    for logging a page of ten out of hundreds."""
    mine = Batch(batch.index, batch.intent, batch.query, batch.found.take(page))
    if batch.has("person"):
        mine.person = batch.person  # who asks is the same
    alone = matrix(mine, only=_ALONE)
    alone[:, _LISTWISE] = matrix(batch, only=_LISTWISE)[page][:, _LISTWISE]
    return alone


def schema_hash() -> str:
    """SHA-256 over names, versions and their order: equal hashes mean that two matrices are the same thing."""
    return hashlib.sha256("\n".join(f"{f.name}:{f.version}" for f in FEATURES).encode()).hexdigest()
