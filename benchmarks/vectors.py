"""What does a filtered vector search cost here: time, recall, bytes, with live changes, and under a memory limit?

Example: `python -m benchmarks.vectors clustered 1000000 --limit-mb 1024 --record vectors-1m`
"""

import argparse
import multiprocessing
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from time import thread_time
from typing import Any, Final, get_args

import msgspec
import numpy as np

from api.printing import progress, say
from benchmarks import figures
from benchmarks.corpora.filters import SHARES
from benchmarks.corpora.shapes import DIM
from benchmarks.corpora.vectors import NAMES, Corpus, K, corpus, recall
from benchmarks.load.limits import limited
from benchmarks.peers.ours import BYTES, Ours, in_order, must_read
from benchmarks.peers.run import read_speed
from engine.types import I64, Found
from indexing import vectors
from indexing.vectors import Among, nearest
from indexing.vectors.calibrate import calibrate
from indexing.vectors.lists import Codes

Row = dict[str, str | int | float | None]
#: Live changes since the snapshot: shares of its rows that have changed, and that were deleted.
CHANGED, DELETED = 0.05, 0.01
_WARM: Final = 20
#: How often each query is asked. What the changes cost is told by the least of each, which other work disturbs least.
_ROUNDS: Final = 5


def built(made: Corpus, codes: Codes, again: bool = False) -> Path:
    """The corpus's vectors on disk, in the order of a snapshot; built when they are not there.

    again: the lists that are there stay, but what each plan does is measured anew.
    """
    folder = made.folder / "engines" / f"vectors-{codes}"
    if not (folder / "effort.json").is_file():
        progress(f"building {folder}")
        vectors.save(vectors.build(np.ascontiguousarray(made.vectors[in_order(made.items)]), codes=codes), folder)
    elif again:
        progress(f"measuring the plans of {folder}")
        (folder / "effort.json").write_bytes(msgspec.json.encode(calibrate(vectors.load(folder))))
    return folder


class Changing:
    """The same rows in two states: as the snapshot has them, and with some superseded by equal rows, some deleted."""

    def __init__(self, made: Corpus, folder: Path) -> None:
        self.made, self.base = made, Ours()
        self.base.open(made.vectors, made.items, folder)
        size, rng = len(made.vectors), np.random.default_rng(5)
        drawn = rng.permutation(size)
        self.changed = np.sort(drawn[: int(CHANGED * size)])
        deleted = drawn[len(self.changed) : len(self.changed) + int(DELETED * size)]
        self.news = vectors.build(np.ascontiguousarray(self.base.vectors.matrix[self.changed]), self.base.vectors)
        mask = np.ones(size, bool)
        mask[self.changed] = mask[deleted] = False
        self.alive, self.gone = Among.of(mask, size), self.base.order[deleted]
        self.items = self.base.items.take(self.changed)

    def before(self, query: Any, among: Among | None) -> Found:
        """The snapshot alone."""
        return self.base.vectors.search(query, among, K)

    def after(self, query: Any, among: Among | None, news: Among | None) -> Found:
        """With the changes; `news`: which of the changed rows the filter keeps."""
        old = self.alive if among is None else among & self.alive
        return nearest([self.base.vectors, self.news], query, [old, news], K)

    def rows(self, found: Found) -> I64:
        """The corpus's own row numbers."""
        size = len(self.base.order)
        local = np.where(found.rows < size, found.rows, self.changed[np.maximum(0, found.rows - size)])
        return self.base.order[local]


def measure(folder: Path, index: Path) -> list[Row]:
    """A row a share: both states asked in turn, processor time of one thread, the filter's own making left out."""
    state, speed = Changing(Corpus(folder), index), read_speed()
    return [_share(state, share, speed) for share in SHARES]


