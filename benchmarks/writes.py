"""What does a live write cost, the more has changed since the snapshot? From the commit on, until searches see it.

`python -m benchmarks.writes --root ROOT`: the sample's own notes, places and products under other ids, written one at a
time, after so many others. Processor time of `Snapshot.with_changes`, without the vector, which comes later.
"""

import argparse
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from api.printing import say
from benchmarks import figures
from engine.types import KINDS
from indexing.changes import Change
from indexing.publish import Publisher
from indexing.snapshot import Snapshot
from indexing.validate import to_items

TENANT: Final = "default"
CHANGED: Final = (0, 100, 1_000, 5_000)
#: Writes measured after each number of others, so that layers are merged in some of them.
WRITES: Final = 60


def changes(index: Snapshot, seed: int = 7) -> Iterator[Change]:
    """New items without end: those of the snapshot, drawn at random, under ids of their own."""
    rng = np.random.default_rng(seed)
    items = {kind: to_items(index.base.parts[kind].table) for kind in KINDS}
    shares = np.array([len(items[kind]) for kind in KINDS], float)
    seq = 0
    while True:
        seq += 1
        kind = KINDS[int(rng.choice(len(KINDS), p=shares / shares.sum()))]
        row: dict[str, Any] = {
            k: v for k, v in items[kind][int(rng.integers(len(items[kind])))].items() if v is not None
        }
        yield seq, f"live-{seq}", kind, {**row, "id": f"live-{seq}"}


def measured(index: Snapshot) -> list[dict[str, str | int | float | None]]:
    """A row for each of CHANGED."""
    drawn, count = changes(index), 0
    rows: list[dict[str, str | int | float | None]] = []
    for others in CHANGED:
        index = index.with_changes([next(drawn) for _ in range(others - count)])
        taken = []
        for _ in range(WRITES):
            change, began = next(drawn), time.process_time()
            index = index.with_changes([change])
            taken.append((time.process_time() - began) * 1000)
        count = others + WRITES
        mean, p50, most = (round(float(each), 1) for each in (np.mean(taken), np.median(taken), max(taken)))
        rows.append(
            {"changed before": others, "mean ms": mean, "p50 ms": p50, "most ms": most, "layers": len(index.layers)}
        )
    return rows


def main() -> None:
    """Measure, print, record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--record", action="store_true", help="keep the figures for the README")
    chosen = parser.parse_args()
    opened = Publisher(chosen.root).open(TENANT, lambda folder, manifest: Snapshot.open(folder, TENANT, manifest.seq))
    rows = measured(opened.value)
    for row in rows:
        say("  ".join(f"{name} {value}" for name, value in row.items()))
    if chosen.record:
        note = f"{WRITES} writes each, one item a write; {opened.value.count(TENANT, 'note')} notes published."
        figures.record("writes", f"python -m benchmarks.writes --root {chosen.root} --record", rows, note)


if __name__ == "__main__":
    main()
    os._exit(0)
