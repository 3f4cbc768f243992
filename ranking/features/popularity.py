"""Do people look at it, keep it, talk about it, and may we trust who wrote it?"""

from typing import Final

import numpy as np

from engine.types import F32, KINDS
from ranking.batch import TRUST, Batch, f32

#: Rates start from these and move with every impression; the prior weighs as much as 10 impressions.
PRIOR_IMPRESSIONS: Final = 10.0
PRIOR_CLICK_RATE: Final = 0.1
PRIOR_SAVE_RATE: Final = 0.02


def impressions_log(batch: Batch) -> F32:
    """log(1 + times shown)."""
    return batch.logged("impressions")


def click_rate(batch: Batch) -> F32:
    """Clicks by impressions, smoothed by a prior."""
    return _rate(batch, "clicks", PRIOR_CLICK_RATE)


def save_rate(batch: Batch) -> F32:
    """Saves by impressions, smoothed by a prior."""
    return _rate(batch, "saves", PRIOR_SAVE_RATE)


def popularity(batch: Batch) -> F32:
    """Percentile of popularity among its kind, 0..1."""
    return batch.number("popularity")


def note_count_log(batch: Batch) -> F32:
    """log(1 + notes linked to it)."""
    return batch.logged("note_count")


def author_note_count_log(batch: Batch) -> F32:
    """log(1 + notes by the same author)."""
    return batch.logged("author_note_count")


def is_note(batch: Batch) -> F32:
    """1 for notes."""
    return _is_kind(batch, KINDS.index("note"))


def is_product(batch: Batch) -> F32:
    """1 for products."""
    return _is_kind(batch, KINDS.index("product"))


def is_poi(batch: Batch) -> F32:
    """1 for places."""
    return _is_kind(batch, KINDS.index("poi"))


def kind_weight(batch: Batch) -> F32:
    """How much the intent wants this kind; 0 when it does not name it."""
    weights = np.array([batch.intent.kinds.get(kind, 0.0) for kind in KINDS], dtype=np.float32)
    return weights.take(batch.found.kind)


def sponsored_label(batch: Batch) -> F32:
    """1 when paid for; NaN without a trust label, as for the other labels."""
    return _label(batch, "sponsored")


def merchant_label(batch: Batch) -> F32:
    """1 when the merchant wrote it."""
    return _label(batch, "merchant")


def ai_assisted_label(batch: Batch) -> F32:
    """1 when a machine helped to write it."""
    return _label(batch, "ai_assisted")


def suspected_label(batch: Batch) -> F32:
    """1 when we suspect that it is not honest."""
    return _label(batch, "suspected")


def _rate(batch: Batch, action: str, prior: float) -> F32:
    shown = batch.numbers("impressions")
    return f32((batch.numbers(action) + prior * PRIOR_IMPRESSIONS) / (shown + PRIOR_IMPRESSIONS))


def _is_kind(batch: Batch, code: int) -> F32:
    found: F32 = batch.is_kind[code]
    return found


def _label(batch: Batch, label: str) -> F32:
    found: F32 = batch.labels[TRUST[label]]
    return found
