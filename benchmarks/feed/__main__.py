"""python -m benchmarks.feed [ARENA ...] [--json FILE] [--record]: what `lifestyle evaluate feed` runs, in parts."""

import json
from argparse import ArgumentParser
from pathlib import Path

from api.printing import progress, say
from api.settings import Settings
from benchmarks.feed import tables
from benchmarks.feed.run import ARENAS, evaluate


def main() -> None:
    """Run and print."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("arenas", nargs="*", default=list(ARENAS), help=f"of {', '.join(ARENAS)}")
    parser.add_argument("--root", type=Path, default=Path("var/judged"))
    parser.add_argument("--json", type=Path, help="write all figures there")
    parser.add_argument("--record", action="store_true", help="keep the tables in figures.json")
    given = parser.parse_args()
    report = evaluate(Settings(root=given.root), progress, given.arenas)
    if given.json:
        given.json.write_text(json.dumps(report.as_data(), indent=1), encoding="utf-8")
    if given.record:
        tables.record(report.arenas, " ".join(["python -m benchmarks.feed", *given.arenas, "--record"]))
    say(report.as_text())


if __name__ == "__main__":
    main()
