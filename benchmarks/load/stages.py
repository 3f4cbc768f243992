"""What does each stage of a search cost, at any number of items? Processor time in one process, without HTTP.

The sample's graded queries, each asked again and again until what can be kept is kept; roots take turns, so that a busy
machine slows all of them alike. Beside it the recall of the search by meaning, against every row.
Example: `python -m benchmarks.load.stages --root var/small --root var/large`
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from msgspec.structs import replace

from api import heap
from api.printing import progress, say
from api.settings import Settings
from benchmarks import figures, roots
from engine.budget import Budget
from engine.errors import BadInput, LifestyleError
from engine.ports import Index
from engine.read import read
from engine.retrieve import wanted
from engine.search import Engine
from engine.types import F32, Kind, Mask, Query

UNHURRIED_MS: Final = 60_000.0
#: Recall is that of so many nearest; without a filter, of every so many queries; rows scored at a time.
K, EVERY, BLOCK = 100, 5, 20_000
#: Scores that differ by no more are equal: recombined items have copies.
EQUAL: Final = 1e-5
STAGES: Final = ("understand", "retrieve", "rank", "blend", "prove")
Row = dict[str, str | int | float | None]


class Asked:
    """One root, open, and what its searches cost so far: milliseconds by stage."""

    def __init__(self, root: Path, limit: int) -> None:
        with heap.settled():  # as a server opens it
            bench = roots.opened(Settings(root=root, encoder="bundled"))
        self.root = root
        self.engine = Engine(lambda _: bench.view, bench.store, lambda: roots.NOW)
        self.queries = [replace(query, limit=limit) for query in roots.queries(bench)]
        self.spent: dict[str, list[float]] = defaultdict(list)

    def ask(self, *, counted: bool) -> None:
        """Every query once."""
        for query in self.queries:
            timings = self._timed(query)
            for stage, spent in timings.items() if counted else ():
                self.spent[stage].append(spent)

    def _timed(self, query: Query) -> Mapping[str, float]:
        began = time.thread_time()
        found = self.engine.search(query, Budget(UNHURRIED_MS, time.thread_time))
        return {**found.timings, "all": (time.thread_time() - began) * 1000}

    def row(self) -> Row:
        """What is told of it."""
        whole, recalls = self.spent["all"], self.recalls()
        stages: Row = {stage: round(float(np.median(self.spent[stage])), 2) for stage in STAGES}
        return {
            "items": roots.count(self.root),
            "p50 ms": round(float(np.percentile(whole, 50)), 2),
            "p99 ms": round(float(np.percentile(whole, 99)), 2),
            **stages,
            **{name: round(float(np.mean(found)), 4) if found else None for name, found in recalls.items()},
        }

    def recalls(self) -> dict[str, list[float]]:
        """Of the K nearest by meaning the share that is found: under the queries' hard constraints, and without any."""
        view, tenant = self.engine.now(self.queries[0].tenant), self.queries[0].tenant
        out: dict[str, list[float]] = {f"recall@{K} filtered": [], f"recall@{K} of all": []}
        for number, query in enumerate(self.queries):
            intent = read(query, view.index, roots.NOW)
            if not intent.text:
                continue
            kind, vector = wanted(intent, query)[0], self.engine.vectors.get(view, intent.text)[0]
            mask = view.index.allowed(tenant, kind, [c for c in intent.constraints if c.hardness == "hard"])
            if np.count_nonzero(mask) > K:
                out[f"recall@{K} filtered"].append(_recall(view.index, tenant, kind, vector, mask))
            if number % EVERY == 0:
                every = view.index.allowed(tenant, kind, [])
                out[f"recall@{K} of all"].append(_recall(view.index, tenant, kind, vector, every))
        return out


def _recall(index: Index, tenant: str, kind: Kind, vector: F32, mask: Mask) -> float:
    """Against every row that the mask keeps, some at a time; of rows that score alike any is right."""
    rows = np.flatnonzero(mask)
    scores = np.concatenate(
        [index.vectors(tenant, kind, rows[s : s + BLOCK]) @ vector for s in range(0, len(rows), BLOCK)]
    )
    k = min(K, len(rows))
    worst = np.partition(scores, len(scores) - k)[len(scores) - k]
    return int(np.count_nonzero(index.dense(tenant, kind, vector, mask, K).scores >= worst - EQUAL)) / k


def main(arguments: list[str] | None = None) -> int:
    """Ask all roots in turn; print, and record when asked; -> the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load.stages", description=__doc__)
    parser.add_argument(
        "--root", type=Path, action="append", required=True, help="a published root; several may be given"
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often every query is counted")
    parser.add_argument("--limit", type=int, default=20, help="hits on a page")
    parser.add_argument("--record", help="the name of the figure to keep in figures.json")
    chosen = parser.parse_args(arguments)
    try:
        asked = [Asked(root, chosen.limit) for root in chosen.root]
        for number in range(chosen.rounds + 1):  # the first fills what is kept: it is not counted
            for each in asked:
                progress(f"round {number} of {chosen.rounds}, {each.root}")
                each.ask(counted=number > 0)
        rows = [each.row() for each in asked]
    except (BadInput, LifestyleError) as error:
        say(f"stages: {error}")
        return 1
    _tell(rows)
    if chosen.record:
        note = "Processor milliseconds in one process, query vectors at hand; stages are medians. Roots took turns."
        figures.record(
            chosen.record, f"python -m benchmarks.load.stages {' '.join(arguments or sys.argv[1:])}", rows, note
        )
    return 0


def _tell(rows: Sequence[Row]) -> None:
    say("\t".join(rows[0]))
    say("\n".join("\t".join(str(value) for value in row.values()) for row in rows))


if __name__ == "__main__":
    sys.exit(main())
