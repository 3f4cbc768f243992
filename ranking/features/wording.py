"""Is it the thing that the query names, and are its words the query's own? For products; NaN for the other kinds."""

from typing import Final

from engine.types import F32
from engine.understand.heads import head, latin_words
from engine.understand.lexicon import load
from ranking.batch import NAN, Batch, f32

#: A node with more below it is an area of the shop, no kind of thing.
_AREA: Final = 8


def head_match(batch: Batch) -> F32 | float:
    """1 when it is the thing that the query names, 0 when it is another, as a laptop case is no laptop.

    NaN where the query names no thing, or the product's title none that is known.
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


def _kinds(node: str) -> frozenset[str]:
    """The node and what lies below it, unless that is a whole area: a mouse is filed under computers and is none."""
    below = load().descendants(node)
    return below if len(below) <= _AREA else frozenset({node})
