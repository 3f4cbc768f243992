"""Which queries tune an engine, and which measure it? Never the same ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.corpora.filters import Filter
from benchmarks.corpora.vectors import Corpus, recall
from engine.types import F32, I64

#: Of a share's queries, so many tune; the rest measure.
TUNING: Final = 40


@dataclass(frozen=True)
class Asked:
    """Queries float32[q, dim] with a filter each, and the exact answers, best first."""

    queries: F32
    filters: Sequence[Filter]
    truth: Sequence[I64]

    def recall(self, at: int, rows: I64) -> float:
        """The share of query `at`'s exact answers that are among `rows`."""
        return recall(rows, self.truth[at])

    def __len__(self) -> int:
        return len(self.queries)


def split(corpus: Corpus, share: str) -> tuple[Asked, Asked]:
    """(for tuning, for measuring) of one share of rows."""
    at = min(TUNING, len(corpus.queries) // 2)
    queries, filters, truth = corpus.queries, corpus.filters[share], corpus.truth[share]
    return Asked(queries[:at], filters[:at], truth[:at]), Asked(queries[at:], filters[at:], truth[at:])
