"""How much of what is told was found, and how much of what was found is told? Two sets of statements, side by side."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Score(Generic[T]):
    """Statements that both, only we, or only the truth holds."""

    hits: frozenset[T]
    invented: frozenset[T]
    missed: frozenset[T]

    @staticmethod
    def compare(ours: Set[T], told: Set[T]) -> "Score[T]":
        """What we found against what is told."""
        return Score(frozenset(ours & told), frozenset(ours - told), frozenset(told - ours))

    def of(self, kept: Iterable[T]) -> "Score[T]":
        """The same of some statements alone."""
        keep = frozenset(kept)
        return Score(self.hits & keep, self.invented & keep, self.missed & keep)

    @property
    def all(self) -> frozenset[T]:
        """Whatever somebody holds."""
        return self.hits | self.invented | self.missed

    @property
    def precision(self) -> float:
        """NaN when nothing was found."""
        found = len(self.hits) + len(self.invented)
        return len(self.hits) / found if found else float("nan")

    @property
    def recall(self) -> float:
        """NaN when nothing is told."""
        told = len(self.hits) + len(self.missed)
        return len(self.hits) / told if told else float("nan")

    def figures(self) -> dict[str, float]:
        """For a table or JSON."""
        counts = {"hits": len(self.hits), "invented": len(self.invented), "missed": len(self.missed)}
        return {**counts, "precision": round(self.precision, 4), "recall": round(self.recall, 4)}
