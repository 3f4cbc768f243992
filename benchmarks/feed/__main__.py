"""python -m benchmarks.feed [ARENA ...] [--root ROOT] [--json FILE]: what `lifestyle evaluate feed` runs, in parts."""

import json
from argparse import ArgumentParser
from pathlib import Path

from api.printing import progress, say
from api.settings import Settings
from benchmarks.feed.run import ARENAS, evaluate


def main() -> None:
    """Run and print."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("arenas", nargs="*", default=list(ARENAS), help=f"of {', '.join(ARENAS)}")
    parser.add_argument("--root", type=Path, default=Path("var/judged"))
    parser.add_argument("--json", type=Path, help="write all figures there")
    given = parser.parse_args()
    report = evaluate(Settings(root=given.root), progress, given.arenas)
    if given.json:
        given.json.write_text(json.dumps(report.as_data(), indent=1), encoding="utf-8")
    say(report.as_text())


if __name__ == "__main__":
    main()
