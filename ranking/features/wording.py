"""Is it the thing that the query names, and are its words the query's own? For products; NaN for the other kinds."""

from typing import Final

import numpy as np

from engine.types import F32
from engine.understand.heads import head, latin_words
from engine.understand.lexicon import load
from ranking.batch import Batch

#: A node with more below it is an area of the shop, no kind of thing.
_AREA: Final = 8


def head_match(batch: Batch) -> F32:
    """1 when it is the thing that the query names, 0 when it is another, as a laptop case is no laptop.

    NaN where the query names no thing, or the product's title none that is known.
    """
    asked = head(batch.intent.terms)
    if asked is None:
        return batch.constant(float("nan"))
    wanted = {asked.word} | (_kinds(asked.node) if asked.node else frozenset())
    named = batch.texts("head")
    return np.array([float("nan") if n is None else not wanted.isdisjoint(n.split()) for n in named], np.float32)


def word_share(batch: Batch) -> F32:
    """Share of the query's words that it says, as they are but for a plural: "gaming" is not "games", as it is to BM25.

    NaN for a query without a word in Latin script, or an item whose words are not kept.
    """
    asked = latin_words(batch.intent.terms)
    if not asked:
        return batch.constant(float("nan"))
    said = [None if text is None else set(text.split()) for text in batch.texts("words")]
    share = [float("nan") if s is None else sum(word in s for word in asked) / len(asked) for s in said]
    return np.array(share, np.float32)


def _kinds(node: str) -> frozenset[str]:
    """The node and what lies below it, unless that is a whole area: a mouse is filed under computers and is none."""
    below = load().descendants(node)
    return below if len(below) <= _AREA else frozenset({node})
