"""How fast does the HTTP server answer the sample's queries? A real server on loopback, clients in a closed loop.

Example: `python -m benchmarks.load.http --seconds 10 --budget-ms 150,20,5 --record http`
"""

import argparse
import os
import sys
from itertools import product
from pathlib import Path
from typing import Final

from api.printing import progress, say
from benchmarks import figures, roots
from benchmarks.load.clients import closed_loop
from benchmarks.load.server import Server, serving
from engine.errors import BadInput, LifestyleError

WARM_S: Final = 2.0
Row = dict[str, str | int | float | None]


def main(arguments: list[str] | None = None) -> int:
    """Measure every combination of budget, clients and vectors; print, and record when asked; -> the exit code."""
    chosen = _parser().parse_args(arguments)
    root = chosen.root or roots.sample().root
    busy = os.getloadavg()[0]
    try:
        with serving(root) as server:
            rows = _measure(server, chosen)
            note = (
                f"Ready after {server.ready_s:.1f} s, {server.memory_mb()} MB resident after the run. "
                f"Load average of the machine before it: {busy:.1f}."
            )
    except (BadInput, LifestyleError) as error:
        say(f"load: {error}")
        return 1
    say("\n" + "\t".join(rows[0]))
    for row in rows:
        say("\t".join(str(value) for value in row.values()))
    say(note)
    if chosen.record:
        given = f"--seconds {chosen.seconds:g} --budget-ms {chosen.budget_ms} --clients {chosen.clients}"
        figures.record(chosen.record, f"python -m benchmarks.load.http {given}", rows, note, figures.PATH)
    return 0


def _measure(server: Server, chosen: argparse.Namespace) -> list[Row]:
    bodies, rows = roots.bodies(), list[Row]()
    closed_loop(server.port, bodies, 1, WARM_S, unique=False)
    runs = product(_numbers(chosen.budget_ms), _numbers(chosen.clients), ("encoded", "cached"))
    for budget, clients, vectors in runs:
        progress(f"budget {budget} ms, {clients} clients, vectors {vectors}")
        asked = [{**body, "budget_ms": budget} for body in bodies]
        seen, seconds = closed_loop(server.port, asked, clients, chosen.seconds, vectors == "encoded")
        rows.append({"budget ms": budget, "clients": clients, "vectors": vectors, **seen.row(seconds)})
    return rows


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load.http", description=__doc__)
    parser.add_argument("--root", type=Path, help="an existing root; without it the sample is built, or taken as built")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each run")
    parser.add_argument("--budget-ms", default="150,20,5", help="latency budgets, comma-separated")
    parser.add_argument("--clients", default="1,2", help="clients at once, comma-separated")
    parser.add_argument("--record", help="the name of the figure to keep in figures.json")
    return parser


if __name__ == "__main__":
    sys.exit(main())
