"""Which rows may answer? A set of rows, held the way it came (mask, packed words or row numbers), turned as needed."""

from collections.abc import Sequence
from functools import cached_property, reduce
from typing import Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.types import I64, Mask
from indexing.vectors.machine import compiled

U64: TypeAlias = npt.NDArray[np.uint64]
WORD: Final = 64


class Packed(Protocol):
    """Row r is bit r % 64 of words[r // 64]; bits behind the last row are 0: 125 kB a million rows."""

    @property
    def words(self) -> U64: ...

    @property
    def size(self) -> int: ...


#: bool[n]; or packed words; or int64 rows, ascending and unique.
Allowed: TypeAlias = Mask | Packed | I64


class Among:
    """A set of the rows 0..size-1."""

    def __init__(
        self, size: int, *, words: U64 | None = None, rows: I64 | None = None, parts: "Sequence[Among]" = ()
    ) -> None:
        """From words, from ascending rows, or from sets of which the rows are in all; at least one."""
        self.size = size
        self._parts = parts
        self._count: int | None = None
        if words is not None:
            self.words = words  # in place of the cached property
        if rows is not None:
            self.rows = rows

    @staticmethod
    def of(allowed: Allowed, size: int) -> "Among":
        """From whatever a filter made."""
        if isinstance(allowed, Among):
            return allowed
        if not isinstance(allowed, np.ndarray):
            return Among(size, words=allowed.words)
        if allowed.dtype == np.bool_:
            return Among(size, words=_pack(allowed.view(np.bool_)))
        return Among(size, rows=allowed.view(np.int64))

    @staticmethod
    def common(sets: "Sequence[Among]") -> "Among":
        """The rows that are in all of some sets, at least one, of the same rows."""
        return sets[0] if len(sets) == 1 else Among(sets[0].size, parts=sets)

    @cached_property
    def words(self) -> U64:
        """uint64[ceil(size / 64)], as in Packed."""
        if self._parts:
            return reduce(np.bitwise_and, [part.words for part in self._parts])
        if code := compiled():
            packed: U64 = code.pack(self.rows, -(-self.size // WORD))
            return packed
        mask = np.zeros(self.size, bool)
        mask[self.rows] = True
        return _pack(mask)

    @cached_property
    def rows(self) -> I64:
        """The rows that are in, ascending. Those common to sets are found in one pass, unless words were asked for."""
        code = compiled()
        if code is None or "words" in self.__dict__:
            return _expand(self.words, 1, self.count)
        room = min([part.count for part in self._parts])
        common: I64 = code.common(np.array([part.address for part in self._parts]), -(-self.size // WORD), room)
        return common

    @cached_property
    def address(self) -> int:
        """Where the words lie, for machine code; they lie there as long as this set lives."""
        code = compiled()
        assert code is not None
        return int(code.address(self.words))

    @property
    def listed(self) -> bool:
        """Are the rows at hand?"""
        return "rows" in self.__dict__

    @property
    def count(self) -> int:
        """How many rows are in. Kept by hand: a cached property's lock would cost as much as counting."""
        if self.listed:
            return len(self.rows)
        if self._count is None:
            code = compiled()
            self._count = code.count(self.words) if code else int(np.bitwise_count(self.words).sum(dtype=np.int64))
        return self._count

    def __and__(self, other: "Among") -> "Among":
        if self.listed:
            return Among(self.size, rows=other.keep(self.rows))
        return Among(self.size, words=self.words & other.words)

    def sample(self, stride: int) -> I64:
        """The rows that are in, of every stride-th word: a stratified sample, since neighbours are alike."""
        return _expand(self.words, stride, int(np.bitwise_count(self.words[::stride]).sum(dtype=np.int64)))

    def keep(self, rows: I64) -> I64:
        """Those of the rows that are in."""
        if code := compiled():
            kept: I64 = code.within(rows, self.words)
            return kept
        return rows[self.at(rows)]

    def at(self, rows: I64) -> Mask:
        """bool, parallel to the rows: which are in."""
        octets = self.words.view(np.uint8)
        found: Mask = (octets[rows >> 3] >> (rows & 7).astype(np.uint8) & 1).view(np.bool_)
        return found


def _pack(mask: Mask) -> U64:
    words = np.zeros(-(-len(mask) // WORD), np.uint64)
    packed = np.packbits(mask, bitorder="little")
    words.view(np.uint8)[: len(packed)] = packed
    return words


def _expand(words: U64, stride: int, count: int) -> I64:
    """The `count` rows of the bits set in every stride-th word. Only octets that are not 0 are unpacked."""
    if code := compiled():
        found: I64 = code.expand(words, stride, count)
        return found
    octets = np.ascontiguousarray(words[::stride]).view(np.uint8)
    filled = np.flatnonzero(octets != 0)
    bits = np.flatnonzero(np.unpackbits(octets[filled], bitorder="little").view(np.bool_))
    octet = filled[bits >> 3]
    if stride > 1:
        octet = (octet >> 3) * (8 * stride) + (octet & 7)
    rows: I64 = (octet << 3) + (bits & 7)
    return rows
