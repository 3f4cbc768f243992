"""What do the candidates' titles share with the query?"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.types import F32, I64, Mask

U16: TypeAlias = npt.NDArray[np.uint16]

#: Pairs of characters are told apart by 14 bits: one in 16384 is taken for another.
_BITS: Final = 14
_SHORTEST_NAME: Final = 2  # one character in common is chance


class Titles:
    """Folded titles (n) against a folded text; an empty title is none. No line breaks in either."""

    def __init__(self, titles: Sequence[str], words: str) -> None:
        self.titles, self.words = titles, words
        self._held: dict[str, tuple[list[int], list[int]]] = {}

    @cached_property
    def known(self) -> Mask:
        """(n,) True where there is a title, and a text to hold it against."""
        return (self._lengths > 0) & bool(self.words)

    def exact(self) -> Mask:
        """(n,) True where the whole title stands in the text: then all its pairs do, and few titles are looked at."""
        inside = (self._shared >= self._lengths - 1) & (self._lengths >= _SHORTEST_NAME)
        for at in np.flatnonzero(inside).tolist():
            inside[at] = self.titles[at] in self.words
        return inside

    def share_of(self, terms: Collection[str]) -> F32:
        """(n,) share of the terms (one or more) that stand in the title."""
        found = np.zeros(len(self.titles), np.float32)
        for term in terms:
            found[self._holding(term)[0]] += 1
        return found / np.float32(len(terms))

    def _holding(self, term: str) -> tuple[list[int], list[int]]:
        """The titles that a term stands in, and where in `_joined` first: one search through all of them, from each
        find on in the next title."""
        known = self._held.get(term)
        if known is None:
            known = self._held[term] = [], []
            lines, ends, (titles, places) = self._joined, self._ends, known
            at = lines.find(term)
            while at >= 0:
                titles.append(title := bisect_right(ends, at))
                places.append(at)
                at = lines.find(term, ends[title])
        return known

    @cached_property
    def _joined(self) -> str:
        """A line each."""
        return "\n".join([*self.titles, ""])

    @cached_property
    def _lengths(self) -> I64:
        return np.fromiter(map(len, self.titles), np.int64, len(self.titles))

    @cached_property
    def _ends(self) -> list[int]:
        """Where in `_joined` the line behind each title begins."""
        ends: list[int] = self._after.tolist()
        return ends

    @cached_property
    def _after(self) -> I64:
        """The same as an array."""
        return (self._lengths + 1).cumsum()

    @cached_property
    def _shared(self) -> I64:
        """(n,) how many of the title's pairs of neighbouring characters the text has too."""
        asked = np.zeros(1 << _BITS, np.bool_)
        asked[_pairs(self.words + "\n")[:-2]] = True
        shared = asked.take(_pairs(self._joined)).cumsum(dtype=np.int32).take(self._after - 1).astype(np.int64)
        shared[1:] -= shared[:-1].copy()
        return shared

    def completeness(self) -> F32:
        """(n,) share of the title's pairs of neighbouring characters that the text has too, 0..1."""
        return np.asarray(np.minimum(self._shared / np.maximum(self._lengths - 1, 1), 1), np.float32)

    def earliness(self, terms: Collection[str]) -> F32:
        """(n,) 1 - where the first of the terms begins / length; NaN where none stands in the title."""
        first = np.full(len(self.titles), np.inf)
        starts = self._after - self._lengths - 1
        for term in terms:
            titles, places = self._holding(term)
            if titles:
                first[titles] = np.fmin(first[titles], np.array(places) - starts[titles])
        first[np.isinf(first)] = np.nan
        return (1 - first / np.maximum(self._lengths, 1)).astype(np.float32)

    def partial(self) -> F32:
        """(n,) share of the neighbouring characters of the shorter of title and text that the longer has, 0..1."""
        if not self.titles:
            return np.empty(0, np.float32)
        most = np.minimum(self._lengths, len(self.words)) - 1
        return np.asarray(np.minimum(self._shared / np.maximum(most, 1), 1), np.float32)


def _pairs(lines: str) -> U16:
    """A number for each character with the next one, a line's end behind each text: no pair with it is another's."""
    characters = np.frombuffer(lines.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint16)
    mixed: U16 = characters * np.uint16(0x79B1)
    mixed[:-1] += characters[1:] * np.uint16(0xEBCB)
    mixed >>= np.uint16(16 - _BITS)
    return mixed
