"""Which rows are in a set? Packed sets of rows: 125 kB a million rows, joined 64 rows at a step."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.types import I64, Mask

U64: TypeAlias = npt.NDArray[np.uint64]
#: Some rows by their number, or (a slice) every row there is.
Rows: TypeAlias = I64 | slice
ALL: Final = slice(None)
WORD: Final = 64
#: So many rows are set bit by bit; of more a mask is made and packed.
FEW: Final = 8192


@dataclass(frozen=True)
class Bits:
    """A set of the rows 0..size-1: row r is bit r % 64 of words[r // 64]; bits behind the last row are 0. Read-only."""

    words: U64
    size: int

    @staticmethod
    def of_mask(mask: Mask) -> "Bits":
        """The rows where the mask is True."""
        packed = np.packbits(mask, bitorder="little")
        words = np.zeros(-(-len(mask) // WORD), np.uint64)
        words.view(np.uint8)[: len(packed)] = packed
        return Bits(words, len(mask))

    @staticmethod
    def of_rows(rows: npt.NDArray[np.integer], size: int) -> "Bits":
        """The rows given, each once, in any order."""
        if len(rows) <= FEW and size > FEW:
            words = np.zeros(-(-size // WORD), np.uint64)
            np.bitwise_xor.at(words.view(np.uint8), rows >> 3, np.uint8(1) << (rows & 7).astype(np.uint8))
            return Bits(words, size)
        mask = np.zeros(size, bool)
        mask[rows.astype(np.int64, copy=False)] = True  # numpy scatters by int64 three times as fast as by int32
        return Bits.of_mask(mask)

    @staticmethod
    def none(size: int) -> "Bits":
        """No row."""
        return Bits(np.zeros(-(-size // WORD), np.uint64), size)

    @staticmethod
    def every(size: int) -> "Bits":
        """Every row."""
        return ~Bits.none(size)

    @staticmethod
    def union(sets: Iterable["Bits"], size: int) -> "Bits":
        """The rows that are in any of the sets."""
        words = np.zeros(-(-size // WORD), np.uint64)
        for each in sets:
            np.bitwise_or(words, each.words, out=words)
        return Bits(words, size)

    def __and__(self, other: "Bits") -> "Bits":
        return Bits(self.words & other.words, self.size)

    def __or__(self, other: "Bits") -> "Bits":
        return Bits(self.words | other.words, self.size)

    def __xor__(self, other: "Bits") -> "Bits":
        return Bits(self.words ^ other.words, self.size)

    def __sub__(self, other: "Bits") -> "Bits":
        return Bits(self.words & ~other.words, self.size)

    def __invert__(self) -> "Bits":
        words = ~self.words
        if self.size % WORD:
            words[-1] &= np.uint64((1 << self.size % WORD) - 1)
        return Bits(words, self.size)

    @cached_property
    def count(self) -> int:
        """How many rows are in."""
        return int(np.bitwise_count(self.words).sum(dtype=np.int64))

    def mask(self) -> Mask:
        """bool[size]."""
        mask: Mask = np.unpackbits(self.words.view(np.uint8), count=self.size, bitorder="little").view(np.bool_)
        return mask

    def rows(self) -> I64:
        """The rows that are in, ascending."""
        at = np.flatnonzero(self.words != 0)
        if len(at) > len(self.words) // 3:
            return np.flatnonzero(self.mask())
        inside = np.flatnonzero(np.unpackbits(self.words[at].view(np.uint8), bitorder="little").view(np.bool_))
        return at[inside // WORD] * WORD + inside % WORD

    def at(self, rows: Rows) -> Mask:
        """bool, parallel to the rows: which of them are in."""
        if isinstance(rows, slice):
            return self.mask()[rows]
        bytes_ = self.words.view(np.uint8)
        found: Mask = (bytes_[rows >> 3] >> (rows & 7).astype(np.uint8) & 1).view(np.bool_)
        return found