def _share(state: Changing, share: str, speed: float) -> Row:
    spent: tuple[list[float], list[float]] = ([], [])
    recalls: tuple[list[float], list[float]] = ([], [])
    found, slower = list[Found](), list[float]()
    made = state.made
    for query, wanted, right in zip(made.queries, made.filters[share], made.truth[share], strict=True):
        among = state.base.among(wanted)
        news = None if wanted.empty else Among.of(state.items.keeps(wanted), len(state.changed))
        least = [np.inf, np.inf]
        for turn in range(_ROUNDS):
            for late in (False, True) if (len(found) + turn) % 2 else (True, False):  # the second finds warm pages
                mine, theirs = (None if some is None else Among(some.size, words=some.words) for some in (among, news))
                began = thread_time()
                answer = state.after(query, mine, theirs) if late else state.before(query, mine)
                spent[late].append(thread_time() - began)
                least[late] = min(least[late], spent[late][-1])
                if late:
                    after = answer
                else:
                    before = answer
        slower.append(least[True] / least[False])
        recalls[0].append(recall(state.rows(before), right))
        recalls[1].append(recall(state.rows(after), np.setdiff1d(right, state.gone)))
        found.append(before)
    ms = [1000 * np.array(each[_WARM * _ROUNDS :]) for each in spent]
    read = float(np.mean([must_read(each, state.base.vectors) for each in found]))
    plans = sorted({each.plan.split(":")[0] for each in found})
    return {
        "rows kept": share,
        "plan": " ".join(plans),
        "vectors scored": round(float(np.mean([each.scanned for each in found]))),
        "recall@100": round(float(np.mean(recalls[0])), 4),
        "estimated": round(float(np.mean([each.recall for each in found])), 4),
        "p50 ms": round(float(np.median(ms[0])), 3),
        "p99 ms": round(float(np.percentile(ms[0], 99)), 3),
        "must read MB": round(read / 1e6, 2),
        "floor ms": round(read / speed / 1e6, 3),
        "changed: recall": round(float(np.mean(recalls[1])), 4),
        "changed: p50 x": round(float(np.median(slower[_WARM:])), 2),
    }


def memory() -> dict[str, float]:
    """Resident megabytes of this process now: its own pages, and pages of files that it shares."""
    said = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines())
    return {name: int(said[field].split()[0]) / 1024 for name, field in (("own", "RssAnon"), ("files", "RssFile"))}


def _child(ready: Any, pipe: Any, folder: Path, index: Path) -> None:
    ready.wait()
    pipe.send((measure(folder, index), memory()))


def apart(made: Corpus, index: Path, limit_mb: int | None) -> tuple[list[Row], dict[str, float], str]:
    """Measured in a process of its own, below the limit from its first page; -> rows, memory, what held it."""
    context = multiprocessing.get_context("spawn")
    ready, (ours, theirs) = context.Event(), context.Pipe()
    child = context.Process(target=_child, args=(ready, theirs, made.folder, index))
    with limited(limit_mb) as limit:
        child.start()
        assert child.pid is not None
        limit.hold(child.pid)
        ready.set()
        theirs.close()
        try:
            rows, used = ours.recv()
        except EOFError:
            child.join()
            raise SystemExit(f"the measuring process ended with code {child.exitcode} under {limit.said}") from None
        child.join()
    return rows, used, limit.said


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, measure apart, print, record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", choices=NAMES)
    parser.add_argument("count", type=int, nargs="?", default=0)
    parser.add_argument("--codes", choices=get_args(Codes), default="pq4")
    parser.add_argument("--limit-mb", type=int)
    parser.add_argument("--calibrate", action="store_true", help="measure anew what each plan does")
    parser.add_argument("--record", help="the figure's name in benchmarks/figures.json")
    given = parser.parse_args(arguments)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    made = corpus(given.corpus, given.count)
    rows, used, said = apart(made, built(made, given.codes, given.calibrate), given.limit_mb)
    note = (
        f"{len(made.vectors)} vectors of {DIM} dimensions, {BYTES[given.codes]} bytes of codes each beside {4 * DIM} "
        f"on disk; {said}; resident at the end {used['own']:.0f} MB of its own, {used['files']:.0f} MB of files. "
        f"Processor time of one thread. changed: {CHANGED:.0%} of rows superseded and {DELETED:.0%} deleted since."
    )
    say("\t".join(rows[0]))
    for row in rows:
        say("\t".join(str(value) for value in row.values()))
    say(note)
    if given.record:
        asked = " ".join(arguments if arguments is not None else sys.argv[1:])
        figures.record(given.record, f"python -m benchmarks.vectors {asked}", rows, note)
    return 0


if __name__ == "__main__":
    sys.exit(main())
