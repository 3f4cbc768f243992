"""What is given up when there is less time, and what does it cost in quality? The graded queries, a budget at a time.

Each budget gets a fresh server, so that every query's vector is made anew; it learns its costs from other texts first.
Example: `python -m benchmarks.load.budgets --budget-ms 150,50,20,5 --record budgets`
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from api.printing import progress, say
from api.training import read_judgments
from benchmarks import figures, roots
from benchmarks.load.clients import Seen, ask, closed_loop
from benchmarks.load.server import serving
from engine.errors import BadInput, LifestyleError
from indexing.sample import files
from ranking.evaluate import JudgedQuery
from ranking.metrics import ndcg_at

WARM_S: Final = 4.0
UNHURRIED: Final = 2000
_DEPTH: Final = 10
_NOTHING: Final[Mapping[str, Any]] = {"degraded": [], "hits": []}
Row = dict[str, str | int | float | None]


def main(arguments: list[str] | None = None) -> int:
    """Measure each budget; print, and record when asked; -> the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        root, rows = chosen.root or roots.sample().root, list[Row]()
        for budget in (UNHURRIED, *(int(part) for part in chosen.budget_ms.split(","))):
            progress(f"budget {budget} ms")
            rows.append(_row(root, budget))
    except (BadInput, LifestyleError) as error:
        say(f"budgets: {error}")
        return 1
    for row in rows:
        row["kept"] = f"{100 * float(row['nDCG@10'] or 0) / float(rows[0]['nDCG@10'] or 1):.1f} %"
    say("\t".join(rows[0]))
    say("\n".join("\t".join(str(value) for value in row.values()) for row in rows))
    if chosen.record:
        note = "The graded queries of the sample over HTTP, each once, its vector made anew; one client."
        figures.record(chosen.record, f"python -m benchmarks.load.budgets --budget-ms {chosen.budget_ms}", rows, note)
    return 0


def _row(root: Path, budget: int) -> Row:
    seen, quality, any_degraded, stages = Seen(), list[float](), 0, Counter[str]()  # no answer has an nDCG of 0
    with serving(root) as server:
        closed_loop(server.port, [{**body, "budget_ms": budget} for body in roots.bodies()], 1, WARM_S, unique=True)
        for judged in read_judgments(files.judgments()):
            began = time.perf_counter()
            status, data = ask(server.port, _body(judged, budget))
            seen.spent.append((time.perf_counter() - began) * 1000)
            seen.failed.update([] if status == 200 else [str(status)])
            answer = msgspec.json.decode(data) if status == 200 else _NOTHING
            given_up = {given["stage"] for given in answer["degraded"]}
            stages.update(given_up)
            any_degraded += bool(given_up)
            grades = [judged.grades.get(hit["id"], 0.0) for hit in answer["hits"]]
            quality.append(ndcg_at(grades, list(judged.grades.values()), _DEPTH))
    count = len(quality)
    return {
        "budget ms": budget,
        "nDCG@10": round(float(np.nanmean(quality)), 4),
        "kept": "",
        "p50 ms": seen.percentile(50),
        "p99 ms": seen.percentile(99),
        "degraded": f"{100 * any_degraded / count:.1f} %",
        "failed": ", ".join(f"{status}: {n}" for status, n in seen.failed.items()) or "none",
        "stages": ", ".join(f"{stage} {100 * n / count:.0f} %" for stage, n in stages.most_common()) or "none",
    }


def _body(judged: JudgedQuery, budget: int) -> dict[str, object]:
    given = judged.request
    said = {name: given[name] for name in ("kinds", "near", "filters") if given.get(name)}
    at = {"at": given["now"]} if given.get("now") else {}
    return {"q": judged.text, "limit": _DEPTH, "budget_ms": budget, **said, **at}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load.budgets", description=__doc__)
    parser.add_argument("--root", type=Path, help="an existing root of the sample; without it one is built")
    parser.add_argument("--budget-ms", default="150,50,20,5", help="latency budgets, comma-separated")
    parser.add_argument("--record", help="the name of the figure to keep in figures.json")
    return parser


if __name__ == "__main__":
    sys.exit(main())
