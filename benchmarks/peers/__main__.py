"""How do vector engines compare under filters, beside ours, in one run? Absent engines are said to be absent.

Example: `python -m benchmarks.peers clustered 200000 --systems ours,faiss-ivf-sq8,zvec --record peers-200k`
"""

import argparse
import sys
import time
from pathlib import Path
from resource import RLIM_INFINITY
from typing import Final

import msgspec

from api.printing import progress, say
from benchmarks import figures
from benchmarks.corpora.vectors import NAMES, corpus
from benchmarks.peers.built import on_one_core
from benchmarks.peers.port import SYSTEMS
from benchmarks.peers.run import Run, run
from engine.errors import BadInput, LifestyleError

RESULTS: Final = Path("var/peers")
Row = dict[str, str | int | float | None]
#: How --clock names a time -> what it is called in a note, and what tells it.
_CLOCKS: Final = {"wall": ("wall time", time.perf_counter), "busy": ("processor time", time.process_time)}


def rows(done: Run, clock: str = "wall") -> list[Row]:
    """A row an engine: recall, p50 / p99 in ms, and its p50 by ours, for each share of rows kept; then the floor."""
    out = [_row(each.name, each.version, each.build_s, each.disk_mb, each.memory_mb) for each in done.engines]
    for row, each in zip(out, done.engines, strict=True):
        for share, cell in each.cells.items():
            spent, ratio = (cell.wall, cell.ratios[0]) if clock == "wall" else (cell.busy, cell.ratios[1])
            row[share] = f"{cell.recall:.3f}: {spent[0]:.2f} / {spent[2]:.2f} ms, {ratio:.2f}x"
    floor = _row("reading the kept rows", f"{done.read_gb_s} GB/s", None, None, None)
    floor |= {share: f"{count * 1536 / done.read_gb_s / 1e6:.3f} ms" for share, count in done.kept.items()}
    ours = _row("what ours must read", "", None, None, None)
    ours |= {share: f"{read / 1e6:.2f} MB: {read / done.read_gb_s / 1e6:.3f} ms" for share, read in done.reads.items()}
    gone: list[Row] = [
        _row(name, f"absent: {why}", None, None, None) | dict.fromkeys(done.kept, "")
        for name, why in done.absent.items()
    ]
    return [*out, floor, *([ours] if done.reads else []), *gone]


def _row(name: str, version: str, build: float | None, disk: float | None, memory: float | None) -> Row:
    return {"engine": name, "version": version, "build s": build, "disk MB": disk, "memory MB": memory}


def main(arguments: list[str] | None = None) -> int:
    """Run, print, keep; -> the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        made = corpus(chosen.corpus, chosen.count, chosen.seed)
        progress(f"corpus in {made.folder}")
        done = run(made, chosen.systems.split(","), chosen.build_s, _CLOCKS[chosen.clock][1])
    except (BadInput, LifestyleError) as error:
        say(f"peers: {error}")
        return 1
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{chosen.record or made.folder.name}.json").write_bytes(msgspec.json.encode(done))
    table = rows(done, chosen.clock)
    say("\t".join(table[0]))
    say("\n".join("\t".join("" if value is None else str(value) for value in row.values()) for row in table))
    if chosen.record:
        given = f"{chosen.corpus} {chosen.count} --systems {chosen.systems} --clock {chosen.clock}"
        note = (
            f"{done.rows} vectors of 384 dimensions; columns: share of rows that the filter keeps; cells: recall@100, "
            f"p50 / p99, p50 by ours. One core, {_CLOCKS[chosen.clock][0]}, blocks of ten queries in a drawn order; "
            "every engine tuned to a recall of 0.99 on other queries."
        )
        figures.record(chosen.record, f"python -m benchmarks.peers {given}", table, note, figures.PATH)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("corpus", choices=NAMES)
    parser.add_argument("count", type=int, nargs="?", default=0, help="vectors; 'real' has its own size")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--systems", default=",".join(SYSTEMS), help="comma-separated; the first is the measure")
    parser.add_argument(
        "--clock", choices=("wall", "busy"), default="wall", help="busy: processor time, on a machine that others use"
    )
    parser.add_argument(
        "--build-s", type=int, default=RLIM_INFINITY, help="processor seconds that building an engine may take"
    )
    parser.add_argument("--core", type=int, default=1, help="the one that everything runs on")
    parser.add_argument("--record", help="the name of the figure to keep in figures.json")
    return parser


if __name__ == "__main__":
    on_one_core(_parser().parse_args().core)
    sys.exit(main())
