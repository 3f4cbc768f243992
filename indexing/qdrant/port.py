"""What is asked of a Qdrant engine? A few calls over named collections, the same whether it is far or in this process.

Filters are dictionaries in the form of Qdrant's HTTP interface. Every call raises `Unreachable` when nobody answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias

from engine.errors import Overloaded

Filter: TypeAlias = Mapping[str, Any]
#: Dimension -> weight.
Sparse: TypeAlias = Mapping[int, float]

#: The vectors of a point: its meaning; its words by the columns of the snapshot; those of a live item by their hashes.
MEANING, WORDS, LIVE = "meaning", "words", "live"
#: Neighbours of a point in the graph, and of those within a value of a payload field.
NEIGHBOURS: Final = 16
#: Points that are sent at a time.
BATCH: Final = 500


class Unreachable(Overloaded):
    """Qdrant does not answer, or refuses; come back later."""


@dataclass(frozen=True)
class Point:
    """What a collection holds of an item. `id`: a UUID. `shard`: the key of its shard."""

    id: str
    payload: Mapping[str, Any]
    meaning: Sequence[float] | None = None
    words: Mapping[str, Sparse] = field(default_factory=dict)  # WORDS or LIVE
    shard: str = ""


@dataclass(frozen=True)
class Ask:
    """The points nearest to a vector. `shards`: the keys of those that may have any (none: all are asked)."""

    using: str
    query: Sequence[float] | Sparse
    filter: Filter | None
    limit: int
    shards: Sequence[str] = ()


class Engine(Protocol):
    """Collections of points. Safe for many threads."""

    @property
    def sharded(self) -> bool:
        """Do the keys of shards count?"""
        ...

    def create(self, name: str, dim: int, indexes: Mapping[str, str], shards: Sequence[str]) -> None:
        """An empty collection in the place of what had the name; `indexes`: payload field -> kind of index."""
        ...

    def drop(self, name: str) -> None: ...

    def names(self) -> Sequence[str]:
        """Of all collections."""
        ...

    def put(self, name: str, points: Sequence[Point]) -> None:
        """In the place of what had their ids. Returns when they are found."""
        ...

    def describe(self, name: str, points: Sequence[Point]) -> None:
        """Their payloads alone: vectors stay. A point that is not there is left out."""
        ...

    def delete(self, name: str, ids: Sequence[str]) -> None: ...

    def search(self, name: str, ask: Ask) -> list[tuple[str, float]]:
        """(what the payload has as "id", score), best first."""
        ...

    def count(self, name: str, filter: Filter | None) -> int:
        """Exactly."""
        ...

    def alias(self, names: Mapping[str, str]) -> None:
        """Alias -> collection, all at once, in the place of what the aliases named."""
        ...

    def aliases(self) -> Mapping[str, str]: ...

    def close(self) -> None: ...
