"""Which names does the index itself bring to the reading of a question?"""

from collections.abc import Sequence
from typing import Any, Protocol


class NameSpan(Protocol):
    """A name of the index's own items or values, found in a text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...

    @property
    def slot(self) -> str:
        """name | brand | dish | amenity | place.admin | place.named | ..."""
        ...

    @property
    def value(self) -> Any: ...

    @property
    def weight(self) -> float:
        """How many items carry it, log scaled to (0, 1]."""
        ...


class Names(Protocol):
    """The index's own vocabulary: item names, brands, dishes, districts, landmarks."""

    def find(self, folded: str) -> Sequence[NameSpan]:
        """All spans (overlaps included) of known names in a folded text (engine.understand.fold)."""
        ...
