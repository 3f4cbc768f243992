"""What do FAISS's plain layouts do under the same filters? Flat, 8-bit inverted lists with re-ranking, HNSW."""

from abc import ABC, abstractmethod
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np

from benchmarks.corpora.filters import Attributes, Filter
from benchmarks.peers.bits import Bits
from benchmarks.peers.exact import best
from benchmarks.peers.port import Knob
from engine.types import F32, I64

_faiss: Any = faiss  # the stubs do not know what the Python layer adds
_INNER: Final = faiss.METRIC_INNER_PRODUCT


class _Index(ABC):
    """One file; the filter goes in as a bitmap."""

    name = ""
    version = version("faiss-cpu")
    knobs: tuple[Knob, ...] = ({},)

    @abstractmethod
    def made(self, matrix: F32) -> Any:
        """An index over the rows."""

    def build(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """Train, add, write."""
        faiss.write_index(self.made(matrix), str(folder / "index.faiss"))

    def open(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """Read; bitmaps are made once."""
        faiss.omp_set_num_threads(1)
        self.matrix, self.bits = matrix, Bits(items)
        self.index: Any = faiss.read_index(str(folder / "index.faiss"))

    def selector(self, wanted: Filter) -> Any:
        """None where nothing is filtered."""
        return None if wanted.empty else _faiss.IDSelectorBitmap(self.bits.packed(wanted))

    def close(self) -> None:
        """Let the memory go."""
        del self.index, self.bits


class Flat(_Index):
    """Every row in full; rows are listed where few are kept (faster than a bitmap then)."""

    name = "faiss-flat"

    def made(self, matrix: F32) -> Any:
        index = faiss.IndexFlatIP(matrix.shape[1])
        _faiss.downcast_index(index).add(matrix)
        return index

    def selector(self, wanted: Filter) -> Any:
        return None if wanted.empty else _faiss.IDSelectorArray(self.bits.rows(wanted))

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        """Exact."""
        how = _faiss.SearchParameters(sel=self.selector(wanted))
        return _found(self.index.search(query[None], k, params=how)[1][0])


class InvertedLists(_Index):
    """8-bit lists, as many as suit the size; the best 3k are scored again exactly."""

    name = "faiss-ivf-sq8"
    knobs = tuple({"nprobe": n} for n in (4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096))

    def made(self, matrix: F32) -> Any:
        dim, lists = matrix.shape[1], 1024 if len(matrix) < 500_000 else 4096
        lists = min(lists, max(1, len(matrix) // 40))
        kind = faiss.ScalarQuantizer.QT_8bit
        index: Any = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(dim), dim, lists, kind, _INNER)
        picked = np.random.default_rng(7).permutation(len(matrix))[: lists * 50]
        index.train(matrix[picked])
        index.add(matrix)
        return index

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        """Approximate, then exact on what was found."""
        nprobe = min(int(knob["nprobe"]), self.index.nlist)
        how = _faiss.SearchParametersIVF(sel=self.selector(wanted), nprobe=nprobe)
        rows = _found(self.index.search(query[None], 3 * k, params=how)[1][0])
        return best(self.matrix[rows] @ query, rows, k)


class Hnsw(_Index):
    """A graph of 32 neighbours."""

    name = "faiss-hnsw"
    knobs = tuple({"ef": n} for n in (100, 150, 200, 300, 500, 800, 1600, 3200))

    def made(self, matrix: F32) -> Any:
        index: Any = faiss.IndexHNSWFlat(matrix.shape[1], 32, _INNER)
        index.hnsw.efConstruction = 100
        index.add(matrix)
        return index

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        """The graph is walked over all rows, kept ones are answers."""
        how = _faiss.SearchParametersHNSW(efSearch=int(knob["ef"]), sel=self.selector(wanted))
        return _found(self.index.search(query[None], k, params=how)[1][0])


def _found(rows: I64) -> I64:
    return rows[rows >= 0]
