"""How do our words become Qdrant's sparse vectors? BM25 is worked out before; the inner product is its sum.

Of the snapshot's rows a dimension is a column of the score matrix (a word in a field). Of a live item, whose layer has
a vocabulary of its own, it is a hash of word and field in 32 bits: two of a hundred thousand words may share one.
"""

from collections.abc import Callable
from typing import Final
from zlib import crc32

import numpy as np

from engine.types import I64
from indexing.qdrant.port import Sparse
from indexing.text.index import FIELDS, TextIndex

#: Rows whose words are turned about at a time.
_ROWS: Final = 50_000


def of_rows(text: TextIndex, rows: I64, *, live: bool) -> list[Sparse]:
    """The words of different rows of a snapshot, or of a layer (`live`)."""
    out: list[Sparse] = []
    named = _hashed(text) if live else None
    for start in range(0, len(rows), _ROWS):
        some = rows[start : start + _ROWS]
        held = [_summed(columns if named is None else named(columns), scores) for columns, scores in text.by_row(some)]
        out += held or [{}] * len(some)
    return out


def of_query(text: TextIndex, query: str, *, exact: bool, live: bool) -> tuple[Sparse, str]:
    """A query as a sparse vector, and how it was read; empty where no row holds a word of it."""
    weighted, plan = text.weighted(query, exact=exact)
    columns, weights = np.array(list(weighted), np.int64), np.array(list(weighted.values()))
    return _summed(_hashed(text)(columns) if live else columns, weights), plan


def _summed(dimensions: I64, weights: "np.ndarray[tuple[int], np.dtype[np.floating]]") -> Sparse:
    found: dict[int, float] = {}
    for dimension, weight in zip(dimensions.tolist(), weights.tolist(), strict=True):
        found[dimension] = found.get(dimension, 0.0) + weight
    return found


def _hashed(text: TextIndex) -> Callable[[I64], I64]:
    """Columns -> the dimensions of their words."""
    vocabulary, fields = text.vocabulary, list(FIELDS)
    count = len(vocabulary.terms)
    place = np.zeros(max(count, 1), np.int64)
    place[vocabulary.numbers] = np.arange(count)

    def named(columns: I64) -> I64:
        pairs = ((fields[column // count], vocabulary.word(int(place[column % count]))) for column in columns.tolist())
        return np.array([crc32(f"{field} {word}".encode()) for field, word in pairs], np.int64)

    return named
