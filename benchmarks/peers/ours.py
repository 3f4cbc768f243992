"""How does our own planner do? The parts of a snapshot that a filtered search of vectors passes through."""

import hashlib
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.corpora.filters import Attributes, Filter
from benchmarks.peers.bits import Bits
from benchmarks.peers.port import Knob
from engine.types import F32, I64
from indexing import vectors


class Ours:
    """indexing.vectors over rows in the order of a snapshot (city, category); it tunes itself."""

    name = "ours"
    knobs: tuple[Knob, ...] = ({},)

    @property
    def version(self) -> str:
        """Changes with the code that builds."""
        digest, folder = hashlib.sha256(), Path(vectors.__file__).parent
        for path in sorted(folder.glob("vectors*.py")) + sorted(folder.glob("vectors/*.py")):
            digest.update(path.read_bytes())
        return f"{version('lifestyle-search')}, {digest.hexdigest()[:8]}"

    def build(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """As the segment's build does."""
        vectors.save(vectors.build(np.ascontiguousarray(matrix[_order(items)])), folder)

    def open(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """Vectors memory-mapped; a bitmap for each value."""
        self.order = _order(items)
        self.vectors, self.bits = vectors.load(folder), Bits(items.take(self.order))

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        """Filter, then the planner's choice."""
        found: I64 = self.order[self.vectors.search(query, self.bits.mask(wanted), k).rows]
        return found

    def close(self) -> None:
        """Nothing but memory is held."""


def _order(items: Attributes) -> I64:
    return np.lexsort((items.category, items.city)).astype(np.int64)
