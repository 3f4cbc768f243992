"""Does it keep what the person asked for, and how well do we know? Verdicts already count polarity in."""

import numpy as np

from engine.types import F32, I64, Mask, Verdict
from engine.vocabulary import MINED
from ranking.batch import Batch, f32, mean_where


def n_hard_satisfied(batch: Batch) -> F32:
    """Hard constraints that it keeps."""
    return _count(batch, batch.held.kept, batch.hard)


def n_soft_satisfied(batch: Batch) -> F32:
    """Soft constraints that it keeps."""
    return _count(batch, batch.held.kept, ~batch.hard)


def frac_hard_satisfied(batch: Batch) -> F32:
    """Share of the hard constraints that apply to it and that it keeps; NaN without any."""
    return mean_where(batch.held.kept, batch.held.applies & batch.hard[:, None])


def frac_soft_satisfied(batch: Batch) -> F32:
    """Share of the soft constraints that apply to it and that it keeps; NaN without any."""
    return mean_where(batch.held.kept, batch.held.applies & ~batch.hard[:, None])


def n_unknown(batch: Batch) -> F32:
    """Constraints that apply to it and of which we know nothing."""
    return _count(batch, batch.held.applies & ~batch.held.known)


def n_contradicted(batch: Batch) -> F32:
    """Constraints that it breaks."""
    return _count(batch, batch.held.broken)


def n_met(batch: Batch) -> F32:
    """Constraints that it keeps for sure (verdict MET)."""
    return _count(batch, batch.held.verdict == Verdict.MET)


def negation_violation(batch: Batch) -> F32:
    """1 when it has something unwanted; NaN when nothing is unwanted."""
    if not batch.unwanted.any():
        return batch.constant(float("nan"))
    return f32((batch.held.broken & batch.unwanted[:, None]).any(axis=0))


def match_category(batch: Batch) -> F32:
    """Share kept of the known constraints on category."""
    return _match(batch, "category")


def match_audience(batch: Batch) -> F32:
    """Share kept of the known constraints on audience, occasion and party size."""
    return _match(batch, "audience", "occasion", "party_size")


def match_amenity(batch: Batch) -> F32:
    """Share kept of the known constraints on amenities."""
    return _match(batch, "amenity")


def match_ambience(batch: Batch) -> F32:
    """Share kept of the known constraints on ambience."""
    return _match(batch, "ambience")


def match_food(batch: Batch) -> F32:
    """Share kept of the known constraints on cuisine and dishes."""
    return _match(batch, "cuisine", "dish")


def match_price(batch: Batch) -> F32:
    """Share kept of the known constraints on price."""
    return _match(batch, "price", "price_level")


def match_rating(batch: Batch) -> F32:
    """Share kept of the known constraints on rating and popularity."""
    return _match(batch, "rating", "popularity")


def match_time(batch: Batch) -> F32:
    """Share kept of the known constraints on hours, dates, seasons, duration and recency."""
    return _match(batch, "time", "duration", "recency")


def match_place(batch: Batch) -> F32:
    """Share kept of the known constraints on where it is."""
    return _match(batch, "place", "distance", "travel_time")


def match_diet(batch: Batch) -> F32:
    """Share kept of the known constraints on diet and ingredients."""
    return _match(batch, "diet", "ingredient")


def match_skin(batch: Batch) -> F32:
    """Share kept of the known constraints on skin."""
    return _match(batch, "attr.skin")


def match_attributes(batch: Batch) -> F32:
    """Share kept of the known constraints on body, style, home, size, material and level."""
    return _match(batch, "attr.body", "attr.style", "attr.home", "attr.size", "attr.material", "level")


def probability_mean(batch: Batch) -> F32:
    """Mean probability of the constraints with a known one."""
    probability = batch.held.probability
    return mean_where(probability, np.isfinite(probability))


def probability_min(batch: Batch) -> F32:
    """The weakest probability among the constraints with a known one."""
    probability = batch.held.probability
    lowest = probability.min(axis=0, where=np.isfinite(probability), initial=np.inf)
    return f32(np.where(np.isfinite(lowest), lowest, np.nan))


def evidence_support_log(batch: Batch) -> F32:
    """log(1 + sentences that confirm); NaN when no constraint can be proved by sentences."""
    return f32(np.log1p(_mined_sum(batch, batch.held.support)))


def evidence_recency_days(batch: Batch) -> F32:
    """Age of the newest sentence about any constraint; NaN without one."""
    newest = batch.held.age_days.min(axis=0, where=np.isfinite(batch.held.age_days), initial=np.inf)
    return f32(np.where(np.isfinite(newest), newest, np.nan))


def evidence_contradiction_rate(batch: Batch) -> F32:
    """Share of the sentences about the constraints that say no; NaN without sentences."""
    against, total = batch.held.against.sum(axis=0), (batch.held.against + batch.held.support).sum(axis=0)
    return f32(np.divide(against, total, out=np.full(len(batch), np.nan), where=total > 0))


def _count(batch: Batch, mask: Mask, chosen: Mask | None = None) -> F32:
    return f32((mask if chosen is None else mask[chosen]).sum(axis=0))


def _match(batch: Batch, *slots: str) -> F32:
    asked = batch.of_slots(*slots)
    if not asked.any():
        return batch.constant(float("nan"))
    return mean_where(batch.held.kept[asked], batch.held.known[asked])


def _mined_sum(batch: Batch, counts: I64) -> F32:
    mined = np.array([c.slot in MINED for c in batch.intent.constraints], dtype=np.bool_)
    if not mined.any():
        return batch.constant(float("nan"))
    return f32(counts[mined].sum(axis=0))
