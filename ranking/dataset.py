"""How do judgments and logged impressions become arrays to learn from? With the features that serving uses."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np

from engine.errors import BadInput
from engine.ports import Index
from engine.types import F32, F64, I64, Candidates, Intent, Mask, Query
from ranking.batch import Batch
from ranking.features import matrix
from ranking.metrics import mean_known, ndcg_of_scores

#: How ids of made-up questions and of logged pages begin: they teach, but no person graded their lists.
MADE: Final = "made-"
LOGGED: Final = "logged-"
#: Questions with so many constraints are rarely asked twice: the tail.
TAIL: Final = 3


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
    weights: F32 | None = None  # (rows,) what a row counts for; None: 1 each
    places: I64 | None = None  # (rows,) where it was shown, from 1; 0, or None, for what is no page
    times: F64 | None = None  # (lists,) seconds since 1970 when it was shown; NaN, or None, for what is no page
    traits: tuple[frozenset[str], ...] = ()  # per list, the slices that it belongs to (traits_of); () when not known

    def __post_init__(self) -> None:
        by_row, by_list = [self.weights, self.places], [self.times, self.traits or None]
        if any(column is not None and len(column) != len(self.y) for column in by_row):
            raise BadInput("dataset: weights and places are given for each row")
        if any(column is not None and len(column) != len(self.groups) for column in by_list):
            raise BadInput("dataset: times and traits are given for each list")
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

    def made(self) -> Mask:
        """Which lists answer questions made of what the index knows (lists,)."""
        return np.array([query_id.startswith(MADE) for query_id in self.query_ids], np.bool_)

    def logged(self) -> Mask:
        """Which lists are pages that were shown (lists,): graded by what people did there."""
        return np.array([query_id.startswith(LOGGED) for query_id in self.query_ids], np.bool_)

    def take(self, chosen: Sequence[int] | I64) -> "Dataset":
        """The lists with these numbers, in this order."""
        spans = list(self.lists())
        rows = np.concatenate([np.arange(0), *(np.arange(spans[i].start, spans[i].stop) for i in chosen)])
        at = np.asarray(chosen, dtype=np.int64)
        return Dataset(
            self.X[rows],
            self.y[rows],
            self.groups[at],
            tuple(self.query_ids[i] for i in chosen),
            None if self.weights is None else self.weights[rows],
            None if self.places is None else self.places[rows],
            None if self.times is None else self.times[at],
            tuple(self.traits[i] for i in chosen) if self.traits else (),
        )

    def digest(self) -> str:
        """SHA-256 over all arrays and ids: equal digests mean equal data."""
        digest = hashlib.sha256("\n".join(self.query_ids).encode())
        arrays: list[np.ndarray[Any, Any]] = [self.X, self.y, self.groups]
        for array in arrays if self.weights is None else [*arrays, self.weights]:
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
    traits = tuple(traits_of(row.intent) for row in rows)
    return Dataset(np.concatenate(X), np.concatenate(y), groups, tuple(row.query_id for row in rows), traits=traits)


def traits_of(intent: Intent) -> frozenset[str]:
    """The slices that a question belongs to: language, intent, the kind it wants most, does it say constraints, is it
    long (so many words are asked once: the tail)."""
    kind = max(intent.kinds.items(), key=lambda each: each[1])[0] if intent.kinds else "any"
    limits = "with constraints" if intent.constraints else "without constraints"
    tail = "tail" if len(intent.constraints) >= TAIL else "head"
    return frozenset({f"language {intent.lang}", f"intent {intent.name}", f"kind {kind}", limits, tail})


def joined(parts: Sequence[Dataset]) -> Dataset:
    """All lists one after the other; rows without weight weigh 1, lists without time have none."""
    full = [part for part in parts if len(part)]
    if not full:
        raise BadInput("dataset: there are no lists to join")
    ones = [np.ones(len(p.y), np.float32) if p.weights is None else p.weights for p in full]
    nowhere = [np.zeros(len(p.y), np.int64) if p.places is None else p.places for p in full]
    never = [np.full(len(p), np.nan) if p.times is None else p.times for p in full]
    return Dataset(
        np.concatenate([p.X for p in full]),
        np.concatenate([p.y for p in full]),
        np.concatenate([p.groups for p in full]),
        tuple(name for p in full for name in p.query_ids),
        np.concatenate(ones) if any(p.weights is not None for p in full) else None,
        np.concatenate(nowhere) if any(p.places is not None for p in full) else None,
        np.concatenate(never) if any(p.times is not None for p in full) else None,
        tuple(t for p in full for t in (p.traits or (frozenset(),) * len(p))),
    )


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
    return replace(
        data,
        X=data.X[where],
        y=data.y[where],
        groups=np.array(groups, dtype=np.int64),
        weights=None if data.weights is None else data.weights[where],
        places=None if data.places is None else data.places[where],
    )


def split(data: Dataset, share: float, seed: int) -> tuple[Dataset, Dataset]:
    """(kept, held out): whole lists drawn at random; lists of the same query id stay together."""
    ids = sorted(set(data.query_ids))
    np.random.default_rng(seed).shuffle(ids)
    return _divide(data, set(ids[: max(1, round(share * len(ids)))]))


def later(data: Dataset, share: float) -> Mask:
    """The last `share` of the pages by time (lists,): held out as serving will meet them. What is no page is not."""
    times = np.full(len(data), np.nan) if data.times is None else data.times
    known = np.flatnonzero(np.isfinite(times))
    out = np.zeros(len(data), np.bool_)
    if len(known):
        newest = known[np.argsort(times[known], kind="stable")]
        out[newest[len(newest) - max(1, round(share * len(newest))) :]] = True
    return out


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


def ndcg(data: Dataset, scores: F64, k: int = 10) -> float:
    """Mean nDCG@k over the lists with a relevant row."""
    return mean_known(ndcg_of_scores(scores, data.y, data.groups, k))
