"""Which way to learn is best? One change at a time, on lists not learnt from, beside orders by hand.

`python -m benchmarks.quality.learning`: the sample's judged queries by 5-fold cross-validation, learnt from with
questions made of its items; the single retrievers, the order by hand, the cold start (made questions alone), trees held
to be monotone, one model for each kind. Paired tests against what serves by default.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from api.printing import say
from benchmarks import figures
from benchmarks.quality.people import world
from engine.types import F32, F64
from ranking.dataset import Dataset, joined
from ranking.features import NAMES
from ranking.linear import NOTHING, Base
from ranking.metrics import mean_known, ndcg_of_scores
from ranking.model import LightGbmRanker
from ranking.significance import paired
from ranking.train import Settings, cross_validate, train

#: A fixed number of trees on a fixed base: what is compared is one change, not the luck of early stopping.
FIXED: Final = Settings(bases=(Base("balanced", 3.0),), many_lists=10**9, few_trees=80)
KINDS: Final = ("is_note", "is_product", "is_poi")
Row = dict[str, str | int | float | None]


def by_column(data: Dataset, name: str) -> F64:
    """One retriever alone."""
    values: F64 = np.nan_to_num(data.X[:, NAMES.index(name)].astype(np.float64), nan=-1e9)
    return values


def by_hand(data: Dataset, weights: str) -> F64:
    """One of the orders set by hand."""
    base = Base(weights, 1.0)
    return np.concatenate([base.start(data.X[rows]) for rows in data.lists()]).astype(np.float64)


def cold(data: Dataset) -> F64:
    """Learnt from made questions alone: no judgment, no click."""
    trained = train(data.take(np.flatnonzero(~data.judged())), FIXED)
    ranker = LightGbmRanker.fresh(trained.text, trained.base)
    return np.concatenate([ranker.score_matrix(data.X[rows]) for rows in data.lists()]).astype(np.float64)


def by_kind(data: Dataset) -> F64:
    """A model for each kind, learnt from the rows of that kind alone."""
    out = np.zeros(len(data.y))
    for name in KINDS:
        mine = data.X[:, NAMES.index(name)] == 1
        part = only(data, mine)
        scores = cross_validate(part, FIXED)
        out[np.flatnonzero(mine)] = np.nan_to_num(scores)
    return out


def only(data: Dataset, rows: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Dataset:
    """The lists with these rows alone; lists of which nothing is left become lists without a row."""
    lengths = np.array([int(rows[span].sum()) for span in data.lists()], np.int64)
    left = np.flatnonzero(lengths)
    ids = tuple(data.query_ids[number] for number in left)
    X: F32 = data.X[rows]
    return Dataset(X, data.y[rows], lengths[left], ids)


def judged_alone(data: Dataset) -> F64:
    """Without the made questions."""
    out, chosen = np.full(len(data.y), np.nan), np.flatnonzero(data.judged())
    scores, spans, at = cross_validate(data.take(chosen), FIXED), list(data.lists()), 0
    for number in chosen:
        size = spans[number].stop - spans[number].start
        out[spans[number]] = scores[at : at + size]
        at += size
    known: F64 = np.nan_to_num(out)
    return known


SYSTEMS: Final[Mapping[str, Callable[[Dataset], F64]]] = {
    "BM25 alone": lambda data: by_column(data, "bm25"),
    "meaning alone": lambda data: by_column(data, "cosine"),
    "retrieval's fusion": lambda data: by_column(data, "fused"),
    "by hand": lambda data: by_hand(data, "balanced"),
    "cold start": cold,
    "learnt": lambda data: cross_validate(data, FIXED),
    "learnt, monotone": lambda data: cross_validate(data, replace(FIXED, monotone=True)),
    "learnt, no base": lambda data: cross_validate(data, replace(FIXED, bases=(NOTHING,))),
    "learnt, one model a kind": by_kind,
    "learnt, judged lists alone": judged_alone,
}


def with_events(data: Dataset, events: Dataset) -> F64:
    """Learnt from the logged pages of the sample too; the newest of them are never learnt from."""
    return cross_validate(joined([data, events]), FIXED)[: len(data.y)]


def main() -> None:
    """Print a row a system; with --record keep them among the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.learning", description=__doc__)
    parser.add_argument("--record", action="store_true")
    chosen, lists = parser.parse_args(), world()
    data, events = lists.data, lists.events
    judged, rows = data.judged(), list[Row]()
    values = {}
    systems = dict(SYSTEMS)
    if events is not None:
        systems["learnt, logged pages too"] = lambda data: with_events(data, events)
    for name, system in systems.items():
        values[name] = ndcg_of_scores(system(data), data.y, data.groups, 10)[judged]
        say(f"{name}: {mean_known(values[name]):.4f}")
    for name, found in values.items():
        hand, told = paired(found, values["by hand"]), paired(found, values["learnt"])
        row: Row = {"order": name, "nDCG@10": round(mean_known(found), 4)}
        row |= {"against by hand": round(hand.gain, 4), "p": round(hand.p_two_sided, 4)}
        row |= {"against learnt": round(told.gain, 4), "p of it": round(told.p_two_sided, 4)}
        rows.append(row)
        say("  ".join(f"{key} {value}" for key, value in row.items()))
    if chosen.record:
        note = f"{int(judged.sum())} judged queries of the sample, lists thinned to 100 rows."
        figures.record("learning", "python -m benchmarks.quality.learning", rows, note)


if __name__ == "__main__":
    main()
