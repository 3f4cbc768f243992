"""How are a million words kept and looked up without a Python string for each? UTF-8 end to end, and their order."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.types import I64

#: The files of a lexis: see `Lexis.arrays`.
FILES: Final = ("data", "ends", "order")
#: So many words are looked up one by one; for more of them all words are hashed.
FEW: Final = 1_000
#: More words than that Arrow takes out in half the time.
SOME: Final = 32


@dataclass(frozen=True)
class Lexis(Sequence[str]):
    """Different words by number. Immutable; the arrays may be memory-mapped.

    `data` uint8: the words in UTF-8, one behind the other; `ends` int64[n + 1]: word w is data[ends[w]:ends[w + 1]];
    `order` int32[n]: the numbers in the order of the words' bytes.
    """

    data: npt.NDArray[np.uint8]
    ends: I64
    order: npt.NDArray[np.int32]

    @staticmethod
    def of(words: Iterable[str]) -> "Lexis":
        """Each word once, numbered as they come."""
        coded = [word.encode() for word in words]
        ends = np.cumsum([0, *map(len, coded)], dtype=np.int64)
        order = np.array(sorted(range(len(coded)), key=coded.__getitem__), np.int32)
        return Lexis(np.frombuffer(b"".join(coded), np.uint8), ends, order)

    @staticmethod
    def from_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> "Lexis":
        """The lexis that `arrays` came from. ValueError for arrays that never were one: native code follows `ends`."""
        data, ends, order = (arrays[name] for name in FILES)
        fits = data.dtype == np.uint8 and ends.dtype == np.int64 and order.dtype == np.int32
        if not fits or not len(ends) or ends[0] != 0 or ends[-1] != len(data) or (np.diff(ends) < 0).any():
            raise ValueError("the ends of words do not fit their bytes")
        if len(order) != len(ends) - 1 or (len(order) and (order.min() < 0 or order.max() >= len(order))):
            raise ValueError("the order of words names words that are not there")
        return Lexis(data, ends, order)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything as named arrays."""
        return {name: getattr(self, name) for name in FILES}

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return self.take(np.arange(len(self))[at])
        return self._coded(at if at >= 0 else len(self) + at).decode()

    def take(self, numbers: I64) -> list[str]:
        """The words of these numbers."""
        if len(numbers) > SOME:
            found: list[str] = self.strings.take(pa.array(numbers)).to_pylist()
            return found
        view, starts, stops = self._view, self.ends[numbers].tolist(), self.ends[numbers + 1].tolist()
        return [str(view[a:b], "utf-8") for a, b in zip(starts, stops, strict=True)]

    def number(self, word: str) -> int:
        """The number of a word; -1 for one that is not there. About 20 steps a million words."""
        wanted = word.encode("utf-8", "surrogatepass")
        data, ends, order = self._views

        def coded(number: int) -> bytes:
            return bytes(data[ends[number] : ends[number + 1]])

        place = bisect_left(order, wanted, key=coded)
        return order[place] if place < len(order) and coded(order[place]) == wanted else -1

    def numbers(self, words: pa.Array) -> I64:
        """The number of each of an Arrow array's words; -1 for those that are not there."""
        if len(words) <= min(FEW, len(self)):
            return np.array([self.number(word) for word in words.to_pylist()], np.int64)
        found = pc.index_in(words.cast(pa.large_string()), self.strings)
        return np.asarray(found.fill_null(-1)).astype(np.int64)

    def holding(self, part: str) -> I64:
        """The numbers of the words that `part` is a piece of: one pass over all, in machine code."""
        return np.flatnonzero(np.asarray(pc.match_substring(self.strings, part)))

    @cached_property
    def strings(self) -> pa.Array:
        """The same words as an Arrow array, over the same memory."""
        return pa.LargeStringArray.from_buffers(len(self), pa.py_buffer(self.ends), pa.py_buffer(self.data))

    @cached_property
    def _views(self) -> tuple[memoryview, memoryview, memoryview]:
        """The three arrays, whose elements Python reads faster so."""
        return self._view, np.ascontiguousarray(self.ends).data, np.ascontiguousarray(self.order).data

    @cached_property
    def _view(self) -> memoryview:
        return memoryview(np.ascontiguousarray(self.data).data)

    def _coded(self, number: int) -> bytes:
        if not 0 <= number < len(self):
            raise IndexError(f"there is no word {number}")
        return bytes(self._view[self.ends[number] : self.ends[number + 1]])
