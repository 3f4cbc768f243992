"""Which rows are nearest to a vector, under a filter? The plan for each query, and its answer.

few rows, small kinds     exact:N        every matching row is multiplied, stretches of rows whole
some matching rows        near:N/M       those of the N that lie in near lists
many, or no filter        lists:L        the codes of L near lists under the filter; the best again exactly
FAISS HNSW is not used: under a tight filter it loses most of the answers. FAISS runs on the calling thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from engine.types import F32, I64, Found, Mask
from indexing.vectors.among import Allowed, Among
from indexing.vectors.effort import Effort, Table, level
from indexing.vectors.exact import best, dots, flat
from indexing.vectors.lists import Lists

#: So few matching rows of a layer are scored exactly, whatever the others do.
FEW: Final = 300
#: Lists are counted on about so many matching rows.
SAMPLE: Final = 4_096


@dataclass(frozen=True)
class Vectors:
    """`matrix` float32[n, dim]: centred unit rows, NaN where one is still to come; `lists` when there are many."""

    matrix: F32
    lists: Lists | None = None
    table: Table | None = None

    def __len__(self) -> int:
        return len(self.matrix)

    @cached_property
    def present(self) -> Mask:
        """bool[n]: rows that have their vector."""
        if self.lists is not None:
            return np.asarray(self.lists.assign < self.lists.nlist)
        return ~np.isnan(np.asarray(self.matrix[:, 0])) if self.matrix.shape[1] else np.zeros(len(self), bool)

    @cached_property
    def some(self) -> Among | None:
        """The rows that have their vector; None when all have."""
        return None if self.present.all() else Among.of(self.present, len(self))

    def search(self, vector: F32, allowed: Allowed | None, k: int) -> Found:
        """The k best of the allowed rows (None: all) that have a vector, by inner product; ties by row."""
        return nearest([self], vector, [allowed], k)


@dataclass(frozen=True)
class Layer:
    """One segment's vectors, where its rows begin among those of all, and which of them may answer (None: all)."""

    vectors: Vectors
    start: int
    among: Among | None

    @staticmethod
    def of(vectors: Vectors, start: int, allowed: Allowed | None) -> "Layer":
        """A row without a vector never answers."""
        among = None if allowed is None else Among.of(allowed, len(vectors))
        if vectors.some is not None:
            among = vectors.some if among is None else among & vectors.some
        return Layer(vectors, start, None if among is not None and among.count == len(vectors) else among)

    @property
    def count(self) -> int:
        """How many rows may answer."""
        return len(self.vectors) if self.among is None else self.among.count

    @property
    def rows(self) -> I64:
        """Those rows, ascending."""
        return np.arange(len(self.vectors)) if self.among is None else self.among.rows

    def exact(self, vector: F32, k: int) -> Found:
        """The k best of all rows that may answer."""
        plan, matrix = f"exact:{self.count}", self.vectors.matrix
        if self.among is None:
            return best(np.arange(len(matrix)), matrix @ vector, k, plan, scanned=len(matrix))
        if flat(self.count, len(matrix)):
            scores = (matrix @ vector)[self.among.rows]
        else:
            scores = dots(matrix, self.among.rows, vector)
        return best(self.among.rows, scores, k, plan, scanned=self.count)


@dataclass(frozen=True)
class Probe:
    """What is known of a query before its layers are asked: list scores, how deep to look, how to look."""

    vector: F32
    k: int
    scores: F32  # of each list, and -inf for the list of rows without a vector
    least: float  # of the lists that are looked into
    effort: Effort

    @staticmethod
    def of(lists: Lists, layer: Layer, vector: F32, k: int, effort: Effort) -> "Probe":
        """Down to the level of this query under this filter, less the gap of this index."""
        scores = lists.scores(vector)
        least = level(scores, tally(lists, layer, effort.plan), k) - effort.gap
        return Probe(vector, k, scores, least, effort)

    def ask(self, layer: Layer) -> Found:
        """One layer's k best, by the plan."""
        lists = layer.vectors.lists
        if lists is None or layer.count <= FEW:
            return layer.exact(self.vector, self.k)
        return self._near(layer, lists) if self.effort.plan == "near" else self._lists(layer, lists)

    def _near(self, layer: Layer, lists: Lists) -> Found:
        rows = layer.rows
        inside = np.append(self.scores >= self.least, False)
        near = rows[inside[lists.assign[rows]]]
        plan = f"near:{len(near)}/{len(rows)}"
        scores = dots(layer.vectors.matrix, near, self.vector)
        return best(near, scores, self.k, plan, scanned=len(near), recall=self.effort.recall)

    def _lists(self, layer: Layer, lists: Lists) -> Found:
        chosen = np.flatnonzero(self.scores >= self.least)
        rows = np.sort(lists.scan(self.vector, chosen, layer.among, int(self.k * self.effort.rerank)))
        scores = dots(layer.vectors.matrix, rows, self.vector)
        scanned = int(lists.sizes[chosen].sum())
        return best(rows, scores, self.k, f"lists:{len(chosen)}", scanned=scanned, recall=self.effort.recall)


def nearest(
    layers: Sequence[Vectors], vector: F32, allowed: Sequence[Allowed | None], k: int, within_ms: float = np.inf
) -> Found:
    """The k best rows over all layers, by inner product; ties by row. Rows are numbered through the layers.

    layers: a segment's vectors, then those of what has changed since, in the same lists. allowed: for each layer the
    rows that may answer, None for all. A row without a vector never answers. within_ms: processor time that is left;
    fewer lists are probed when the table says that it would not do, and the estimated recall says so.
    """
    starts = np.cumsum([0, *(len(each) for each in layers)]).tolist()
    asked = [Layer.of(v, start, a) for v, start, a in zip(layers, starts, allowed, strict=False)]
    asked = [layer for layer in asked if layer.count]
    count, first = sum(layer.count for layer in asked), layers[0]
    if count == 0 or k <= 0:
        return Found.nothing("exact:0")
    effort = None if first.table is None or count <= max(FEW, k) else first.table.choose(count / starts[-1], k)
    if first.lists is None or effort is None or effort.plan == "exact":
        return _merged(asked, [layer.exact(vector, k) for layer in asked], k)
    probe = Probe.of(first.lists, asked[0], vector, k, effort.cut(within_ms))
    return _merged(asked, [probe.ask(layer) for layer in asked], k)


def tally(lists: Lists, layer: Layer, plan: str) -> I64:
    """int64[nlist]: how many rows of each list may answer; from a sample of them where they are many."""
    if layer.among is None or layer.vectors.lists is not lists:
        return lists.sizes
    if plan == "near":
        return np.bincount(lists.assign[layer.rows], minlength=lists.nlist)[: lists.nlist]
    stride = 1 << max(0, layer.count // SAMPLE).bit_length()
    rows = layer.among.sample(stride)
    return np.bincount(lists.assign[rows], minlength=lists.nlist)[: lists.nlist] * stride


def _merged(layers: Sequence[Layer], found: Sequence[Found], k: int) -> Found:
    if len(found) == 1:
        return replace(found[0], rows=found[0].rows + layers[0].start) if layers[0].start else found[0]
    rows = np.concatenate([each.rows + layer.start for layer, each in zip(layers, found, strict=True)])
    scores: F32 = np.concatenate([each.scores for each in found])
    order = np.lexsort((rows, -scores))[:k]
    plan = "+".join(each.plan for each in found)
    return Found(rows[order], scores[order], plan, sum(f.scanned for f in found), min(f.recall for f in found))
