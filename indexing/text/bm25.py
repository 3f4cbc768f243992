"""Where does the lexical score come from? bm25s: BM25 worked out when the index is built, kept as a sparse matrix.

A query adds up the columns of its words, so every row has its score before any is left out: a filter of any size and
shape costs nothing in recall. Measured against tantivy on a million recombined texts: where that prunes badly (common
words, an arbitrary set of rows) it took three times as long, and a filter of a thousand named rows alone 16 ms.
"""

import sys
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.types import F32, I64
from indexing.text.census import Whole, idf, scored
from indexing.vectors.machine import compiled


@contextmanager
def _without(*names: str) -> Iterator[None]:
    """While something is imported that takes these where it finds them, and needs none of them."""
    hidden = {name: None for name in names if name not in sys.modules}
    sys.modules.update(hidden)  # type: ignore[arg-type]  # None: not to be imported
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


with _without("scipy", "numba", "jax", "tqdm"):  # seconds and megabytes that a server would pay for nothing
    import bm25s

#: Lucene's formula and defaults. Lucene leaves out the constant factor k1 + 1, which SCALE puts back.
_PARAMETERS: Final[dict[str, Any]] = {"k1": 1.2, "b": 0.75, "method": "lucene", "auto_compile": False}
SCALE: Final = 2.2
#: Of so few rows a table of all costs less than a search among those asked for.
_FEW: Final = 65_536
_DATA: Final = "data.csc.index.npy"


