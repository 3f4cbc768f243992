"""How well did retrieval find it, and does its name stand in the query? A retriever that missed it gives NaN."""

import numpy as np
import numpy.typing as npt

from engine.types import F32
from ranking.among import DENSE, FUSED, LEXICAL, VOTES
from ranking.batch import NAN, Batch, f32
from ranking.question import folded


def cosine(batch: Batch) -> F32:
    """Inner product of the query's and the item's centred unit vectors, -1..1."""
    return batch.found.dense


def bm25(batch: Batch) -> F32:
    """BM25 of the query's words."""
    return batch.found.lexical


def votes(batch: Batch) -> F32:
    """Votes from notes that retrieval found and that are linked to the item."""
    return batch.found.votes


def fused(batch: Batch) -> F32:
    """The retrieval order's score."""
    return batch.found.fused


def rank_dense(batch: Batch) -> F32:
    """Place in the list by cosine, 1 = best."""
    ranks: F32 = batch.among.ranks[0]
    return ranks


def rank_bm25(batch: Batch) -> F32:
    """Place in the list by BM25, 1 = best."""
    ranks: F32 = batch.among.ranks[1]
    return ranks


def rank_fused(batch: Batch) -> F32:
    """Place in the list by the fused score, 1 = best."""
    ranks: F32 = batch.among.ranks[2]
    return ranks


def cosine_gap_to_top(batch: Batch) -> F32:
    """Best cosine of the list minus this one."""
    return f32(batch.among.best[0][DENSE] - batch.among.scores[DENSE])


def bm25_to_top(batch: Batch) -> F32:
    """BM25 as a share of the list's best; NaN when the best is 0."""
    share: F32 = batch.among.best[1][LEXICAL]
    return share


def votes_to_top(batch: Batch) -> F32:
    """Votes as a share of the list's most."""
    share: F32 = batch.among.best[1][VOTES]
    return share


def fused_to_top(batch: Batch) -> F32:
    """Fused score as a share of the list's best."""
    share: F32 = batch.among.best[1][FUSED]
    return share


def retriever_hit_count(batch: Batch) -> F32:
    """How many of the three retrievers (dense, lexical, notes) returned it."""
    return batch.among.best[2]


def relax_level(batch: Batch) -> F32:
    """How many constraints had been given up when it was found."""
    return f32(batch.found.relax_level)


def name_exact(batch: Batch) -> F32:
    """1 when the item's whole title stands in the query; NaN without a title or a query."""
    return _of_titles(batch, batch.titles.exact())


def name_partial(batch: Batch) -> F32:
    """Share of the neighbouring characters of the shorter of title and query that the longer has too, 0..1."""
    return _of_titles(batch, batch.titles.partial())


def title_term_share(batch: Batch) -> F32 | float:
    """Share of the query's lexical terms that stand in the title; NaN without terms."""
    terms = dict.fromkeys(folded(batch.intent.terms).split())
    return _of_titles(batch, batch.titles.share_of(terms)) if terms else NAN


def brand_match(batch: Batch) -> F32:
    """1 when the item's brand stands in the query; NaN without a brand or a query."""
    words = batch.words
    return batch.valued("brand", lambda brand: folded(brand) in words if brand and words else NAN)


def _of_titles(batch: Batch, values: npt.ArrayLike) -> F32:
    """The values (n,), NaN for an item without a title and for a query without words."""
    return f32(np.where(batch.titles.known, values, NAN))
