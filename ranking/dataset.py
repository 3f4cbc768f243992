"""How do judgments and logged impressions become arrays to learn from? With the features that serving uses."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from engine.errors import BadInput
from engine.ports import Index
from engine.types import F32, I64, Candidates, Intent, Mask, Query
from ranking.batch import Batch
from ranking.features import matrix

#: How ids of made-up questions and of logged pages begin: they teach, but no person graded their lists.
MADE: Final = "made-"
LOGGED: Final = "logged-"


@dataclass(frozen=True, slots=True)
class Judgment:
    """One query's candidates with their grades, as the engine retrieved them."""

    query_id: str
    intent: Intent
    query: Query
    found: Candidates
    grades: Sequence[int]  # parallel to found, 0 = not relevant


def judged(
    index: Index,
    query_id: str,
    intent: Intent,
    query: Query,
    found: Candidates,
    grades: Mapping[str, int],
    *,
    shown_only: bool = False,
) -> Judgment:
    """Grades by item id put on what retrieval found; an item without a grade counts as 0.

    `shown_only`: it is left out instead. For impressions: what nobody saw was not judged.
    """
    ids = Batch(index, intent, query, found).texts("id")
    keep = np.array([not shown_only or name in grades for name in ids], dtype=np.bool_)
    kept = Candidates(*(getattr(found, field.name)[keep] for field in fields(Candidates)))
    return Judgment(query_id, intent, query, kept, [grades.get(ids[i] or "", 0) for i in np.flatnonzero(keep)])


@dataclass(frozen=True, slots=True)
class Dataset:
    """X (rows, features) float32, y (rows,) int64 grades, groups (lists,) int64 lengths; the rows of a list adjoin."""

    X: F32
    y: I64
    groups: I64
    query_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        if not len(self.X) == len(self.y) == self.groups.sum() or len(self.groups) != len(self.query_ids):
            raise BadInput(f"dataset: {len(self.X)} rows, {len(self.y)} grades, lists that hold {self.groups.sum()}")
        if (self.y < 0).any():
            raise BadInput("dataset: grades must be 0 or more")

    def __len__(self) -> int:
        return len(self.groups)

    def lists(self) -> Iterator[slice]:
        """The rows of each list, in order."""
        ends = np.cumsum(self.groups)
        return (slice(int(end - size), int(end)) for end, size in zip(ends, self.groups, strict=True))

    def judged(self) -> Mask:
        """Which lists people judged (lists,): the others were made (MADE) or logged."""
        return np.array([not query_id.startswith((MADE, LOGGED)) for query_id in self.query_ids], np.bool_)

    def logged(self) -> Mask:
        """Which lists are pages that were shown (lists,): graded by what people did there."""
        return np.array([query_id.startswith(LOGGED) for query_id in self.query_ids], np.bool_)

    def take(self, chosen: Sequence[int] | I64) -> "Dataset":
        """The lists with these numbers, in this order."""
        spans = list(self.lists())
        rows = np.concatenate([np.arange(0), *(np.arange(spans[i].start, spans[i].stop) for i in chosen)])
        ids = tuple(self.query_ids[i] for i in chosen)
        return Dataset(self.X[rows], self.y[rows], self.groups[np.asarray(chosen, dtype=np.int64)], ids)

    def digest(self) -> str:
        """SHA-256 over all arrays and ids: equal digests mean equal data."""
        digest = hashlib.sha256("\n".join(self.query_ids).encode())
        for array in (self.X, self.y, self.groups):
            digest.update(str((array.shape, array.dtype)).encode() + np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


def dataset(index: Index, judgments: Iterable[Judgment]) -> Dataset:
    """Featurise judged candidates; lists without candidates are left out."""
    rows = [judgment for judgment in judgments if len(judgment.found)]
    if not rows:
        raise BadInput("dataset: no query has a candidate; are the judged items in this index?")
    X = [matrix(Batch(index, row.intent, row.query, row.found)) for row in rows]
    y = [np.asarray(row.grades, dtype=np.int64) for row in rows]
    groups = np.array([len(row.found) for row in rows], dtype=np.int64)
    return Dataset(np.concatenate(X), np.concatenate(y), groups, tuple(row.query_id for row in rows))


def thin(data: Dataset, most: int, seed: int) -> Dataset:
    """At most `most` rows a list, drawn at random: up to half of them relevant, or more where the rest are too few.

    Keeps learning fast where gold sets are large; compare models on the full lists.
    """
    rng, kept, groups = np.random.default_rng(seed), [np.arange(0)], []
    for rows in data.lists():
        order = rng.permutation(rows.stop - rows.start) + rows.start
        good, rest = order[data.y[order] > 0], order[data.y[order] == 0]
        n_good = max(min(len(good), most // 2), most - len(rest))
        chosen = np.sort(np.concatenate([good[:n_good], rest[: max(0, most - len(good[:n_good]))]]))
        kept.append(chosen)
        groups.append(len(chosen))
    where = np.concatenate(kept)
    return Dataset(data.X[where], data.y[where], np.array(groups, dtype=np.int64), data.query_ids)


def split(data: Dataset, share: float, seed: int) -> tuple[Dataset, Dataset]:
    """(kept, held out): whole lists drawn at random; lists of the same query id stay together."""
    ids = sorted(set(data.query_ids))
    np.random.default_rng(seed).shuffle(ids)
    return _divide(data, set(ids[: max(1, round(share * len(ids)))]))


def time_split(data: Dataset, times: Sequence[float], share: float) -> tuple[Dataset, Dataset]:
    """(earlier, later): the last `share` of the lists by time is held out, as serving will meet it. times: (lists,)."""
    order = np.argsort(np.asarray(times, dtype=np.float64), kind="stable")
    cut = len(order) - max(1, round(share * len(order)))
    return data.take(order[:cut]), data.take(order[cut:])


def folds(data: Dataset, count: int, seed: int) -> Iterator[tuple[I64, I64]]:
    """(lists to train on, lists to predict) for each fold; lists of the same query id stay together."""
    ids = sorted(set(data.query_ids))
    np.random.default_rng(seed).shuffle(ids)
    fold_of = {name: number % count for number, name in enumerate(ids)}
    fold = np.array([fold_of[name] for name in data.query_ids])
    return ((np.flatnonzero(fold != number), np.flatnonzero(fold == number)) for number in range(min(count, len(ids))))


def _divide(data: Dataset, held: set[str]) -> tuple[Dataset, Dataset]:
    inside = np.array([name in held for name in data.query_ids])
    return data.take(np.flatnonzero(~inside)), data.take(np.flatnonzero(inside))
