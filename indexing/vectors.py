"""Which rows are nearest to a vector, under a filter? A planner over exact scans and FAISS inverted lists.

few allowed rows      exact:N    their vectors are gathered and multiplied
small kinds           flat:N     all vectors are multiplied, the filter masks
large kinds           ivf:...    8-bit inverted lists under the filter's bitmap; the best are scored again exactly
FAISS HNSW is not used: under a tight filter it loses most of the answers. FAISS runs on the calling thread.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np

from engine.types import F32, I64, Found, Mask

#: Up to so many allowed rows are scanned exactly, wherever they lie.
FEW: Final = 4_000
#: From so many rows on there are inverted lists.
IVF_FROM: Final = 50_000
#: Lists probed when nothing is filtered, of NLIST; a filter that keeps a share s probes 1/s times as many.
NPROBE: Final = 32
NLIST: Final = 1_024
#: Approximate hits scored again, per answer wanted.
RERANK: Final = 4
_SEED: Final = 7

faiss.omp_set_num_threads(1)
#: The stubs know the C++ signatures alone, not the ones that Python adds.
_faiss: Any = faiss


@dataclass(frozen=True)
class Vectors:
    """`matrix` float32[n, dim]: centred unit rows, NaN where one is still to come; `lists`: a FAISS IVF or None."""

    matrix: F32
    lists: Any = None

    @cached_property
    def present(self) -> Mask:
        """bool[n]: rows that have their vector."""
        return ~np.isnan(np.asarray(self.matrix[:, 0])) if self.matrix.shape[1] else np.zeros(len(self.matrix), bool)

    @cached_property
    def complete(self) -> bool:
        """Does every row have its vector?"""
        return bool(self.present.all())

    def search(self, vector: F32, allowed: Mask, k: int) -> Found:
        """The k best of the allowed rows that have a vector, by inner product; ties by row."""
        mask = allowed if self.complete else allowed & self.present
        count = int(np.count_nonzero(mask))
        if count == 0 or k <= 0:
            return Found.nothing("exact:0")
        if count == len(mask) <= FEW:  # no copy of the matrix
            return _best(np.arange(count), np.asarray(self.matrix @ vector, np.float32), k, f"exact:{count}")
        if count <= FEW:
            rows = np.flatnonzero(mask)
            return _best(rows, np.asarray(self.matrix[rows] @ vector, np.float32), k, f"exact:{count}")
        if self.lists is None:
            scores = np.where(mask, np.asarray(self.matrix @ vector, np.float32), -np.inf)
            return _best(np.arange(len(scores)), scores, min(k, count), f"flat:{len(scores)}")
        return self._probe(vector, mask, count, k)

    def _probe(self, vector: F32, mask: Mask, count: int, k: int) -> Found:
        """Approximate candidates from the lists, scored again exactly."""
        nprobe = min(self.lists.nlist, int(np.ceil(NPROBE * len(mask) / count)))
        bits = np.packbits(mask, bitorder="little")
        selector = _faiss.IDSelectorBitmap(bits)
        how = _faiss.SearchParametersIVF(sel=selector, nprobe=nprobe)
        _, found = self.lists.search(vector[None, :], k * RERANK, params=how)
        rows = np.sort(found[0][found[0] >= 0])
        return _best(rows, np.asarray(self.matrix[rows] @ vector, np.float32), k, f"ivf:nprobe={nprobe}")


def _best(rows: I64, scores: F32, k: int, plan: str) -> Found:
    if len(scores) > 4 * k:
        top = np.argpartition(-scores, k)[:k]
        top = np.flatnonzero(scores >= scores[top].min())
    else:
        top = np.arange(len(scores))
    order = top[np.lexsort((rows[top], -scores[top]))][:k]
    return Found(rows[order].astype(np.int64), scores[order].astype(np.float32), plan)


def build(matrix: F32) -> Vectors:
    """Vectors with inverted lists when there are enough rows. Rows without a vector are left out of the lists."""
    if len(matrix) < IVF_FROM:
        return Vectors(matrix)
    dim = matrix.shape[1]
    lists = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dim), dim, NLIST, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    lists.cp.seed, lists.cp.niter = _SEED, 8
    rows = np.flatnonzero(~np.isnan(matrix[:, 0]))
    sample = np.sort(np.random.default_rng(_SEED).permutation(rows)[: NLIST * 40])
    lists.train(np.ascontiguousarray(matrix[sample]))
    lists.add_with_ids(np.ascontiguousarray(matrix[rows]), rows)
    return Vectors(matrix, lists)


def save(vectors: Vectors, folder: Path) -> None:
    """vectors.npy, and lists.faiss when there are any."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "vectors.npy", vectors.matrix, allow_pickle=False)
    if vectors.lists is not None:
        faiss.write_index(vectors.lists, str(folder / "lists.faiss"))


def load(folder: Path) -> Vectors:
    """As saved; the matrix is memory-mapped."""
    matrix = np.asarray(np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False))
    path = folder / "lists.faiss"
    return Vectors(matrix, faiss.read_index(str(path)) if path.exists() else None)
