"""Is it the thing that the query names, and where do the query's words stand in it?"""

from typing import Final

import numpy as np

from engine.types import F32
from engine.understand.heads import head, latin_words
from engine.understand.lexicon import load
from ranking.batch import NAN, Batch, f32
from ranking.question import folded

#: A node with more below it is an area of the shop, no kind of thing.
_AREA: Final = 8


def head_match(batch: Batch) -> F32 | float:
    """1 when it is the thing that the query names, 0 when it is another, as a laptop case is no laptop.

    NaN where the query names no thing, the product's title none that is known, and for other kinds.
    """
    asked = head(batch.intent.terms)
    if asked is None:
        return NAN
    wanted = {asked.word} | (_kinds(asked.node) if asked.node else frozenset())
    return f32(batch.carried("head", sorted(wanted)).max(axis=0))


def word_share(batch: Batch) -> F32 | float:
    """Share of the query's words that it says, as they are but for a plural: "gaming" is not "games", as it is to BM25.

    NaN for a query without a word in Latin script, or an item whose words are not kept.
    """
    asked = latin_words(batch.intent.terms)
    return batch.carried("words", asked).mean(axis=0) if asked else NAN


def bm25_title(batch: Batch) -> F32 | float:
    """BM25 of the query's words in the title alone; NaN without words."""
    return batch.worded[0] if batch.intent.terms else NAN


def bm25_attributes(batch: Batch) -> F32 | float:
    """BM25 of the query's words in the values of its attributes; NaN without words."""
    return batch.worded[1] if batch.intent.terms else NAN


def title_completeness(batch: Batch) -> F32 | float:
    """Share of the title's pairs of characters that the query has too; NaN without a title or a query."""
    return f32(np.where(batch.titles.known, batch.titles.completeness(), NAN))


def title_earliness(batch: Batch) -> F32 | float:
    """1 when a word of the query begins the title, less the further on the first one stands; NaN when none does."""
    terms = batch.intent.terms.split()
    return batch.titles.earliness([folded(term) for term in terms]) if terms else NAN


def term_significance_max(batch: Batch) -> F32 | float:
    """How rare the rarest word of the query is among the items of its kind; NaN without words."""
    return batch.significance[0] if batch.intent.terms else NAN


def term_significance_mean(batch: Batch) -> F32 | float:
    """How rare the query's words are among the items of its kind; NaN without words."""
    return batch.significance[1] if batch.intent.terms else NAN


def _kinds(node: str) -> frozenset[str]:
    """The node and what lies below it, unless that is a whole area: a mouse is filed under computers and is none."""
    below = load().descendants(node)
    return below if len(below) <= _AREA else frozenset({node})
