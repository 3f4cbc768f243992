"""What does it cost, and how good is it said to be?"""

from typing import Final

import numpy as np

from engine.types import F32
from ranking.batch import NAN, Batch, f32

#: A rating counts as much as this many votes for the list's mean (Bayesian average).
PRIOR_RATINGS: Final = 10.0


def price(batch: Batch) -> F32:
    """A product's price, what one person pays at a place."""
    return f32(batch.price)


def price_to_budget(batch: Batch) -> F32 | float:
    """Price as a share of the most the person would pay; NaN without a budget above 0."""
    budgets = [_upper(c.op, c.value) for c in batch.intent.constraints if c.slot == "price" and c.polarity > 0]
    stated = [budget for budget in budgets if budget is not None and budget > 0]
    return f32(batch.price / min(stated)) if stated else NAN


def price_to_median(batch: Batch) -> F32:
    """Relative difference to the median price of the list's items of the same kind; NaN when that is 0."""
    values = np.full(len(batch), np.nan)
    for _, where, _ in batch.parts:
        prices = batch.price[where]
        known = np.sort(prices[np.isfinite(prices)])
        median = (known[(len(known) - 1) // 2] + known[len(known) // 2]) / 2 if len(known) else 0.0
        if median > 0:
            values[where] = prices / median - 1
    return f32(values)


def price_level(batch: Batch) -> F32:
    """1 (cheap) to 4 among its own category and city."""
    return batch.number("price_level")


def rating(batch: Batch) -> F32:
    """Mean rating, 0..5."""
    return batch.number("rating")


def rating_count_log(batch: Batch) -> F32:
    """log(1 + ratings)."""
    return batch.logged("rating_count")


def rating_bayes(batch: Batch) -> F32:
    """Rating drawn to the list's mean the more, the fewer people rated; NaN without rating or count."""
    ratings, counts = batch.numbers("rating"), batch.numbers("rating_count")
    known = ratings[np.isfinite(ratings)]
    mean = known.mean() if len(known) else np.nan
    return f32((ratings * counts + mean * PRIOR_RATINGS) / (counts + PRIOR_RATINGS))


def text_length_log(batch: Batch) -> F32:
    """log(1 + characters of its text)."""
    return batch.logged("text_length")


def image_count(batch: Batch) -> F32:
    """Pictures."""
    return batch.number("image_count")


def _upper(op: str, value: object) -> float | None:
    """The upper end of a price constraint; None for a lower bound alone or a value of another form."""
    if op == "between" and isinstance(value, list | tuple) and len(value) == 2:
        value = value[1]
    elif op not in {"lte", "eq"}:
        return None
    return float(value) if isinstance(value, int | float) else None
