"""Which names of the index stand in a text?"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec
from ahocorasick_rs import AhoCorasick

from engine.understand.dishbook import DishBook
from engine.understand.fold import fold
from engine.understand.patterns import Lazy

#: Latin words enough to name a dish by.
LATIN: Final = Lazy(r"[a-z]{3}")


class Name(msgspec.Struct, frozen=True, gc=False):
    """One occurrence [start, end) of a name in a folded text (a ports.NameSpan)."""

    start: int
    end: int
    slot: str
    value: Any
    weight: float


def _wordlike(character: str) -> bool:
    return character.isascii() and character.isalnum()


def whole_words(text: str, start: int, end: int) -> bool:
    """Does [start, end) begin and end at word borders? Han characters need none; "cafe" is not in "cafeteria"."""
    if start > 0 and _wordlike(text[start]) and _wordlike(text[start - 1]):
        return False
    return not (end < len(text) and _wordlike(text[end - 1]) and _wordlike(text[end]))


class NameTable:
    """An immutable ports.Names over (surface, slot, value, weight); equal surfaces keep all their meanings.

    Memory: about 100 bytes an entry; time to build: about a second for 100,000.
    """

    def __init__(self, entries: Iterable[tuple[str, str, Any, float]]) -> None:
        meanings: defaultdict[str, list[tuple[str, Any, float]]] = defaultdict(list)
        for surface, slot, value, weight in entries:
            plain = " ".join(fold(surface).text.split())
            if plain:
                meanings[plain].append((slot, value, weight))
        self._meanings: list[list[tuple[str, Any, float]]] = list(meanings.values())
        self._finder: Any = AhoCorasick(list(meanings)) if meanings else None

    @cached_property
    def _dishes(self) -> DishBook:
        """Chinese dishes by their English names; made when the first English text comes."""
        return DishBook(
            (str(value), weight) for known in self._meanings for slot, value, weight in known if slot == "dish"
        )

    def __len__(self) -> int:
        return len(self._meanings)

    def find(self, folded: str) -> Sequence[Name]:
        """All spans (overlaps included) of known names in a folded text, by their start."""
        if self._finder is None:
            return []
        found = self._named(folded)
        if LATIN.search(folded):
            found += [Name(m.start, m.end, "dish", m.name, m.agreement) for m in self._dishes.find(folded)]
        if len(found) > 1:
            found.sort(key=lambda name: (name.start, -name.end))
        return found

    def _named(self, folded: str) -> list[Name]:
        return [
            Name(start, end, slot, value, weight)
            for index, start, end in self._finder.find_matches_as_indexes(folded, overlapping=True)
            if whole_words(folded, start, end)
            for slot, value, weight in self._meanings[index]
        ]


NO_NAMES: Final = NameTable(())


def weight(count: int, most: int) -> float:
    """How much a value that `count` items carry counts, when the commonest is carried by `most`: log scale, (0, 1]."""
    return math.log1p(max(count, 1)) / math.log1p(max(most, count, 1))
