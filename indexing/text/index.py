"""Which rows hold the words of a query, under a filter? BM25 (bm25s) over our own tokens, fields weighted.

<folder>/*.csc.index.npy  params.index.json   the scores (bm25s)
<folder>/{terms,numbers,sounds,spoken}.npy    the words
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from engine.types import F32, I64, Found, Mask
from indexing.text.best import best
from indexing.text.bm25 import Scores
from indexing.text.near import KNOWN, near
from indexing.text.synonyms import synonyms
from indexing.text.vocabulary import Vocabulary, cut
from indexing.tokens import tokens, typed

#: field -> weight of its words. One field holds all that is said, so that a word counts once and long texts pay for
#: their length; the title adds a little. Measured on judged shop queries: title, tags and body apart, summed with
#: weights 2, 1.5 and 1, rank worse (nDCG@10 0.683 against 0.750).
FIELDS: Final[Mapping[str, float]] = {"all": 1.0, "title": 0.3, "attributes": 0.1}
#: A query's words beyond these add cost, not meaning.
LONGEST_QUERY: Final = 64
#: Rows read for one query at most, over all its words: the commonest words, which say least, are left out beyond it.
READ: Final = 1_000_000
#: What a word counts that was perhaps meant by an unknown one, and one that means the same as what was said.
#: Measured on judged queries (BM25 alone, nDCG@10 without and with the latter): shop 0.747 and 0.764, sample 0.158 and
#: 0.163, places in Beijing 0.195 and 0.193.
MEANT, ALIKE = 0.6, 0.2


@dataclass(frozen=True)
class Asked:
    """A query as columns of the score matrix."""

    said: list[int]
    meant: list[int]
    alike: list[int]
    plan: str


class TextIndex:
    """Immutable once built. One folder on disk, memory-mapped, or in memory for live upserts."""

    def __init__(self, scores: Scores | None, vocabulary: Vocabulary) -> None:
        """`scores`: None where no row holds a word."""
        self._scores, self.vocabulary = scores, vocabulary
        self._last: tuple[str, Asked, F32] | None = None  # the same words are asked again, under another filter

    @staticmethod
    def build(
        texts: Iterable[Mapping[str, str]], folder: Path | None = None, joins: "TextIndex | None" = None
    ) -> "TextIndex":
        """One mapping field -> text per row, in row order; `folder` is created, None keeps the index in memory.

        `joins`: a larger index beside which this one answers: its words are as rare as they are in both.
        """
        numbers: dict[str, int] = {}
        fields: dict[str, list[array[int]]] = {field: [] for field in FIELDS}
        for text in texts:
            for field, rows in fields.items():
                words = map(cut, tokens(text.get(field, "")))
                rows.append(array("i", [numbers.setdefault(word, len(numbers)) for word in words]))
        vocabulary = Vocabulary.of(numbers)
        scores = None
        if numbers:
            scores = Scores.build([(fields[f], weight) for f, weight in FIELDS.items()], len(numbers))
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

    def search(self, text: str, allowed: Mask, k: int) -> Found:
        """The k best allowed rows. Scores are BM25 sums over the weighted fields; rows without any word never come.

        Exact under any filter: all rows have their score before the filter is applied.
        """
        if self._scores is None or k <= 0:
            return Found.nothing("bm25:0")
        last = self._last
        if last is None or last[0] != text:
            asked = self._asked(text)
            self._last = last = (text, asked, self._sum(self._scores, asked))
        _, asked, scores = last
        rows = best(scores, allowed, k)
        return Found(rows, scores[rows], asked.plan)

    def _sum(self, matrix: Scores, asked: Asked) -> F32:
        scores = matrix.of(asked.said)
        for columns, weight in ((asked.meant, MEANT), (asked.alike, ALIKE)):
            if columns:
                scores += np.float32(weight) * matrix.of(columns)
        return scores

    def _asked(self, text: str) -> Asked:
        counts = dict(Counter(map(cut, tokens(text))).most_common(LONGEST_QUERY))
        held = self._held(list(counts))
        said = [w for w, n in zip(counts, held, strict=True) if n]
        meant = self._meant(text, dict(zip(counts, held.tolist(), strict=True)))
        others = list(dict.fromkeys(w for words in meant.values() for w in words))
        alike = [w for w in dict.fromkeys(map(cut, synonyms(text))) if w not in counts and w not in others]
        columns, left = self._within(said, counts, READ)
        perhaps, left = self._within(others, {}, left)
        same, _ = self._within(alike, {}, left) if left > 0 else ([], 0)
        plan = f"bm25:{len(said)}/{len(counts)} words"
        plan += "".join(f", {word}~{'|'.join(words)}" for word, words in meant.items())
        return Asked(columns, perhaps, same, plan)

    def _meant(self, text: str, held: Mapping[str, int]) -> dict[str, list[str]]:
        """Unknown word -> words of the index that it may stand for."""
        found: dict[str, list[str]] = {}
        for word, parts in typed(text):
            if max((held.get(cut(part), 0) for part in parts), default=KNOWN) < KNOWN:
                places = near(self.vocabulary, word, lambda at: self._rows_with(self.vocabulary.numbers[at]))
                words = [w for place in places if (w := self.vocabulary.word(place)) not in held]
                if words:
                    found[word] = words
        return found

    def _within(self, words: Sequence[str], counts: Mapping[str, int], most: int) -> tuple[list[int], int]:
        """The columns of the rarest words that hold `most` rows together (always those of one), and what is left."""
        numbers = self.vocabulary.find(words)
        held = self._rows_with(numbers)
        columns: list[int] = []
        for at in (int(at) for at in np.argsort(held, kind="stable") if held[at]):
            if held[at] > most and columns:
                break
            most -= int(held[at])
            own = [int(numbers[at]) + field * len(self.vocabulary.terms) for field in range(len(FIELDS))]
            columns += own * counts.get(words[at], 1)
        return columns, most

    def _held(self, words: Sequence[str]) -> I64:
        """Rows that hold each word, in any field; those of two fields count twice."""
        return self._rows_with(self.vocabulary.find(words))

    def _rows_with(self, numbers: I64) -> I64:
        if self._scores is None:
            return np.zeros(len(numbers), np.int64)
        table = self._scores.frequencies.reshape(len(FIELDS), -1)
        held: I64 = np.where(numbers < 0, 0, table[:, np.maximum(numbers, 0)].sum(axis=0))
        return held

    def _frequencies(self, words: Sequence[str]) -> I64:
        """Rows that hold each word, field by field, as one array."""
        numbers = self.vocabulary.find(words)
        if self._scores is None:
            return np.zeros(len(FIELDS) * len(words), np.int64)
        table = self._scores.frequencies.reshape(len(FIELDS), -1)
        held: I64 = np.where(numbers < 0, 0, table[:, np.maximum(numbers, 0)]).ravel()
        return held


def _save(folder: Path, scores: Scores | None, vocabulary: Vocabulary) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary.save(folder)
    if scores is not None:
        scores.save(folder)
