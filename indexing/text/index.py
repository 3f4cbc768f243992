"""Which rows hold the words of a query, under a filter? BM25 (bm25s) over our own tokens, fields weighted.

<folder>/*.csc.index.npy  params.index.json   the scores (bm25s)
<folder>/{terms,numbers,sounds,spoken}.npy    the words
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.types import F32, I64, Found, Mask
from engine.understand.fold import fold
from indexing.text.best import best
from indexing.text.bm25 import Scores
from indexing.text.census import Census, Whole, idf
from indexing.text.near import KNOWN, near
from indexing.text.numbered import Numbered
from indexing.text.synonyms import synonyms
from indexing.text.vocabulary import Vocabulary, cut
from indexing.tokens import HAN, runs, typed, words_of

#: field -> weight of its words. One field holds all that is said, so that a word counts once and long texts pay for
#: their length; the title adds a little. Measured on judged shop queries: title, tags and body apart, summed with
#: weights 2, 1.5 and 1, rank worse (nDCG@10 0.683 against 0.750).
FIELDS: Final[Mapping[str, float]] = {"all": 1.0, "title": 0.3, "attributes": 0.1}
#: Those by which `worded` tells apart where the words of a query stand.
WORDED: Final = ("title", "attributes")
_WEIGHTS: Final = np.array([[FIELDS[field]] for field in WORDED], np.float32)
#: A query's words beyond these add cost, not meaning.
LONGEST_QUERY: Final = 64
#: Rows read for one query at most, over all its words: the commonest words, which say least, are left out beyond it.
READ: Final = 1_000_000
#: What a word counts that was perhaps meant by an unknown one, and one that means the same as what was said.
MEANT, ALIKE = 0.6, 0.2
#: Where the words themselves stand in more rows, other names of what they name are not looked for. BM25 alone, nDCG@10
#: without, so, and with them always: sample 0.158, 0.168, 0.166; Beijing 0.192, 0.193, 0.202; shop 0.747, 0.747, 0.765;
#: but with them always the learnt order of the shop fell from 0.788 to 0.769.
SCARCE: Final = 500
#: Queries of which it is kept how they are read.
LATELY: Final = 64
#: Unknown words of a query that are looked up so.
UNKNOWN: Final = 4
#: Unknown words of which it is known what they may mean.
NEARLY: Final = 4096


@dataclass(frozen=True)
class Asked:
    """A query as columns of the score matrix."""

    said: list[int]
    meant: list[int]
    alike: list[int]
    words: frozenset[str]  # all of them, as tokens
    plan: str
    numbers: I64  # of the different words of the query, -1 for unknown ones


class TextIndex:
    """Immutable once built. One folder on disk, memory-mapped, or in memory for live upserts."""

    def __init__(self, scores: Scores | None, vocabulary: Vocabulary) -> None:
        """`scores`: None where no row holds a word."""
        self._scores, self.vocabulary = scores, vocabulary
        fields = np.zeros((1, 1), np.int64) if scores is None else scores.frequencies.reshape(len(FIELDS), -1)
        self._held: I64 = fields.sum(axis=0)
        self._last: tuple[tuple[Any, ...], Asked, F32] | None = None  # words are asked again, under another filter
        self._lately: dict[tuple[str, int, bool], Asked] = {}

    @staticmethod
    def build(
        texts: Iterable[Mapping[str, str]],
        folder: Path | None = None,
        joins: "TextIndex | None" = None,
        census: Census | None = None,
    ) -> "TextIndex":
        """One mapping field -> text per row, in row order; `folder` is created, None keeps the index in memory.

        `joins`: a larger index beside which this one answers: its words are as rare as they are in both.
        `census`: of all texts of which these are a part: they are scored as there.
        """
        numbered = Numbered()
        fields: dict[str, list[array[int]]] = {field: [] for field in FIELDS}
        for text in texts:
            for field, rows in fields.items():
                rows.append(numbered.words(text.get(field, "")))
        numbers = numbered.numbers
        vocabulary = Vocabulary.of(numbers)
        scores = None
        if numbers:
            among = None if census is None else _wholes(census, list(numbers))
            scores = Scores.build([(fields[f], weight) for f, weight in FIELDS.items()], len(numbers), among)
            if joins is not None and joins._scores is not None:
                scores = scores.as_if_in(joins._frequencies(list(numbers)), joins._scores.rows)
        if folder is not None:
            _save(folder, scores, vocabulary)
        return TextIndex(scores, vocabulary)

    @staticmethod
    def open(folder: Path) -> "TextIndex":
        """An index as it was built."""
        empty = not (folder / "params.index.json").exists()
        return TextIndex(None if empty else Scores.open(folder), Vocabulary.open(folder))

    def search(self, text: str, allowed: Mask, k: int, *, most: int = READ, exact: bool = False) -> Found:
        """The k best allowed rows. Scores are BM25 sums over the weighted fields; rows without any word never come.

        No row is lost under any filter: all have their score before it is applied. `most`: see READ. `exact`: count
        the words alone, none that mean the same or were perhaps meant.
        """
        if self._scores is None or k <= 0:
            return Found.nothing("bm25:0")
        asked, scores = self._of(self._scores, text, most, exact)
        rows = best(scores, allowed, k)
        return Found(rows, scores[rows], asked.plan)

    def worded(self, text: str, rows: I64) -> F32:
        """(2, len(rows)): BM25 of the query's words in the title, and in the attributes, at different rows; words in
        more than half of READ rows are not read."""
        if self._scores is None:
            return np.zeros((2, len(rows)), np.float32)
        step, said = len(self.vocabulary.terms), self._asked(text).said
        firsts = [list(FIELDS).index(field) * step for field in WORDED]
        held = self._scores.frequencies
        fields = [[c for c in said if first <= c < first + step and 2 * held[c] < READ] for first in firsts]
        found: F32 = self._scores.at(fields, rows) / _WEIGHTS
        return found

    def significance(self, text: str) -> F32:
        """(words,): how rare each word of a query is among the rows."""
        held, rows = self.held(text)
        return np.asarray(idf(held, rows), np.float32)

    def held(self, text: str) -> tuple[I64, int]:
        """(words,): how many rows hold each word of a query; and of how many rows. Nothing where no row has a word."""
        if self._scores is None:
            return np.empty(0, np.int64), 0
        numbers = self._asked(text).numbers
        return np.where(numbers < 0, 0, self._scores.frequencies[np.maximum(numbers, 0)]), self._scores.rows

    def weighted(self, text: str, *, exact: bool = False) -> tuple[dict[int, float], str]:
        """What `search` adds up for a query: column of the score matrix -> weight; and how the query was read."""
        found: dict[int, float] = {}
        if self._scores is None:
            return found, "bm25:0"
        asked = self._asked(text, READ, exact)
        for columns, weight in ((asked.said, 1.0), (asked.meant, MEANT), (asked.alike, ALIKE)):
            for column in columns:
                found[column] = found.get(column, 0.0) + weight
        return found, asked.plan

    def by_row(self, rows: I64) -> Iterator[tuple[I64, F32]]:
        """(columns, scores) of each of some different rows: a pass over the whole matrix."""
        return iter(()) if self._scores is None else self._scores.by_row(rows)

    def words(self, text: str) -> frozenset[str]:
        """The tokens that `search` looks for."""
        return self._asked(text).words

    def holders(self, part: str) -> I64 | None:
        """Rows, ascending, outside of which no text holds a folded piece; None where the words cannot tell.

        Every pair of neighbours in a run of Han is a word of its row, so that they can of two characters and more.
        """
        if len(part) < 2 or runs(part) != [part] or part[0] < HAN:
            return None
        numbers = self.vocabulary.find([part[at : at + 2] for at in range(len(part) - 1)])
        if self._scores is None or (numbers < 0).any():
            return np.empty(0, np.int64)
        rows, *others = sorted(map(self._scores.holding, numbers.tolist()), key=len)
        for other in others:
            rows = rows[np.searchsorted(other, rows, side="right") > np.searchsorted(other, rows)]
        return rows

    def lacks(self, word: str) -> bool:
        """Is it sure that no row holds a folded word: a Latin one, in any form, or two Han and more in a row?"""
        parts = runs(word)
        if len(parts) != 1 or (word[0] >= HAN and len(word) < 2):
            return False
        if word[0] >= HAN:
            rows = self.holders(word)
            return rows is not None and not len(rows)
        return bool((self.vocabulary.find(map(cut, words_of(parts[0]))) < 0).any())

    def _of(self, matrix: Scores, text: str, most: int, exact: bool) -> tuple[Asked, F32]:
        last, key = self._last, (text, most, exact)
        if last is None or last[0] != key:
            asked = self._asked(text, most, exact)
            self._last = last = (key, asked, self._sum(matrix, asked))
        return last[1], last[2]

    def _sum(self, matrix: Scores, asked: Asked) -> F32:
        scores = matrix.of(asked.said)
        for columns, weight in ((asked.meant, MEANT), (asked.alike, ALIKE)):
            if columns:
                matrix.add(scores, columns, weight)
        return scores

    def _asked(self, text: str, most: int = READ, exact: bool = False) -> Asked:
        """A query read; the last few are kept, since a request asks for the same words several times."""
        asked = self._lately.get((text, most, exact))
        if asked is None:
            if len(self._lately) >= LATELY:
                self._lately.clear()
            asked = self._lately[text, most, exact] = self._read(text, most, exact)
        return asked

    def _read(self, text: str, most: int, exact: bool) -> Asked:
        folded = fold(text).text
        runs = typed(folded)
        counts = dict(Counter(cut(word) for _, words in runs for word in words).most_common(LONGEST_QUERY))
        named = [] if exact else synonyms(folded)
        alike = [word for word in dict.fromkeys(map(cut, named)) if word not in counts]
        numbers = self.vocabulary.find([*counts, *alike])
        held = dict(zip([*counts, *alike], self._rows_with(numbers), strict=True))
        if sum(held[word] for word in counts) > SCARCE:
            alike, numbers = [], numbers[: len(counts)]
        meant = {} if exact else self._meant(runs, held)
        perhaps = self.vocabulary.numbers[list(dict.fromkeys(place for places in meant.values() for place in places))]
        said, left = self._within(numbers[: len(counts)], list(counts.values()), most)
        second, left = self._within(perhaps, [1] * len(perhaps), left)
        third, _ = self._within(numbers[len(counts) :], [1] * len(alike), left if left > 0 else -1)
        plan = f"bm25:{sum(held[word] > 0 for word in counts)}/{len(counts)} words"
        plan += "".join(f", {w}~{'|'.join(map(self.vocabulary.word, places))}" for w, places in meant.items())
        others = {self.vocabulary.word(place) for places in meant.values() for place in places}
        return Asked(said, second, third, frozenset([*counts, *alike, *others]), plan, numbers[: len(counts)])

    def _meant(self, runs: Sequence[tuple[str, Sequence[str]]], held: Mapping[str, int]) -> dict[str, list[int]]:
        """Unknown word -> places of the words that it may stand for; of the first few unknown words."""
        found: dict[str, list[int]] = {}
        for word, parts in dict(runs).items():
            long = [held.get(cut(part), 0) for part in parts if len(part) > 1]
            if long and max(long) < KNOWN and len(found) < UNKNOWN:
                found[word] = self._near(word)
        others = {word: [p for p in places if self.vocabulary.word(p) not in held] for word, places in found.items()}
        return {word: places for word, places in others.items() if places}

    @cached_property
    def _near(self) -> Callable[[str], list[int]]:
        """The last unknown words: people ask for the same few, such as those of the other language."""
        return lru_cache(maxsize=NEARLY)(
            lambda word: near(self.vocabulary, word, lambda at: self._rows_with(self.vocabulary.numbers[at]))
        )

    def _within(self, numbers: I64, counts: Sequence[int], most: int) -> tuple[list[int], int]:
        """The columns of the rarest words that `most` rows hold together, and what is left of `most`.

        A first word is read whatever holds it, unless `most` is below 0: then none.
        """
        held, step = self._rows_with(numbers), len(self.vocabulary.terms)
        columns: list[int] = []
        for count, at in sorted((count, at) for at, count in enumerate(held) if count and most >= 0):
            if count > most and columns:
                break
            most -= count
            first = int(numbers[at])
            columns += [first + field * step for field in range(len(FIELDS))] * counts[at]
        return columns, most

    def _rows_with(self, numbers: I64) -> list[int]:
        """Rows that hold each word; those of two fields count twice."""
        held: list[int] = np.where(numbers < 0, 0, self._held[numbers]).tolist()
        return held

    def _frequencies(self, words: Sequence[str]) -> I64:
        """Rows that hold each word, field by field, as one array."""
        numbers = self.vocabulary.find(words)
        if self._scores is None:
            return np.zeros(len(FIELDS) * len(words), np.int64)
        table = self._scores.frequencies.reshape(len(FIELDS), -1)
        held: I64 = np.where(numbers < 0, 0, table[:, np.maximum(numbers, 0)]).ravel()
        return held


def _wholes(census: Census, words: Sequence[str]) -> list[Whole]:
    held, rows = census.frequencies(words), max(1, census.rows)
    return [Whole(census.rows, float(length) / rows, of) for length, of in zip(census.lengths, held, strict=True)]


def _save(folder: Path, scores: Scores | None, vocabulary: Vocabulary) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary.save(folder)
    if scores is not None:
        scores.save(folder)
