"""How rare are words, and how long are texts, among all items? What a part of them needs to score as the whole does."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.types import F32, I64


@dataclass(frozen=True)
class Census:
    """`rows`: texts. `lengths` float64[fields]: words of all of them. `words`: name -> rows that hold it, by field."""

    rows: int
    lengths: Any
    words: pa.Table  # columns word, 0, 1, ..: one for each field

    @staticmethod
    def of(texts: Iterable[Sequence[Sequence[str]]], fields: int) -> "Census":
        """Of each text the words of each field."""
        held, lengths, rows = [Counter[str]() for _ in range(fields)], np.zeros(fields), 0
        for text in texts:
            rows += 1
            for field, words in enumerate(text):
                held[field].update(set(words))
                lengths[field] += len(words)
        names = sorted(set().union(*held))
        columns = {str(f): pa.array([held[f][name] for name in names], pa.int64()) for f in range(fields)}
        return Census(rows, lengths, pa.table({"word": pa.array(names, pa.string()), **columns}))

    @staticmethod
    def together(parts: Sequence["Census"]) -> "Census":
        """Of all parts."""
        names = [name for name in parts[0].words.column_names if name != "word"]
        grouped = (
            pa.concat_tables([part.words for part in parts]).group_by("word").aggregate([(n, "sum") for n in names])
        )
        words = pa.table({"word": grouped.column("word"), **{n: grouped.column(f"{n}_sum") for n in names}})
        lengths = np.sum([part.lengths for part in parts], axis=0)
        return Census(sum(part.rows for part in parts), lengths, words.sort_by("word").combine_chunks())

    def frequencies(self, names: Sequence[str]) -> I64:
        """-> (fields, len(names)): rows that hold each word, by field."""
        at = pc.index_in(pa.array(names, pa.string()), self.words.column("word").combine_chunks())
        columns = self.words.column_names[1:]
        return np.array([self.words.column(n).take(at).fill_null(0).to_numpy() for n in columns], np.int64)


@dataclass(frozen=True)
class Whole:
    """What one field of a part is scored against. `held` int64[words]: rows of the whole that hold each word."""

    rows: int
    mean: float
    held: I64


def idf(held: I64, rows: int) -> Any:
    """float64[words]: how rare a word is that `held` of so many rows hold (Lucene's formula)."""
    return np.log1p((rows - held + 0.5) / (held + 0.5))


def scored(rows: Sequence[Any], whole: Whole, k1: float, b: float) -> Mapping[str, Any]:
    """Rows as lists of word numbers -> BM25 (Lucene's) as columns: data float32, indices int32, indptr."""
    lengths = np.array([len(row) for row in rows], np.int64)
    flat = np.fromiter((word for row in rows for word in row), np.int64, int(lengths.sum()))
    words = len(whole.held)
    keys, counts = np.unique(flat * len(rows) + np.repeat(np.arange(len(rows)), lengths), return_counts=True)
    word, row = keys // max(1, len(rows)), keys % max(1, len(rows))
    spread = k1 * (1 - b + b * lengths / max(whole.mean, 1e-9))
    data: F32 = (idf(whole.held, whole.rows)[word] * counts / (counts + spread[row])).astype(np.float32)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(word, minlength=words))])
    return {"data": data, "indices": row.astype(np.int32), "indptr": indptr}
