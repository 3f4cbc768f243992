"""Which rows carry which values? Multi-valued text columns as codes, in both directions."""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final, TypeAlias

import numpy as np

from engine.types import F32, I64
from engine.understand.fold import fold
from indexing.columns.bits import Bits
from indexing.columns.lexis import Lexis
from indexing.columns.memo import Memo
from indexing.runs import stretches

#: From so many codes on one pass over all rows is cheaper than one step per code.
MANY: Final = 50
#: Longer texts are hardly ever said twice.
_SHORT: Final = 40


def key(text: str) -> str:
    """The form in which values are compared: folded, single spaces."""
    return _short(text) if len(text) <= _SHORT else " ".join(fold(text).text.split())


@lru_cache(maxsize=65_536)
def _short(text: str) -> str:
    """Items of one kind say the same few thousand values again and again."""
    return " ".join(fold(text).text.split())


#: A piece of a text -> rows, ascending, outside of which no value has it; None: any may.
Holders: TypeAlias = Callable[[str], I64 | None]


class Tagging:
    """Takes the values of row after row, and makes `Tags` of them."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._starts, self._codes = array("q", [0]), array("i")

    def add(self, values: Iterable[str]) -> None:
        """The next row's values."""
        if values != ():
            words = self._words
            self._codes.extend([words.setdefault(v, len(words)) for v in dict.fromkeys(values) if v])
        self._starts.append(len(self._codes))

    def done(self) -> "Tags":
        """All rows."""
        return Tags(tuple(self._words), np.array(self._starts, np.int64), np.array(self._codes, np.int32))


@dataclass(frozen=True)
class Tags:
    """Each row's set of values: row r carries words[c] for c in codes[starts[r]:starts[r + 1]].

    `words`: a tuple, or a Lexis where they are many. `starts` int64[n + 1], `codes` int32. `filed`: postings as `file`
    made them, when they are kept on disk.
    """

    words: Sequence[str]
    starts: I64
    codes: Any
    filed: "Postings | None" = None

    @staticmethod
    def of(rows: Iterable[Iterable[str]]) -> "Tags":
        """Empty strings and repetitions within a row are left out; the order within a row is kept."""
        made = Tagging()
        for values in rows:
            made.add(values)
        return made.done()

    def __len__(self) -> int:
        return len(self.starts) - 1

    def at(self, row: int) -> list[str]:
        """The values of one row."""
        return self.named(self.codes[self.starts[row] : self.starts[row + 1]])

    def find(self, words: Iterable[str]) -> list[int]:
        """The codes of those of the words that any row carries."""
        number = self.words.number if isinstance(self.words, Lexis) else self._numbers
        return [code for word in words if (code := number(word)) >= 0]

    @cached_property
    def _known(self) -> Mapping[str, int]:
        return {word: code for code, word in enumerate(self.words)}

    def _numbers(self, word: str) -> int:
        return self._known.get(word, -1)

    def named(self, codes: I64) -> list[str]:
        """The words of some codes."""
        return self.words.take(codes) if isinstance(self.words, Lexis) else [self.words[c] for c in codes.tolist()]

    @cached_property
    def known(self) -> Bits:
        """Rows that carry any value at all."""
        return Bits.of_mask(np.diff(self.starts) > 0)

    @cached_property
    def postings(self) -> "Postings":
        """Where each value is."""
        return self.filed or file(self)

    @cached_property
    def _memo(self) -> Memo[Bits]:
        return Memo(each=len(self) // 8)

    def carrying(self, words: Iterable[str]) -> Bits:
        """Rows that carry any of the words."""
        codes = tuple(sorted(set(self.find(words))))
        return self._memo.get(codes, lambda: self._carrying(codes))

    def containing(self, part: str, holders: Holders | None = None) -> Bits:
        """Rows with a value that `part` is a substring of. `holders`: may name the rows outside of which none has."""
        return self._memo.get(f"contains {part}", lambda: self._containing(part, holders))

    def _containing(self, part: str, holders: Holders | None) -> Bits:
        rows = holders(part) if holders is not None else None
        if rows is not None:
            sizes = self.starts[rows + 1] - self.starts[rows]
            at = stretches(self.starts[rows], sizes)
            hit = np.fromiter((part in word for word in self.named(self.codes[at])), bool, len(at))
            return Bits.of_rows(np.unique(np.repeat(rows, sizes)[hit]), len(self))
        if isinstance(self.words, Lexis):
            return self._carrying(self.words.holding(part))
        return self._carrying([code for code, word in enumerate(self.words) if part in word])

    def where(self, name: str, test: Callable[[str], bool]) -> Bits:
        """Rows with a value that passes a test. Answers are remembered by the test's name."""
        return self._memo.get(name, lambda: self._carrying([c for c, word in enumerate(self.words) if test(word)]))

    def counts(self, rows: I64) -> I64:
        """int64[words]: how many of the rows carry each word."""
        sizes = self.starts[rows + 1] - self.starts[rows]
        return np.bincount(self.codes[stretches(self.starts[rows], sizes)], minlength=len(self.words))

    def carried(self, words: Sequence[str], rows: I64) -> F32:
        """(words, rows): 1 where the row carries the word, else 0; NaN for rows without any value."""
        starts, counts = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        known = counts > 0
        out = np.full((len(words), len(rows)), np.nan, np.float32)
        if not known.any():
            return out
        starts, counts = starts[known], counts[known]
        codes = self.codes[stretches(starts, counts)]
        wanted = [next(iter(self.find([word])), -1) for word in words]
        has = codes == np.array(wanted, np.int64)[:, None]
        out[:, known] = np.logical_or.reduceat(has, np.cumsum(counts) - counts, axis=1)
        return out

    def _carrying(self, codes: Sequence[int] | I64) -> Bits:
        rows, first = self.postings.rows, self.postings.first
        if len(codes) > MANY:
            chosen = np.zeros(len(self.words), bool)
            chosen[np.asarray(codes)] = True
            return Bits.of_rows(rows[np.repeat(chosen, np.diff(first))], len(self))
        mask = np.zeros(len(self), bool)
        for code in codes:
            mask[rows[first[code] : first[code + 1]].astype(np.int64)] = True
        return Bits.of_mask(mask)


@dataclass(frozen=True)
class Postings:
    """`rows` int32: the rows of value 0, ascending, then those of value 1, ..

    Value c has rows[first[c]:first[c + 1]].
    """

    rows: Any
    first: I64


def file(tags: Tags) -> Postings:
    """The postings of a column."""
    rows = np.repeat(np.arange(len(tags), dtype=np.int32), np.diff(tags.starts))
    order = np.argsort(tags.codes, kind="stable")
    first = np.searchsorted(tags.codes[order], np.arange(len(tags.words) + 1)).astype(np.int64)
    return Postings(rows[order], first)
