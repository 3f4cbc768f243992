"""What do two graph libraries do? hnswlib filters by a Python call; usearch looks deeper, its answers are tested."""

from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.corpora.filters import Attributes, Filter
from benchmarks.peers.bits import Bits
from benchmarks.peers.port import Knob
from engine.types import F32, I64

NEIGHBOURS: Final = 32
CARE: Final = 100  # candidates looked at for each row while a graph is built


class Hnswlib:
    """A graph in full precision."""

    name = "hnswlib"
    knobs: tuple[Knob, ...] = tuple({"ef": n} for n in (100, 150, 200, 300, 500, 800))

    @property
    def version(self) -> str:
        """Of the wheel."""
        import hnswlib  # noqa: F401, PLC0415

        return version("hnswlib")

    def build(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """All cores."""
        index = _hnsw(matrix.shape[1])
        index.init_index(len(matrix), M=NEIGHBOURS, ef_construction=CARE)
        index.add_items(matrix, np.arange(len(matrix)))
        index.save_index(str(folder / "index.bin"))

    def open(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """One thread."""
        self.index, self.bits = _hnsw(matrix.shape[1]), Bits(items)
        self.index.load_index(str(folder / "index.bin"), len(matrix))

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        """The filter is asked of each row that is met."""
        self.index.set_ef(int(knob["ef"]))
        if wanted.empty:
            return _rows(self.index.knn_query(query[None], k, num_threads=1)[0][0])
        mask = self.bits.mask(wanted)
        keep = mask.tobytes().__getitem__
        k = min(k, int(np.count_nonzero(mask)))
        try:
            return _rows(self.index.knn_query(query[None], k, num_threads=1, filter=keep)[0][0])
        except RuntimeError:  # it refuses to answer with fewer than k
            return np.empty(0, np.int64)

    def close(self) -> None:
        """Let the memory go."""
        del self.index, self.bits


class Usearch:
    """A graph in half precision; its Python side takes no predicate."""

    name = "usearch"
    knobs: tuple[Knob, ...] = tuple(
        {"ef": ef, "deeper": deeper}
        for ef, deeper in ((100, 1), (150, 1), (200, 1), (300, 1), (500, 4), (2000, 15), (4000, 40))
    )

    @property
    def version(self) -> str:
        """Of the wheel."""
        import usearch  # noqa: F401, PLC0415

        return version("usearch")

    def build(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """All cores."""
        index = self._index(matrix.shape[1])
        index.add(np.arange(len(matrix)), np.ascontiguousarray(matrix))
        index.save(str(folder / "index.usearch"))

    def open(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """In memory."""
        self.index, self.bits = self._index(matrix.shape[1]), Bits(items)
        self.index.load(str(folder / "index.usearch"))

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        """More than wanted, then those that the filter keeps."""
        self.index.expansion_search = int(knob["ef"])
        if wanted.empty:
            return _rows(self.index.search(query, k, threads=1).keys)
        found = _rows(self.index.search(query, k * int(knob["deeper"]), threads=1).keys)
        return found[self.bits.mask(wanted)[found]][:k]

    def close(self) -> None:
        """Let the memory go."""
        del self.index, self.bits

    def _index(self, dim: int) -> Any:
        from usearch.index import Index  # noqa: PLC0415

        return Index(ndim=dim, metric="ip", dtype="f16", connectivity=NEIGHBOURS, expansion_add=CARE)


def _hnsw(dim: int) -> Any:
    import hnswlib  # noqa: PLC0415

    return hnswlib.Index("ip", dim)


def _rows(found: Any) -> I64:
    rows: I64 = np.asarray(found).astype(np.int64)
    return rows
