"""Which inverted lists does a query look into, and what is in them? Centroids, codes, and each row's list.

Codes are 4-bit product quantisation of what is left after the centroid, scanned 32 at a step (FAISS fast scan), or
8 bits a dimension. Changes since a build are coded against the same centroids (`over`), so both are probed alike.
"""

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import faiss
import numpy as np
import numpy.typing as npt

from engine.types import F32, I64, Mask
from indexing.vectors.among import Among
from indexing.vectors.effort import BINS, level, wanted
from indexing.vectors.exact import dots, faiss_
from indexing.vectors.machine import compiled

Codes: TypeAlias = Literal["pq4", "sq8"]
#: Lists a square root of the rows, in powers of two: a list holds some hundred rows.
PER_ROOT: Final = 2.4
LARGEST: Final = 16_384
#: Dimensions kept of the centroids for choosing among them: their order is what counts.
COARSE: Final = 96
_TRAINED_ON: Final = 40  # rows a list
_QUANTISER_ON: Final = 60_000  # rows
_BLOCK: Final = 50_000
_SEED: Final = 7
#: FAISS's scan of one query at a time with a reservoir: with many short lists the quickest; answers are the same.
_ONE_QUERY: Final = 11

faiss.omp_set_num_threads(1)


class _Here(threading.local):
    """Each thread's own search parameters: making them takes a tenth of a search."""

    def __init__(self) -> None:
        self.how = faiss_.SearchParametersIVF()


_HERE: Final = _Here()


class Reach(NamedTuple):
    """Which lists a query looks into. scores float32[nlist]; least: of the chosen; chosen: their numbers, ascending."""

    scores: F32
    least: float
    chosen: I64


@dataclass(frozen=True)
class Lists:
    """`codes`: a FAISS IVF index; `axes` (COARSE, dim), `coarse` (nlist, COARSE): centroids in fewer dimensions.

    `assign` uint16[n]: each row's list, nlist for a row without a vector.
    """

    codes: Any
    centroids: F32
    axes: F32
    coarse: F32
    assign: npt.NDArray[np.uint16]

    @staticmethod
    def of(codes: Any, axes: F32, assign: npt.NDArray[np.uint16]) -> "Lists":
        """With the centroids that the codes were made against."""
        if isinstance(codes, faiss.IndexIVFPQFastScan):
            codes.implem = _ONE_QUERY
        held = faiss_.vector_to_array(faiss_.downcast_index(codes.quantizer).codes)
        centroids = held.view(np.float32).reshape(codes.nlist, codes.d)
        return Lists(codes, centroids, axes, np.ascontiguousarray(centroids @ axes.T), assign)

    @property
    def nlist(self) -> int:
        """How many lists."""
        return len(self.centroids)

    @cached_property
    def sizes(self) -> I64:
        """int64[nlist]: rows of each list."""
        return np.bincount(self.assign, minlength=self.nlist + 1)[: self.nlist].astype(np.int64)

    def scores(self, vector: F32) -> F32:
        """float32[nlist]: about the inner product of each centroid with the vector."""
        if code := compiled():
            scored: F32 = code.scores(self.coarse, self.axes, vector)
            return scored
        found: F32 = self.coarse @ (self.axes @ vector)
        return found

    def probe(self, vector: F32, counts: I64, k: int, gap: float) -> "Reach":
        """Down to the level at which lists that hold so many matching rows have enough for k, less a gap."""
        if code := compiled():
            return Reach(*code.probe(self.coarse, self.axes, vector, counts, wanted(k), BINS, gap))
        scores = self.scores(vector)
        least = level(scores, counts, k) - gap
        return Reach(scores, least, np.flatnonzero(scores >= least))

    @cached_property
    def addresses(self) -> tuple[I64, I64]:
        """int64[nlist] twice: where FAISS holds each list's codes, and its rows' numbers; 0 for an empty one."""
        held, each = self.codes.invlists, range(self.nlist)
        codes, rows = (np.array([int(at(n) or 0) for n in each]) for at in (held.get_codes, held.get_ids))
        return codes, rows

    @cached_property
    def _members(self) -> tuple[I64, I64]:
        """The rows list by list, and where each list begins."""
        starts: I64 = np.concatenate([[0], np.cumsum(self.sizes)])
        return np.argsort(self.assign, kind="stable"), starts

    def inside(self, chosen: I64) -> I64:
        """All rows of a few lists, ascending."""
        order, starts = self._members
        return np.sort(np.concatenate([order[starts[each] : starts[each + 1]] for each in chosen.tolist()]))

    def tally(self, among: Among, stride: int) -> I64:
        """int64[nlist]: about how many of some rows each list holds, from the rows of every stride-th word."""
        if (code := compiled()) and not among.listed:
            counted: I64 = code.tally(among.words, stride, self.assign, self.nlist)
            return counted
        rows = among.rows if stride == 1 else among.sample(stride)
        return np.bincount(self.assign[rows], minlength=self.nlist)[: self.nlist] * stride

    def near(self, rows: I64, inside: Mask) -> I64:
        """Those of the rows whose list is inside (bool[nlist]); all have a vector."""
        if code := compiled():
            found: I64 = code.near(rows, self.assign, inside)
            return found
        return rows[inside[self.assign[rows]]]

    def scan(self, vector: F32, chosen: I64, among: Among | None, count: int) -> tuple[I64, F32]:
        """Rows of the chosen lists (ascending) with the `count` best coded scores, and these; among some; unordered."""
        ptr, bias = faiss_.swig_ptr, dots(self.centroids, chosen, vector)
        order = np.argsort(-bias)
        bias, chosen = bias[order], chosen[order]
        scores, rows = np.empty(count, np.float32), np.empty(count, np.int64)
        how = _HERE.how
        how.nprobe, how.sel = len(chosen), None
        if among is not None:
            octets = among.words.view(np.uint8)
            how.sel = faiss_.IDSelectorBitmap(len(octets), ptr(octets))
        self.codes.search_preassigned_c(
            1, ptr(vector), count, ptr(chosen), ptr(bias), ptr(scores), ptr(rows), False, how
        )
        return (rows, scores) if rows[-1] >= 0 else (rows[rows >= 0], scores[rows >= 0])


