"""What does ranking cost? Features and trees apart, for lists of 100, 300 and 500 candidates.

`python -m benchmarks.ranking`: the sample's items under its judged questions, candidates drawn at random; a model of 70
trees learnt from the questions that are made of them. All features, with counts and the person who asks, and without
them; all of a page as they are logged; those that the model reads, its sums beside LightGBM's own (and how far they are
apart). Processor time; the best of many rounds for each list.
"""

import argparse
import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from msgspec.structs import replace

from api.coldstart import generated
from api.history import History, together
from api.printing import say
from api.settings import Settings as SavedAt
from api.systems import Bench
from benchmarks import figures, roots
from engine.known import Known
from engine.later import LATER
from engine.read import read
from engine.types import F32, KINDS, Candidates, Intent, Kind, Query
from indexing.sample import files
from ranking.batch import Batch
from ranking.dataset import dataset, thin
from ranking.features import NAMES, matrix, of_page
from ranking.impressions import join
from ranking.linear import Base
from ranking.model import LightGbmRanker
from ranking.settings import Settings
from ranking.train import train

LISTS_OF: Final[Mapping[str, Mapping[Kind, int]]] = {
    "100 places": {"poi": 100},
    "300 places": {"poi": 300},
    "100 of three kinds": {"poi": 50, "note": 25, "product": 25},
    "300 of three kinds": {"poi": 150, "note": 75, "product": 75},
    "500 of three kinds": {"poi": 250, "note": 125, "product": 125},
}
TREES, MADE, LISTS, ROUNDS = 70, 120, 12, 40
Row = dict[str, str | int | float | None]
Asked = tuple[Intent, Query, Candidates]
T = TypeVar("T")


def drawn(bench: Bench, counts: Mapping[Kind, int], seed: int) -> Candidates:
    """So many items of each kind, with scores of retrievers that missed some."""
    rng, size = np.random.default_rng(seed), sum(counts.values())
    kinds = [kind for kind in KINDS if counts.get(kind)]
    rows = [rng.choice(bench.view.index.count(bench.tenant, kind), counts[kind], replace=False) for kind in kinds]
    kind = np.concatenate([np.full(counts[kind], KINDS.index(kind), np.int8) for kind in kinds])
    scores = rng.random((4, size), np.float32)
    dense, lexical, votes = (np.where(rng.random(size) < share, scores[n], np.nan).astype(np.float32)
                             for n, share in enumerate((0.9, 0.5, 0.3)))  # fmt: skip
    row = np.concatenate(rows).astype(np.int64)
    return Candidates(kind, row, dense, lexical, votes, scores[3], np.zeros(size, np.int8))


def best_ms(work: Callable[[T], object], asked: Sequence[T]) -> float:
    """Mean over the lists of each one's best round."""
    taken = np.full((ROUNDS, len(asked)), np.inf)
    for turn in range(ROUNDS):
        for number, each in enumerate(asked):
            began = time.thread_time_ns()
            work(each)
            taken[turn, number] = (time.thread_time_ns() - began) / 1e6
    return round(float(taken.min(axis=0).mean()), 3)


def known_people(bench: Bench) -> list[Known]:
    """What was known of some readers of the sample's newest pages, and of everybody, when they were shown."""
    index, tenant, events = bench.view.index, bench.tenant, files.events()
    history, known = History(events), list[Known]()
    for page in join(events)[-LISTS:]:
        told = history.known(page.query_id, page.at.timestamp())
        if told.counts is not None:
            counts = dataclasses.replace(told.counts, together=together(told.counts, index, tenant))
            known.append(Known(told.at, told.person, counts))
    return known


def taught(bench: Bench) -> LightGbmRanker:
    """A model of TREES trees, its machine code made where numba is installed."""
    lists = thin(dataset(bench.view.index, generated(bench, MADE)), 100, seed=roots.SEED)
    learnt = train(lists, Settings(bases=(Base("balanced", 3.0),), fixed=True, few_trees=TREES))
    ranker = LightGbmRanker.fresh(learnt.text, learnt.base)
    LATER.finish()
    return ranker


def measured(bench: Bench, ranker: LightGbmRanker, asked: Sequence[Asked], name: str) -> Row:
    """A row: milliseconds a list, and the largest difference to LightGBM's own sums."""
    index, booster = bench.view.index, ranker.booster

    def features(of: Asked) -> F32:
        return matrix(Batch(index, *of))

    def anonymous(of: Asked) -> F32:
        return matrix(Batch(index, replace(of[0], known=None), *of[1:]))

    def logged(of: Asked) -> F32:
        return of_page(Batch(index, *of), np.arange(10))

    X = [features(of) for of in asked]
    return {
        "candidates": name,
        f"all {len(NAMES)} features ms": best_ms(features, asked),
        "without those of people ms": best_ms(anonymous, asked),
        "all of a page of 10, to log ms": best_ms(logged, asked),
        "features it reads and score ms": best_ms(lambda of: ranker.score(index, *of), asked),
        "score alone ms": best_ms(ranker.score_matrix, X),
        "LightGBM's predict ms": best_ms(lambda x: booster.predict(x, num_threads=1), X),
        "furthest from LightGBM": max(
            float(np.abs(ranker.sums(x) - booster.predict(x, num_threads=1)).max()) for x in X
        ),
    }


def main() -> None:
    """Print a row a size; with --record keep them among the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ranking", description=__doc__)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--root", type=Path, help="a root of the sample that was built before, such as make demo's")
    chosen = parser.parse_args()
    bench = roots.opened(SavedAt(root=chosen.root, encoder="bundled") if chosen.root else roots.sample())
    ranker, rows = taught(bench), list[Row]()
    read_as = [(read(query, bench.view.index, roots.NOW), query) for query in roots.queries(bench)]
    asked_much = [(intent, query) for intent, query in read_as if len(intent.constraints) >= 2][:LISTS]
    people = known_people(bench)
    for name, counts in LISTS_OF.items():
        known = [replace(intent, known=people[n % len(people)]) for n, (intent, _) in enumerate(asked_much)]
        asked = [(known[n], query, drawn(bench, counts, n)) for n, (_, query) in enumerate(asked_much)]
        rows.append(measured(bench, ranker, asked, name))
        say("  ".join(f"{name} {value}" for name, value in rows[-1].items()))
    if chosen.record:
        note = f"{len(asked_much)} questions of two constraints or more; {TREES} trees; one core, processor time."
        figures.record(
            "ranking", f"python -m benchmarks.ranking{' --root var/smoke' if chosen.root else ''}", rows, note
        )


if __name__ == "__main__":
    main()
