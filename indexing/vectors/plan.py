"""Which rows are nearest to a vector, under a filter? The plan for each query, and its answer.

few rows, small kinds     exact:N        every matching row is multiplied, stretches of rows whole
some matching rows        near:N/M       those of the N that lie in near lists
many, or no filter        lists:L        the codes of L near lists under the filter; the best again exactly
FAISS HNSW is not used: under a tight filter it loses most of the answers. FAISS runs on the calling thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

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


class Scored(NamedTuple):
    """Rows of one layer (its own numbers, ascending), their exact scores, and how they were come by."""

    rows: I64
    scores: F32
    plan: str
    scanned: int


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

    def exact(self, vector: F32) -> "Scored":
        """All rows that may answer."""
        plan, matrix = f"exact:{self.count}", self.vectors.matrix
        if self.among is None or flat(self.count, len(matrix)):
            scores: F32 = matrix @ vector
            return Scored(self.rows, scores if self.among is None else scores[self.rows], plan, self.count)
        return Scored(self.rows, dots(matrix, self.rows, vector), plan, self.count)


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

    def ask(self, layers: Sequence[Layer]) -> list[Scored]:
        """Each layer's candidates, by the plan: the k best of all are among them."""
        if self.effort.plan == "near":
            return [self._near(layer) for layer in layers]
        chosen = np.flatnonzero(self.scores >= self.least)
        return self._again([self._coded(layer, chosen) for layer in layers])

    def _near(self, layer: Layer) -> Scored:
        lists, rows = layer.vectors.lists, layer.rows
        if lists is None or len(rows) <= FEW:
            return layer.exact(self.vector)
        inside = np.append(self.scores >= self.least, False)
        near = rows[inside[lists.assign[rows]]]
        scores = dots(layer.vectors.matrix, near, self.vector)
        return Scored(near, scores, f"near:{len(near)}/{len(rows)}", len(near))

    def _coded(self, layer: Layer, chosen: I64) -> "Scored | Coded":
        """By codes; a handful of rows exactly."""
        lists = layer.vectors.lists
        if lists is None or layer.count <= FEW:
            return layer.exact(self.vector)
        scanned, plan = int(lists.sizes[chosen].sum()), f"lists:{len(chosen)}"
        if scanned > FEW:
            rows, coded = lists.scan(self.vector, chosen, layer.among, int(self.k * self.effort.rerank))
            return Coded(layer.vectors.matrix, rows, coded, plan, scanned)
        rows = lists.inside(chosen)
        rows = rows if layer.among is None else rows[layer.among.at(rows)]
        return Scored(rows, dots(layer.vectors.matrix, rows, self.vector), plan, len(rows))

    def _again(self, found: "Sequence[Scored | Coded]") -> list[Scored]:
        """The best by codes of all layers, scored again exactly."""
        coded, wanted = [each for each in found if isinstance(each, Coded)], int(self.k * self.effort.rerank)
        least = np.float32(-np.inf)
        if len(coded) > 1:
            scores = np.concatenate([each.scores for each in coded])
            least = np.partition(scores, -wanted)[-wanted] if len(scores) > wanted else least
        return [each if isinstance(each, Scored) else each.again(self.vector, least) for each in found]


@dataclass(frozen=True)
class Coded:
    """Rows of one layer and their scores by codes, in no order."""

    matrix: F32
    rows: I64
    scores: F32
    plan: str
    scanned: int

    def again(self, vector: F32, least: np.float32) -> Scored:
        """Those of at least a coded score, scored exactly."""
        rows = np.sort(self.rows if least == -np.inf else self.rows[self.scores >= least])
        return Scored(rows, dots(self.matrix, rows, vector), self.plan, self.scanned)


def nearest(
    layers: Sequence[Vectors], vector: F32, allowed: Sequence[Allowed | None], k: int, within_ms: float = np.inf
) -> Found:
    """The k best rows over all layers, by inner product; ties by row. Rows are numbered through the layers.

    layers: a segment's vectors, then those of what has changed since, in the same lists. allowed: for each layer the
    rows that may answer, None for all. A row without a vector never answers. within_ms: processor time that is left;
    fewer lists are probed when the table says that it would not do, and the estimated recall says so.
    """
    asked, size = [], 0
    for each, some in zip(layers, allowed, strict=True):
        asked.append(Layer.of(each, size, some))
        size += len(each)
    asked = [layer for layer in asked if layer.count]
    count, first = sum(layer.count for layer in asked), layers[0]
    if count == 0 or k <= 0:
        return Found.nothing("exact:0")
    effort = None if first.table is None or count <= max(FEW, k) else first.table.choose(count / size, k)
    if first.lists is None or effort is None or effort.plan == "exact":
        return _merged(asked, [layer.exact(vector) for layer in asked], k, 1.0)
    probe = Probe.of(first.lists, asked[0], vector, k, effort.cut(within_ms))
    return _merged(asked, probe.ask(asked), k, probe.effort.recall)


def tally(lists: Lists, layer: Layer, plan: str) -> I64:
    """int64[nlist]: how many rows of each list may answer; from a sample of them where they are many."""
    if layer.among is None or layer.vectors.lists is not lists:
        return lists.sizes
    if plan == "near":
        return np.bincount(lists.assign[layer.rows], minlength=lists.nlist)[: lists.nlist]
    stride = 1 << max(0, layer.count // SAMPLE).bit_length()
    rows = layer.among.sample(stride)
    return np.bincount(lists.assign[rows], minlength=lists.nlist)[: lists.nlist] * stride


def _merged(layers: Sequence[Layer], found: Sequence[Scored], k: int, recall: float) -> Found:
    """The k best of all layers. Rows rise through the layers, so that ties stay in their order."""
    one = found[0]
    rows = one.rows + layers[0].start if layers[0].start else one.rows
    if len(found) == 1:
        return Found(*best(rows, one.scores, k), one.plan, one.scanned, recall)
    rows = np.concatenate([each.rows + layer.start for layer, each in zip(layers, found, strict=True)])
    scores: F32 = np.concatenate([each.scores for each in found])
    plan, scanned = "+".join(each.plan for each in found), sum(each.scanned for each in found)
    return Found(*best(rows, scores, k), plan, scanned, recall)