def train(matrix: F32, codes: Codes = "pq4", nlist: int | None = None) -> Lists:
    """Lists over all rows that have a vector (a row of NaN has none)."""
    present = np.flatnonzero(~np.isnan(matrix[:, 0]))
    nlist = nlist or _nlist(len(present))
    rng = np.random.default_rng(_SEED)
    dim = matrix.shape[1]
    means = faiss_.Kmeans(
        dim, nlist, niter=8, seed=_SEED, max_points_per_centroid=_TRAINED_ON, min_points_per_centroid=1
    )
    means.train(matrix[np.sort(rng.permutation(present)[: nlist * _TRAINED_ON])])
    centroids = np.ascontiguousarray(means.centroids)
    _, axes = np.linalg.eigh(centroids.T @ centroids)  # ascending; the singular vectors in a fraction of the time
    axes = np.ascontiguousarray(axes.T[::-1][:COARSE])
    empty = _index(centroids, codes)
    empty.train(matrix[np.sort(rng.permutation(present)[:_QUANTISER_ON])])
    return fill(empty, axes, matrix)


def fill(empty: Any, axes: F32, matrix: F32) -> Lists:
    """Lists with the centroids and the quantiser of a trained index, over a matrix."""
    for start in range(0, len(matrix), _BLOCK):
        block = matrix[start : start + _BLOCK]
        rows = np.flatnonzero(~np.isnan(block[:, 0]))
        if len(rows):
            empty.add_with_ids(np.ascontiguousarray(block[rows]), start + rows)
    assign = np.full(len(matrix), empty.nlist, np.uint16)
    for each in range(empty.nlist):
        if size := empty.invlists.list_size(each):
            assign[faiss_.rev_swig_ptr(empty.invlists.get_ids(each), size)] = each
    return Lists.of(empty, axes, assign)


def over(base: Lists, matrix: F32) -> Lists:
    """Other rows in the same lists: what has changed since `base` was made."""
    codes = "pq4" if isinstance(base.codes, faiss.IndexIVFPQFastScan) else "sq8"
    empty = _index(base.centroids, codes)
    if codes == "pq4":
        empty.pq = base.codes.pq
    else:
        empty.sq = base.codes.sq
    empty.is_trained = True
    return fill(empty, base.axes, matrix)


def _index(centroids: F32, codes: str) -> Any:
    nlist, dim = centroids.shape
    flat = faiss_.IndexFlatIP(dim)
    flat.add(centroids)
    if codes == "pq4":
        index = faiss_.IndexIVFPQFastScan(flat, dim, nlist, dim // 2, 4, faiss.METRIC_INNER_PRODUCT)
    else:
        kind = faiss.ScalarQuantizer.QT_8bit
        index = faiss_.IndexIVFScalarQuantizer(flat, dim, nlist, kind, faiss.METRIC_INNER_PRODUCT)
    index.by_residual = True
    index.cp.seed = _SEED
    return index


def _nlist(rows: int) -> int:
    wanted = max(1.0, PER_ROOT * rows**0.5)
    return int(min(LARGEST, 2 ** round(np.log2(wanted)), max(1, rows)))
