"""Which known names stand in a text? Each looked for in turn, plain Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    slot: str
    value: Any
    weight: float


class KnownNames:
    """Names of the items, found by looking for each in turn."""

    def __init__(self, entries: Iterable[tuple[str, str, Any, float]] = ()) -> None:
        self.entries = list(entries)

    def find(self, folded: str) -> Sequence[Span]:
        found = []
        for surface, slot, value, weight in self.entries:
            at = folded.find(surface)
            while at >= 0:
                found.append(Span(at, at + len(surface), slot, value, weight))
                at = folded.find(surface, at + 1)
        return found
