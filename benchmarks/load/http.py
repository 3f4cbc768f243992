"""How fast does the HTTP server answer? A real server on loopback, clients in closed and open loops on the same cores.

For each budget, with query vectors made anew and at hand: one client in a closed loop; more clients, for the capacity;
then an open loop at half of it. Beside it, a route that returns the same bytes and does nothing.
Example: `python -m benchmarks.load.http --items 10000 --memory-mb 4096 --budget-ms 150,20 --record http-10k`
"""

import argparse
import os
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import numpy as np

from api.printing import progress, say
from benchmarks import figures, roots
from benchmarks.load import nothing
from benchmarks.load.clients import Body, Seen, ask, closed_loop, open_loop
from benchmarks.load.server import Server, serving
from engine.errors import BadInput, LifestyleError

WARM_S: Final = 4.0
#: Shares of the items that keep a query's hard constraints, as the second table groups them.
SHARES: Final = ((0.3, "30 % and more"), (0.03, "3 to 30 %"), (0.003, "0.3 to 3 %"), (0.0, "less"))
Row = dict[str, str | int | float | None]


class Loop(NamedTuple):
    """How requests come: `clients` in a closed loop, or at `rate` a second in an open one."""

    clients: int
    rate: float = 0.0

    def __str__(self) -> str:
        return f"open, {self.rate:.1f}/s" if self.rate else f"closed, {self.clients}"


def main(arguments: list[str] | None = None) -> int:
    """Measure every combination; print, and record when asked; -> the exit code."""
    chosen = _parser().parse_args(arguments)
    settings = {name.upper(): value for name, _, value in (each.partition("=") for each in chosen.set)}
    busy = os.getloadavg()[0]
    try:
        root = chosen.root or (roots.recombined(chosen.items) if chosen.items else roots.sample()).root
        with serving(root, memory_mb=chosen.memory_mb, settings=settings) as server:
            rows, seen, answer = _measure(server, chosen)
            note = (
                f"Ready after {server.ready_s:.1f} s, {server.memory_mb()} MB resident after the run, "
                f"{server.memory_mb(peak=True)} MB at its peak; {server.limit}. "
            )
        floor = _floor(root, answer, chosen.seconds)
    except (BadInput, LifestyleError) as error:
        say(f"load: {error}")
        return 1
    for row in rows:
        row["p50 by a route that does nothing"] = round(float(row["p50 ms"] or 0) / floor, 1)
    note += f"That route: p50 {floor:.2f} ms for {len(answer)} bytes. Load average before it: {busy:.1f}."
    tables = {"": rows, "-shares": by_share(seen, roots.count(root))}
    for name, table in tables.items():
        say("\n" + "\t".join(table[0]))
        say("\n".join("\t".join(str(value) for value in row.values()) for row in table))
        if chosen.record:
            command = f"python -m benchmarks.load.http {' '.join(arguments or sys.argv[1:])}"
            figures.record(f"{chosen.record}{name}", command, table, note, figures.PATH)
    say(note)
    return 0


def _measure(server: Server, chosen: argparse.Namespace) -> tuple[list[Row], Seen, bytes]:
    """-> the rows, what the first closed loop of one client saw, and one answer."""
    bodies, rows, first = roots.bodies(), list[Row](), None
    closed_loop(server.port, bodies, 1, WARM_S, unique=False)
    for budget, vectors in product(_numbers(chosen.budget_ms), ("encoded", "cached")):
        asked = [{**body, "budget_ms": budget, "limit": chosen.limit} for body in bodies]
        capacity = 0.0
        for clients in _numbers(chosen.clients):
            row, seen = _run(server, asked, Loop(clients), chosen.seconds, vectors)
            capacity, first = max(capacity, float(row["QPS"] or 0)), first or seen
            rows.append({"budget ms": budget, "vectors": vectors, **row})
        row, _ = _run(server, asked, Loop(0, capacity / 2), chosen.seconds, vectors)
        rows.append({"budget ms": budget, "vectors": vectors, **row})
    return rows, first or Seen(), ask(server.port, {**bodies[0], "limit": chosen.limit})[1]


def _run(server: Server, asked: Sequence[Body], loop: Loop, seconds: float, vectors: str) -> tuple[Row, Seen]:
    progress(f"{loop}, vectors {vectors}, budget {asked[0]['budget_ms']} ms")
    busy, unique = server.busy_s(), vectors == "encoded"
    if loop.rate:
        seen, spent = open_loop(server.port, asked, loop.rate, seconds, unique)
    else:
        seen, spent = closed_loop(server.port, asked, loop.clients, seconds, unique)
    busy = server.busy_s() - busy
    per_core = round(len(seen.spent) / busy, 1) if busy else None
    return {"loop": str(loop), **seen.row(spent), "answers per core-second": per_core}, seen


def _floor(root: Path, answer: bytes, seconds: float) -> float:
    """The median of one client in a closed loop with a route that returns these bytes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answer.json"
        path.write_bytes(answer)
        with serving(root, nothing.APP, settings={nothing.ANSWER: str(path)}) as server:
            closed_loop(server.port, roots.bodies(), 1, 1.0, unique=True)
            seen, _ = closed_loop(server.port, roots.bodies(), 1, min(seconds, 5.0), unique=True)
    return float(np.median(seen.spent or [float("nan")]))


def by_share(seen: Seen, items: int) -> list[Row]:
    """Latency of one client by the share of all items that keep the query's hard constraints."""
    out, top = list[Row](), float("inf")
    for least, name in SHARES:
        spent = [ms for ms, total in seen.totals if least <= total / max(1, items) < top]
        part = Seen(spent)
        row: Row = {"items that keep the constraints": name, "answers": len(spent)}
        out.append(row | {f"p{share:g} ms": part.percentile(share) if spent else None for share in (50, 90, 99)})
        top = least
    return out


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load.http", description=__doc__)
    parser.add_argument("--root", type=Path, help="an existing root; without it the sample is built, or taken as built")
    parser.add_argument("--items", type=int, help="instead: so many recombined items (benchmarks/corpora/items.py)")
    parser.add_argument("--memory-mb", type=int, help="the server may have so much")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each run")
    parser.add_argument("--budget-ms", default="150,20,5", help="latency budgets, comma-separated")
    parser.add_argument("--clients", default="1,4", help="clients at once in the closed loops, comma-separated")
    parser.add_argument("--limit", type=int, default=20, help="hits on a page")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="LIFESTYLE_NAME for the server"
    )
    parser.add_argument("--record", help="the name of the figure to keep in figures.json")
    return parser


if __name__ == "__main__":
    sys.exit(main())
