"""What did people do with it until the hour before? Counts in windows, rates, and what this very question led to.

NaN where nothing is counted at all; an item with which nothing was done has counts of 0 and the rates of all items.
"""

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from engine.counts import DECAYED, NAMES, PRIOR, RATES, TREND, WINDOWS, rate, window
from engine.types import F32
from ranking.batch import NAN, Batch, f32

_SHORT: Final = {"click": "ctr", "save": "save", "purchase": "cvr"}


def _column(column: int, name: str, doc: str) -> Callable[[Batch], F32]:
    """A feature that stands in the table of counts."""

    def feature(batch: Batch) -> F32:
        found: F32 = batch.crowd[column]
        return found

    feature.__name__, feature.__doc__ = name, doc
    return feature


def _window(name: str, days: int) -> Callable[[Batch], F32]:
    doc = f"log(1 + events of '{name}' within {days} days)."
    return _column(window(name, days), f"window_count_{name}_{days}d", doc)


def _rate(name: str, days: int) -> Callable[[Batch], F32]:
    of = "clicks" if name == "purchase" else "impressions"
    doc = f"Events of '{name}' by {of} within {days} days, drawn to the rate of all items."
    return _column(rate(name, days), f"rate_{_SHORT[name]}_{days}d", doc)


WINDOWED: Final = tuple(_window(name, days) for name in NAMES for days in WINDOWS)
RATED: Final = tuple(_rate(name, days) for name, days in RATES)


trend_velocity: Final = _column(
    TREND, "trend_velocity", "log of clicks a day this week by clicks a day this month; 0 = as ever."
)
decayed_score: Final = _column(DECAYED, "decayed_score", "log(1 + sum of what each deed is worth, halved every week).")


def window_count_click_by_query_30d(batch: Batch) -> F32:
    """log(1 + clicks on it on pages of this very question within 30 days)."""
    return f32(np.log1p(batch.pairs[1]))


def ctr_by_query(batch: Batch) -> F32:
    """Clicks by impressions on pages of this very question, drawn to the rate of all items."""
    usual = batch.counts.click_rate
    shown, clicks = batch.pairs
    return f32((clicks + usual * PRIOR) / (shown + PRIOR))


def ctr_by_category(batch: Batch) -> F32:
    """The click rate of all items of its category; NaN for one of which none was shown."""
    return _together(batch, "category")


def ctr_by_brand(batch: Batch) -> F32:
    """The click rate of all items of its brand."""
    return _together(batch, "brand")


def ctr_by_author(batch: Batch) -> F32:
    """The click rate of all notes by its author."""
    return _together(batch, "author_id")


def query_freq_log(batch: Batch) -> float:
    """log(1 + pages of this very question within 30 days)."""
    return math.log1p(batch.counts.pages.get(batch.question, 0))


def query_click_entropy(batch: Batch) -> float:
    """Bits by which the clicks on pages of this question are spread over items; NaN without a click."""
    clicks = [pair.clicks for pair in batch.counts.pairs.get(batch.question, {}).values() if pair.clicks]
    shares = [each / sum(clicks) for each in clicks]
    return -sum(share * math.log2(share) for share in shares) if shares else NAN


def report_rate(batch: Batch) -> F32 | float:
    """Share of those who saw it that complained of it, as the store had it; 0 for one of which nobody did."""
    reports = batch.counts.reports
    if not reports:
        return NAN if reports is None else np.zeros(len(batch), np.float32)
    return f32([reports.get(item or "", 0.0) for item in batch.ids])


def _together(batch: Batch, name: str) -> F32:
    rates = batch.counts.together.get(name, {})
    return batch.valued(name, lambda text: rates.get(text or "", NAN))
