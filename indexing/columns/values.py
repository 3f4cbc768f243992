"""Which rows carry which values? Multi-valued text columns as codes, in both directions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from engine.types import F32, I64, Mask
from engine.understand.fold import fold

#: Scans of the distinct values that are remembered, per column.
REMEMBERED: Final = 256
#: From so many codes on one pass over all rows is cheaper than one step per code.
MANY: Final = 50


def key(text: str) -> str:
    """The form in which values are compared: folded, single spaces."""
    return " ".join(fold(text).text.split())


@dataclass(frozen=True)
class Tags:
    """Each row's set of values: row r carries words[c] for c in codes[starts[r]:starts[r + 1]].

    `starts` int64[n + 1], `codes` int32.
    """

    words: Sequence[str]
    starts: I64
    codes: Any

    @staticmethod
    def of(rows: Iterable[Iterable[str]]) -> "Tags":
        """Empty strings and repetitions within a row are left out; the order within a row is kept."""
        words: dict[str, int] = {}
        starts, codes = [0], []
        for values in rows:
            codes += [words.setdefault(v, len(words)) for v in dict.fromkeys(values) if v]
            starts.append(len(codes))
        return Tags(tuple(words), np.array(starts, np.int64), np.array(codes, np.int32))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def at(self, row: int) -> list[str]:
        """The values of one row."""
        return [self.words[c] for c in self.codes[self.starts[row] : self.starts[row + 1]]]

    @cached_property
    def code(self) -> Mapping[str, int]:
        """word -> code."""
        return {word: code for code, word in enumerate(self.words)}

    @cached_property
    def known(self) -> Mask:
        """bool[n]: rows that carry any value at all."""
        return np.diff(self.starts) > 0

    @cached_property
    def _postings(self) -> tuple[I64, I64]:
        """Rows sorted by code, and where each code's rows begin."""
        rows = np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.starts))
        order = np.argsort(self.codes, kind="stable")
        return rows[order], np.searchsorted(self.codes[order], np.arange(len(self.words) + 1)).astype(np.int64)

    def rows_of(self, code: int) -> I64:
        """The rows that carry a value, ascending."""
        rows, starts = self._postings
        return rows[starts[code] : starts[code + 1]]

    def mask(self, words: Iterable[str]) -> Mask:
        """bool[n]: rows that carry any of the words."""
        return self.mask_codes(self.code[w] for w in words if w in self.code)

    def mask_codes(self, codes: Iterable[int]) -> Mask:
        """bool[n]: rows that carry any of the codes."""
        wanted = list(codes)
        out = np.zeros(len(self), bool)
        if len(wanted) > MANY:
            chosen = np.zeros(len(self.words), bool)
            chosen[wanted] = True
            rows, starts = self._postings
            wanted_rows = np.repeat(chosen, np.diff(starts))
            out[rows[wanted_rows]] = True
            return out
        for code in wanted:
            out[self.rows_of(code)] = True
        return out

    def carried(self, words: Sequence[str], rows: I64) -> F32:
        """(words, rows): 1 where the row carries the word, else 0; NaN for rows without any value."""
        starts, counts = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        known = counts > 0
        out = np.full((len(words), len(rows)), np.nan, np.float32)
        out[:, known] = 0
        ends = np.cumsum(counts[known])
        if not len(ends):
            return out
        codes = self.codes[np.arange(ends[-1]) + np.repeat(starts[known] - ends + counts[known], counts[known])]
        for number, word in enumerate(words):
            if word in self.code:
                has = np.logical_or.reduceat(codes == self.code[word], ends - counts[known])
                out[number, known] = has
        return out

    @cached_property
    def _scanned(self) -> dict[str, tuple[int, ...]]:
        """The codes found by the last scans, by what was looked for."""
        return {}

    def containing(self, part: str) -> Mask:
        """bool[n]: rows with a value that `part` is a substring of."""
        return self.where(part, lambda word: part in word)

    def where(self, name: str, test: Callable[[str], bool]) -> Mask:
        """bool[n]: rows with a value that passes a test. The answers of the last scans are kept by the test's name."""
        codes = self._scanned.get(name)
        if codes is None:
            codes = tuple(code for code, word in enumerate(self.words) if test(word))
            if len(self._scanned) >= REMEMBERED:
                self._scanned.clear()
            self._scanned[name] = codes
        return self.mask_codes(codes)
