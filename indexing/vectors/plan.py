"""Which rows are nearest to a vector, under a filter? The plan for each query, and its answer.

few rows, small kinds     exact:N        every matching row is multiplied, stretches of rows whole
some matching rows        near:N/M       those of the N that lie in near lists
many, or no filter        lists:L        the codes of L near lists under the filter; the best again exactly
too little time for it    lists:L~0.93   fewer lists, with the share of the right answers that is expected
FAISS HNSW is not used: under a tight filter it loses most of the answers. FAISS runs on the calling thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from engine.types import F32, I64, Found, Mask
from indexing.vectors import stack as stack_
from indexing.vectors.among import Allowed, Among
from indexing.vectors.effort import Effort, Table
from indexing.vectors.exact import best, dots, flat, products
from indexing.vectors.layer import Coded, Layer, Scored
from indexing.vectors.lists import Lists, Reach

#: So few matching rows of a layer are scored exactly, whatever the others do.
FEW: Final = 300
#: Lists are counted on about so many matching rows.
SAMPLE: Final = 4_096
#: Where at least this share of the rows may answer, lists are taken as they are.
MOST: Final = 0.8


@dataclass(frozen=True)
class Vectors:
    """`matrix` float32[n, dim]: centred unit rows, NaN where one is still to come; `lists` when there are many.

    `base`: the vectors over which these are laid, whose centroids theirs are.
    """

    matrix: F32
    lists: Lists | None = None
    table: Table | None = None
    base: "Vectors | None" = None

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

    @cached_property
    def stack(self) -> Any:
        """native.fastscan.Stack of the base and these; None where it does not scan."""
        layers = [self] if self.base is None else [self.base, self]
        return stack_.stacked([(each.matrix, each.lists) for each in layers])

    @cached_property
    def lengths(self) -> I64:
        """int64[layers]: the rows of the base and of these."""
        return np.array([len(each.matrix) for each in ([self] if self.base is None else [self.base, self])])

    def search(self, vector: F32, allowed: Allowed | None, k: int) -> Found:
        """The k best of the allowed rows (None: all) that have a vector, by inner product; ties by row."""
        return nearest([self], vector, [allowed], k)


class Probe(NamedTuple):
    """What is known of a query before its layers are asked: which lists, how to look."""

    vector: F32
    k: int
    lists: Lists
    reach: Reach
    effort: Effort

    @staticmethod
    def of(lists: Lists, layer: Layer, vector: F32, k: int, effort: Effort) -> "Probe":
        """Down to the level of this query under this filter, less the gap of this index."""
        return Probe(vector, k, lists, lists.probe(vector, tally(lists, layer, effort.plan), k, effort.gap), effort)

    def ask(self, layers: Sequence[Layer]) -> list[Scored]:
        """Each layer's candidates, by the plan: the k best of all are among them."""
        if self.effort.plan == "near":
            return [self._near(layer) for layer in layers]
        return self._again([self._coded(layer) for layer in layers])

    def over(self, stack: Any, layers: Sequence[Layer]) -> Found:
        """The k best of all layers at once, by machine code."""
        reach, recall, plan = self.reach, self.effort.recall, self.effort.plan
        if plan == "near":
            near = [self._inside(layer) for layer in layers]
            said = f"near:{sum(map(len, near))}/{sum(layer.size for layer in layers)}"
            return _fetched(stack, layers, near, self.vector, self.k, said, recall)
        among, count = [layer.among for layer in layers], int(self.k * self.effort.rerank)
        rows, scores, scanned = stack_.search(stack, self.vector, reach.chosen, among, count, self.k)
        return Found(rows, scores, "+".join([f"lists:{len(reach.chosen)}"] * len(layers)), scanned, recall)

    def _inside(self, layer: Layer) -> I64:
        """A layer's rows that lie in near lists."""
        assert layer.vectors.lists is not None
        return layer.vectors.lists.near(layer.rows, self.reach.scores >= self.reach.least)

    def _near(self, layer: Layer) -> Scored:
        lists, rows = layer.vectors.lists, layer.rows
        if lists is None or len(rows) <= FEW:
            return layer.exact(self.vector)
        near = self._inside(layer)
        scores = dots(layer.vectors.matrix, near, self.vector)
        return Scored(near, scores, f"near:{len(near)}/{len(rows)}", len(near))

    def _coded(self, layer: Layer) -> Scored | Coded:
        """By codes; a handful of rows exactly."""
        lists, chosen = layer.vectors.lists, self.reach.chosen
        if lists is None or layer.size <= FEW:
            return layer.exact(self.vector)
        scanned, plan = int(lists.sizes[chosen].sum()), f"lists:{len(chosen)}"
        if scanned > FEW:
            rows, coded = lists.scan(self.vector, chosen, layer.among, int(self.k * self.effort.rerank))
            return Coded(layer.vectors.matrix, rows, coded, plan, scanned)
        rows = lists.inside(chosen)
        rows = rows if layer.among is None else rows[layer.among.at(rows)]
        return Scored(rows, dots(layer.vectors.matrix, rows, self.vector), plan, len(rows))

    def _again(self, found: Sequence[Scored | Coded]) -> list[Scored]:
        """The best by codes of all layers, scored again exactly."""
        coded, wanted = [each for each in found if isinstance(each, Coded)], int(self.k * self.effort.rerank)
        least = np.float32(-np.inf)
        if len(coded) > 1:
            scores = np.concatenate([each.scores for each in coded])
            least = np.partition(scores, -wanted)[-wanted] if len(scores) > wanted else least
        return [each if isinstance(each, Scored) else each.again(self.vector, least) for each in found]


