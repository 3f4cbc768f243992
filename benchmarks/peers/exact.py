"""What does a plain scan of the filtered rows cost? numpy: the truth, and the plainest peer."""

from pathlib import Path

import numpy as np

from benchmarks.corpora.filters import Attributes, Filter
from benchmarks.peers.port import Knob
from engine.types import F32, I64


class Exact:
    """Filter by whole columns, gather, multiply."""

    name = "exact"
    version = np.__version__
    knobs: tuple[Knob, ...] = ({},)

    def build(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """Nothing is stored."""

    def open(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """Vectors and columns as they are."""
        self.matrix, self.items = matrix, items

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        """All of the rows that are kept are multiplied."""
        if wanted.empty:
            return best(self.matrix @ query, None, k)
        rows = np.flatnonzero(self.items.keeps(wanted))
        return best(self.matrix[rows] @ query, rows, k)

    def close(self) -> None:
        """Nothing is held."""


def best(scores: F32, rows: I64 | None, k: int) -> I64:
    """The rows of the k greatest scores, best first; `rows` None: score i is that of row i."""
    top = np.argpartition(-scores, k - 1)[:k] if len(scores) > k else np.arange(len(scores))
    top = top[np.argsort(-scores[top], kind="stable")]
    found: I64 = (top if rows is None else rows[top]).astype(np.int64)
    return found
