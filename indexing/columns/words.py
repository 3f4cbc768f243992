"""How are raw values named? The lexicon's part that columns need, and what stands in when there is none."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Protocol

from engine.understand.lexicon import load
from indexing.columns.values import key


class Words(Protocol):
    """What columns ask of engine.understand.lexicon.Lexicon."""

    def normalise(self, slot: str | None, raw: str) -> str | None:
        """The id that a raw value stands for within a slot (None = any), or None."""
        ...

    def category(self, raw: str) -> str | None: ...

    def descendants(self, node: str) -> frozenset[str]: ...

    def denied(self, raw: str) -> str | None: ...

    def ancestors(self, node: str) -> tuple[str, ...]: ...

    def implied(self, name: str) -> frozenset[str]: ...

    def label(self, name: str, lang: str) -> str: ...


class Naming:
    """A lexicon with its answers remembered: builds ask the same few thousand raw values again and again."""

    def __init__(self, words: Words, implies: Mapping[str, Iterable[str]]) -> None:
        self.label = words.label
        self.descendants = lru_cache(maxsize=10_000)(words.descendants)
        self.direct = lru_cache(maxsize=100_000)(self._direct)
        self.ancestors = words.ancestors
        self.denied = lru_cache(maxsize=100_000)(words.denied)
        self.nodes = lru_cache(maxsize=100_000)(self._nodes)
        self._words = words
        self._under: dict[str, set[str]] = {}
        for name in implies:
            for other in words.implied(name):
                self._under.setdefault(other, set()).add(name)
        self.ids = lru_cache(maxsize=100_000)(self._ids)
        self.categories = lru_cache(maxsize=100_000)(self._categories)

    def under(self, name: str) -> frozenset[str]:
        """The id and every id that implies it."""
        return frozenset({name} | self._under.get(name, set()))

    def _direct(self, slot: str | None, raw: str) -> frozenset[str]:
        """The id that a wanted value stands for: what it implies is another wish, and left out."""
        found = self._words.normalise(slot, raw)
        return frozenset({found} if found else ())

    def _nodes(self, raw: str) -> frozenset[str]:
        """The taxonomy node of a raw category, when it has one."""
        node = self._words.category(raw)
        return frozenset({node} if node else ())

    def _ids(self, slot: str | None, raw: str) -> tuple[str, ...]:
        """The folded raw value, the id it stands for (when known) and all that this id implies; in one order, so that
        a build makes the same bytes in any process."""
        found = self._words.normalise(slot, raw)
        return tuple(sorted({key(raw)} | (self._words.implied(found) if found else set())))

    def _categories(self, raw: str) -> tuple[str, ...]:
        """The node in the taxonomy when there is one, then the folded raw category."""
        return (*self.nodes(raw), key(raw))


@lru_cache(maxsize=1)
def naming() -> Naming:
    """The naming of this installation's lexicon."""
    lexicon = load()
    return Naming(lexicon, {name: entry.implies for name, entry in lexicon.entries.items()})