def nearest(
    layers: Sequence[Vectors],
    vector: F32,
    allowed: Sequence[Allowed | None],
    k: int,
    within_ms: float = np.inf,
    enough: float = 1.0,
) -> Found:
    """The k best rows over all layers, by inner product; ties by row. Rows are numbered through the layers.

    layers: a segment's vectors, then those of what has changed since, in the same lists. allowed: for each layer the
    rows that may answer, None for all. A row without a vector never answers. within_ms: processor time that is left;
    enough: the share of the k best that will do. When the table says that the one does not last, or that the other
    takes less, fewer lists are probed; the estimated recall says so, and so does the plan.
    """
    all_, count = _under(layers, allowed)
    if count == 0 or k <= 0:
        return Found.nothing("exact:0")
    whole = _whole(layers[0], all_, count, k)
    effort = None if whole is None else whole.cut(within_ms, enough)
    found = answer(all_, vector, k, effort)
    return found if effort is None or effort is whole else replace(found, plan=f"{found.plan}~{effort.recall:.2f}")


def nearest_each(
    layers: Sequence[Vectors],
    vectors: F32,
    allowed: Sequence[Allowed | None],
    k: int,
    within_ms: float = np.inf,
    enough: float = 1.0,
) -> list[Found]:
    """`nearest` for each of several vectors (n, dim) under one filter; `within_ms` for each. Where the plan is to score
    every row, the rows are read once for all of them."""
    all_, count = _under(layers, allowed)
    if count == 0 or k <= 0:
        return [Found.nothing("exact:0")] * len(vectors)
    effort = _whole(layers[0], all_, count, k)
    effort = None if effort is None else effort.cut(within_ms, enough)
    if (effort is None or effort.plan == "exact") and flat(count, sum([len(each.matrix) for each in layers])):
        some = [layer for layer in all_ if layer.size]
        scores = [products(layer.vectors.matrix, vectors) for layer in some]
        every = [
            [layer.scored(part[at]) for layer, part in zip(some, scores, strict=True)] for at in range(len(vectors))
        ]
        return [_merged(some, found, k, 1.0) for found in every]
    return [answer(all_, vector, k, effort) for vector in vectors]


def _under(layers: Sequence[Vectors], allowed: Sequence[Allowed | None]) -> tuple[list[Layer], int]:
    """The layers under their filters, and how many rows may answer."""
    all_, size, count = [], 0, 0
    for each, some in zip(layers, allowed, strict=True):
        layer = Layer.of(each, size, some)
        all_.append(layer)
        size += len(each.matrix)
        count += layer.size
    return all_, count


def _whole(first: Vectors, layers: Sequence[Layer], count: int, k: int) -> Effort | None:
    """What the table says for so many rows; None: all are scored."""
    if first.lists is None or first.table is None or count <= max(FEW, k):
        return None
    return first.table.choose(count / sum([len(layer.vectors.matrix) for layer in layers]), k)


def answer(layers: Sequence[Layer], vector: F32, k: int, effort: Effort | None) -> Found:
    """As the effort plans it; None: every row that may answer is scored."""
    stack = _stack(layers)
    if effort is None or effort.plan == "exact":
        rows, last = sum([layer.size for layer in layers]), layers[-1]
        if stack is not None and not flat(rows, last.start + len(last.vectors.matrix)):
            if all([layer.among is not None and layer.among.listed for layer in layers]):
                return _fetched(stack, layers, [layer.rows for layer in layers], vector, k, f"exact:{rows}", 1.0)
            among = [layer.among for layer in layers]
            return Found(*stack_.inside(stack, vector, among, last.vectors.lengths, rows, k), f"exact:{rows}", rows)
        some = [layer for layer in layers if layer.size]
        return _merged(some, [layer.exact(vector) for layer in some], k, 1.0)
    some = [layer for layer in layers if layer.size]
    assert some[0].vectors.lists is not None
    probe = Probe.of(some[0].vectors.lists, some[0], vector, k, effort)
    return _merged(some, probe.ask(some), k, effort.recall) if stack is None else probe.over(stack, layers)


def _fetched(
    stack: Any, layers: Sequence[Layer], rows: Sequence[I64], vector: F32, k: int, plan: str, recall: float
) -> Found:
    """The best of some rows of each layer, by machine code."""
    joined = rows[0]
    if len(layers) > 1:
        joined = np.empty(sum([len(each) for each in rows]), np.int64)
        at = 0
        for each, layer in zip(rows, layers, strict=True):
            np.add(each, layer.start, out=joined[at : at + len(each)])
            at += len(each)
    return Found(*stack_.exact(stack, vector, joined, k), plan, len(joined), recall)


def _stack(layers: Sequence[Layer]) -> Any:
    """Of exactly these layers, when there is one."""
    last = layers[-1].vectors
    if len(layers) > 2 or last.base is not (layers[0].vectors if len(layers) == 2 else None):
        return None
    return last.stack


def tally(lists: Lists, layer: Layer, plan: str) -> I64:
    """int64[nlist]: how many rows of each list may answer; from a sample of them where they are many, or about all."""
    if layer.among is None or layer.vectors.lists is not lists or layer.size >= MOST * len(layer.vectors):
        return lists.sizes
    stride = 1 if plan == "near" else 1 << max(0, layer.size // SAMPLE).bit_length()
    return lists.tally(layer.among, stride)


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