class Scores:
    """A BM25 matrix: rows x columns, one column for each word of each field. Immutable, safe to share."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        kept = engine.scores
        self.rows: int = kept["num_docs"]
        self.frequencies: I64 = np.diff(kept["indptr"]).astype(np.int64)  # rows that hold the word, by column

    @staticmethod
    def build(
        fields: Sequence[tuple[Sequence["array[int]"], float]], words: int, among: Sequence[Whole] | None = None
    ) -> "Scores":
        """`fields`: per field the rows as lists of word numbers below `words`, and the field's weight.

        Column f * words + w is word w in field f. `among`: what each field is a part of, and scored against.
        """
        if among is None:
            made = [_field(rows, words) for rows, _ in fields]
        else:
            k1, b = float(_PARAMETERS["k1"]), float(_PARAMETERS["b"])
            made = [dict(scored(rows, whole, k1, b)) for (rows, _), whole in zip(fields, among, strict=True)]
        data = np.concatenate(
            [m["data"] * np.float32(weight * SCALE) for m, (_, weight) in zip(made, fields, strict=True)]
        )
        indices = np.concatenate([m["indices"] for m in made])
        sizes = np.concatenate([[0], *(np.diff(m["indptr"]) for m in made)])
        return Scores(_engine(data, indices, np.cumsum(sizes), len(fields[0][0])))

    @staticmethod
    def open(folder: Path) -> "Scores":
        """As it was saved, memory-mapped."""
        mapped = (folder / _DATA).stat().st_size > 4096  # an empty array cannot be mapped
        engine = bm25s.BM25.load(folder, mmap=mapped, load_vocab=False, auto_compile=False)
        engine.scores |= {n: np.asarray(a) for n, a in engine.scores.items() if n != "num_docs"}
        return Scores(engine)

    def save(self, folder: Path) -> None:
        """Write the files that `open` reads."""
        self._engine.save(folder, show_progress=False)

    def of(self, columns: Sequence[int]) -> F32:
        """-> (rows,) float32: the sum of these columns."""
        if compiled():
            found = np.zeros(self.rows, np.float32)
            self.add(found, columns, 1.0)
            return found
        summed: F32 = self._engine.get_scores_from_ids(columns)
        return summed

    def holding(self, column: int) -> I64:
        """The rows of a column, ascending."""
        kept = self._engine.scores
        rows: I64 = kept["indices"][kept["indptr"][column] : kept["indptr"][column + 1]].astype(np.int64)
        return np.sort(rows)

    def by_row(self, rows: I64) -> Iterator[tuple[I64, F32]]:
        """(columns int64, scores) that each of these different rows holds: one pass over the whole matrix."""
        kept = self._engine.scores
        place = np.full(self.rows, -1, np.int64)
        place[rows] = np.arange(len(rows))
        at = place[kept["indices"]]
        hit = np.flatnonzero(at >= 0)
        hit = hit[np.argsort(at[hit], kind="stable")]
        columns = np.searchsorted(kept["indptr"], hit, side="right") - 1
        ends = np.searchsorted(at[hit], np.arange(len(rows) + 1))
        for start, stop in pairwise(ends.tolist()):
            yield columns[start:stop], kept["data"][hit[start:stop]]

    def add(self, scores: F32, columns: Sequence[int], weight: float) -> None:
        """Add these columns, times the weight, to `scores`: bm25s itself knows no weights."""
        kept, at = self._engine.scores, np.array(columns, np.int64)
        starts, stops = kept["indptr"][at], kept["indptr"][at + 1]
        if code := compiled():
            code.add(scores, starts, stops, kept["indices"], kept["data"], weight)
            return
        for start, stop in zip(starts, stops, strict=True):
            np.add.at(scores, kept["indices"][start:stop], kept["data"][start:stop] * np.float32(weight))

    def at(self, fields: Sequence[Sequence[int]], rows: I64) -> F32:
        """-> (fields, len(rows)): the sums of the columns of each at these different rows alone. The columns are read,
        not all rows."""
        kept, n = self._engine.scores, len(rows)
        spans = [slice(*kept["indptr"][column : column + 2].tolist()) for of in fields for column in of]
        sizes = [span.stop - span.start for span in spans]
        if not n or not sum(sizes):
            return np.zeros((len(fields), n), np.float32)
        held = np.concatenate([kept["indices"][span] for span in spans])
        hit, place = self._met(rows, held)
        of = np.repeat(np.repeat(np.arange(len(fields)), [len(of) for of in fields]), sizes).take(hit)
        data = np.concatenate([kept["data"][span] for span in spans]).take(hit)
        return np.bincount(of * n + place, data, len(fields) * n).reshape(len(fields), n).astype(np.float32)

    def _met(self, rows: I64, held: Any) -> tuple[I64, I64]:
        """Which of the rows `held` are among `rows`, as positions in the one and in the other."""
        if self.rows <= _FEW:
            place = np.full(self.rows, -1, np.int32)
            place[rows] = np.arange(len(rows))
            found = place.take(held)
            hit = np.flatnonzero(found >= 0)
            return hit, found.take(hit)
        order = np.argsort(rows)
        ordered = rows[order]
        near = np.minimum(ordered.searchsorted(held), len(rows) - 1)
        hit = np.flatnonzero(ordered.take(near) == held)
        return hit, order.take(near.take(hit))

    def as_if_in(self, frequencies: I64, rows: int) -> "Scores":
        """The same rows, their words as rare as they are in a larger index that these rows join.

        `frequencies`: rows of that index that hold the word, by column of this one.
        """
        both = idf(frequencies + self.frequencies, rows + self.rows) / idf(self.frequencies, self.rows)
        kept = self._engine.scores
        data = kept["data"] * np.repeat(both.astype(np.float32), self.frequencies)
        return Scores(_engine(data, kept["indices"], kept["indptr"], self.rows))


def _field(rows: Sequence["array[int]"], words: int) -> Any:
    if not any(map(len, rows)):
        return {"data": np.empty(0, np.float32), "indices": np.empty(0, np.int32), "indptr": np.zeros(words + 1, int)}
    return bm25s.BM25(**_PARAMETERS).build_index_from_ids(list(range(words)), rows, show_progress=False)


def _engine(data: F32, indices: Any, indptr: I64, rows: int) -> Any:
    engine = bm25s.BM25(**_PARAMETERS)
    engine.scores = {"data": data, "indices": indices, "indptr": indptr, "num_docs": rows}
    engine.vocab_dict, engine.nonoccurrence_array = {}, None
    return engine
