"""What do the candidates' titles share with the query?"""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.types import F32, Mask

U32: TypeAlias = npt.NDArray[np.uint32]

#: Pairs of characters are told apart by 14 bits: one in 16384 is taken for another.
_BITS: Final = 14
_SHORTEST_NAME: Final = 2  # one character in common is chance


class Titles:
    """Folded titles (n) against a folded text; an empty title is none. No line breaks in either."""

    def __init__(self, titles: Sequence[str], words: str) -> None:
        self.titles, self.words = titles, words

    @cached_property
    def known(self) -> Mask:
        """(n,) True where there is a title, and a text to hold it against."""
        return np.array([bool(self.words and title) for title in self.titles], np.bool_)

    def exact(self) -> Mask:
        """(n,) True where the whole title stands in the text."""
        words = self.words
        return np.array([title in words and len(title) >= _SHORTEST_NAME for title in self.titles], np.bool_)

    def share_of(self, terms: Collection[str]) -> F32:
        """(n,) share of the terms (one or more) that stand in the title."""
        found = [[term in title for title in self.titles] for term in terms]
        return np.asarray(np.mean(found, axis=0), np.float32)

    def partial(self) -> F32:
        """(n,) share of the neighbouring characters of the shorter of title and text that the longer has, 0..1."""
        if not self.titles:
            return np.empty(0, np.float32)
        lengths = np.array([len(title) for title in self.titles], np.int64)
        asked = np.zeros(1 << _BITS, np.bool_)
        asked[_pairs([self.words])[:-2]] = True
        starts = np.cumsum(lengths + 1) - lengths - 1
        shared = np.add.reduceat(asked[_pairs(self.titles)], starts, dtype=np.int64)
        most = np.maximum(np.minimum(lengths, len(self.words)) - 1, 1)
        return np.asarray(np.minimum(shared / most, 1), np.float32)


def _pairs(texts: Sequence[str]) -> U32:
    """A number for each character with the next one, a line's end behind each text: no pair with it is another's."""
    characters: U32 = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
    mixed: U32 = characters * np.uint32(0x9E3779B1)
    mixed[:-1] += characters[1:] * np.uint32(0x85EBCA6B)
    mixed >>= np.uint32(32 - _BITS)
    return mixed
