"""What do the candidates' titles share with the query? All titles as one array of characters, met at once."""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.types import F32, I64, Mask

#: Pairs of characters are told apart by 16 bits: one in 65536 is taken for another.
_PAIRS: Final = 2**16
_SHORTEST_NAME: Final = 2  # one character in common is chance


class Titles:
    """Folded titles (n) against a folded text; empty = none. No line breaks in either."""

    def __init__(self, titles: Sequence[str], words: str) -> None:
        self.titles, self.words = titles, words
        self.lengths: I64 = np.array(list(map(len, titles)), np.int64)
        self._starts = np.cumsum(self.lengths + 1) - self.lengths - 1
        self._characters = _characters(titles)

    @cached_property
    def known(self) -> Mask:
        """(n,) True where there is a title, and a text to hold it against."""
        return self.lengths > 0 if self.words else np.zeros(len(self.titles), np.bool_)

    @cached_property
    def pairs_shared(self) -> I64:
        """(n,) how many neighbouring characters of the title stand so in the text."""
        asked = np.zeros(_PAIRS, np.bool_)
        asked[_pairs(_characters([self.words]))[:-1]] = True
        found = asked[_pairs(self._characters)]
        shared: I64 = np.add.reduceat(found, self._starts, dtype=np.int64) if len(self.titles) else self.lengths
        return shared

    def partial(self) -> F32:
        """(n,) share of the neighbouring characters of the shorter of title and text that the longer has, 0..1."""
        most = np.minimum(self.lengths, len(self.words)) - 1
        return np.asarray(np.minimum(self.pairs_shared / np.maximum(most, 1), 1), np.float32)

    def exact(self) -> Mask:
        """(n,) True where the whole title stands in the text: looked for only where each of its pairs does."""
        out: Mask = (self.lengths >= _SHORTEST_NAME) & (self.pairs_shared == self.lengths - 1)
        for at in np.flatnonzero(out).tolist():
            out[at] = self.titles[at] in self.words
        return out

    def share_of(self, terms: Collection[str]) -> F32:
        """(n,) share of the terms (one or more, none empty) that stand in the title."""
        found = np.zeros(len(self.titles), np.float32)
        for term in terms:
            found[self._holding(term)] += 1
        return found / np.float32(len(terms))

    def _holding(self, term: str) -> I64:
        """The titles that the term stands in."""
        at = np.flatnonzero(self._characters == ord(term[0]))
        for offset, character in enumerate(term[1:], 1):
            at = at[self._characters[np.minimum(at + offset, len(self._characters) - 1)] == ord(character)]
        return np.searchsorted(self._starts, at, side="right") - 1


def _characters(texts: Sequence[str]) -> npt.NDArray[np.uint32]:
    """All characters, a line's end behind each text."""
    return np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)


def _pairs(characters: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint16]:
    """For each character the number of its pair with the next; one with a line's end is no other text's pair."""
    mixed = characters * np.uint32(0x9E3779B1)
    mixed[:-1] += characters[1:] * np.uint32(0x85EBCA6B)
    return (mixed >> 16).astype(np.uint16)
