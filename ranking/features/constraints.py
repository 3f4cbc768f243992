"""Does it keep what the person asked for, and how well do we know? Verdicts already count polarity in."""

import numpy as np

from engine.types import F32, I64
from engine.vocabulary import MINED
from ranking.batch import NAN, Batch, f32


def n_hard_satisfied(batch: Batch) -> F32:
    """Hard constraints that it keeps."""
    return batch.held.kept("hard")


def n_soft_satisfied(batch: Batch) -> F32:
    """Soft constraints that it keeps."""
    return batch.held.kept("soft")


def frac_hard_satisfied(batch: Batch) -> F32:
    """Share of the hard constraints that apply to it and that it keeps; NaN without any."""
    return batch.held.share_of_applying("hard")


def frac_soft_satisfied(batch: Batch) -> F32:
    """Share of the soft constraints that apply to it and that it keeps; NaN without any."""
    return batch.held.share_of_applying("soft")


def n_unknown(batch: Batch) -> F32:
    """Constraints that apply to it and of which we know nothing."""
    return batch.held.applying("all") - batch.held.known("all")


def n_contradicted(batch: Batch) -> F32:
    """Constraints that it breaks."""
    return batch.held.known("all") - batch.held.kept("all")


def n_met(batch: Batch) -> F32:
    """Constraints that it keeps for sure (verdict MET)."""
    return batch.held.sure("all")


def negation_violation(batch: Batch) -> F32 | float:
    """1 when it has something unwanted; NaN when nothing is unwanted."""
    if all(c.polarity > 0 for c in batch.intent.constraints):
        return NAN
    return f32(batch.held.known("unwanted") > batch.held.kept("unwanted"))


def match_category(batch: Batch) -> F32:
    """Share kept of the known constraints on category."""
    return batch.held.share_of_known("category")


def match_audience(batch: Batch) -> F32:
    """Share kept of the known constraints on audience, occasion and party size."""
    return batch.held.share_of_known("audience")


def match_amenity(batch: Batch) -> F32:
    """Share kept of the known constraints on amenities."""
    return batch.held.share_of_known("amenity")


def match_ambience(batch: Batch) -> F32:
    """Share kept of the known constraints on ambience."""
    return batch.held.share_of_known("ambience")


def match_food(batch: Batch) -> F32:
    """Share kept of the known constraints on cuisine and dishes."""
    return batch.held.share_of_known("food")


def match_price(batch: Batch) -> F32:
    """Share kept of the known constraints on price."""
    return batch.held.share_of_known("price")


def match_rating(batch: Batch) -> F32:
    """Share kept of the known constraints on rating and popularity."""
    return batch.held.share_of_known("rating")


def match_time(batch: Batch) -> F32:
    """Share kept of the known constraints on hours, dates, seasons, duration and recency."""
    return batch.held.share_of_known("time")


def match_place(batch: Batch) -> F32:
    """Share kept of the known constraints on where it is."""
    return batch.held.share_of_known("place")


def match_diet(batch: Batch) -> F32:
    """Share kept of the known constraints on diet and ingredients."""
    return batch.held.share_of_known("diet")


def match_skin(batch: Batch) -> F32:
    """Share kept of the known constraints on skin."""
    return batch.held.share_of_known("skin")


def match_attributes(batch: Batch) -> F32:
    """Share kept of the known constraints on body, style, home, size, material and level."""
    return batch.held.share_of_known("attributes")


def probability_mean(batch: Batch) -> F32:
    """Mean probability of the constraints with a known one."""
    return batch.held.chances[0]


def probability_min(batch: Batch) -> F32:
    """The weakest probability among the constraints with a known one."""
    return batch.held.chances[1]


def evidence_support_log(batch: Batch) -> F32:
    """log(1 + sentences that confirm); NaN when no constraint can be proved by sentences."""
    return f32(np.log1p(_mined_sum(batch, batch.held.support)))


def evidence_recency_days(batch: Batch) -> F32:
    """Age of the newest sentence about any constraint; NaN without one."""
    return f32(np.fmin.reduce(batch.held.age_days, axis=0, initial=np.nan))


def evidence_contradiction_rate(batch: Batch) -> F32:
    """Share of the sentences about the constraints that say no; NaN without sentences."""
    against = np.add.reduce(batch.held.against, axis=0)
    total = against + np.add.reduce(batch.held.support, axis=0)
    return f32(np.divide(against, total, out=np.full(len(batch), np.nan), where=total > 0))


def _mined_sum(batch: Batch, counts: I64) -> F32 | float:
    mined = [number for number, c in enumerate(batch.intent.constraints) if c.slot in MINED]
    return f32(counts[mined].sum(axis=0)) if mined else NAN
