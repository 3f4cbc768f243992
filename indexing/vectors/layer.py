"""What of one segment may answer a question, and what it answered: rows with exact scores, or with those of codes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.types import F32, I64
from indexing.vectors.among import Allowed, Among
from indexing.vectors.exact import dots, flat

if TYPE_CHECKING:
    from indexing.vectors.plan import Vectors


class Scored(NamedTuple):
    """Rows of one layer (its own numbers, ascending), their exact scores, and how they were come by."""

    rows: I64
    scores: F32
    plan: str
    scanned: int


class Layer(NamedTuple):
    """One segment's vectors, where its rows begin among those of all, which of them may answer (None: all), how many.

    Tuples: as frozen dataclasses they took a tenth of a small search.
    """

    vectors: "Vectors"
    start: int
    among: Among | None
    size: int

    @staticmethod
    def of(vectors: "Vectors", start: int, allowed: Allowed | None) -> "Layer":
        """A row without a vector never answers."""
        among = None if allowed is None else Among.of(allowed, len(vectors))
        if vectors.some is not None:
            among = vectors.some if among is None else among & vectors.some
        total = len(vectors.matrix)
        count = total if among is None else among.count
        return Layer(vectors, start, None if count == total else among, count)

    @property
    def rows(self) -> I64:
        """Those rows, ascending."""
        return np.arange(len(self.vectors)) if self.among is None else self.among.rows

    def exact(self, vector: F32) -> Scored:
        """All rows that may answer."""
        plan, matrix = f"exact:{self.size}", self.vectors.matrix
        if self.among is None or flat(self.size, len(matrix)):
            return self.scored(matrix @ vector)
        return Scored(self.rows, dots(matrix, self.rows, vector), plan, self.size)

    def scored(self, scores: F32) -> Scored:
        """The same of scores that every row has."""
        mine = scores if self.among is None else scores[self.rows]
        return Scored(self.rows, mine, f"exact:{self.size}", self.size)


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
        rows = self.rows if least == -np.inf else self.rows[self.scores >= least]
        rows = np.sort(rows)
        return Scored(rows, dots(self.matrix, rows, vector), self.plan, self.scanned)
