"""What stands beside it in the list, and how near is it to what the person likes?"""

from engine.types import F32
from ranking.batch import NAN, Batch, f32


def same_category_above(batch: Batch) -> F32:
    """How many of its kind and category retrieval put above it; NaN without a category."""
    return batch.above("category")


def same_author_above(batch: Batch) -> F32:
    """How many by the same author retrieval put above it; NaN without an author."""
    return batch.above("author_id")


def type_share_above(batch: Batch) -> F32:
    """Share of its own kind among those that retrieval put above it; NaN for the first."""
    return batch.among.kind_share_above


def taste_cosine(batch: Batch) -> F32 | float:
    """The best inner product with what the person likes (or names as "like this"), -1..1; NaN without either."""
    tastes = batch.intent.tastes
    if tastes is None or not len(tastes):
        return NAN
    return f32((batch.vectors @ tastes.T).max(axis=1))
