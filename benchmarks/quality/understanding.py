"""How well are queries understood? Golden queries, each with the meaning a person gave it, held against the parser.

`python -m benchmarks.quality.understanding [FILE...]` prints intent accuracy, slot F1, hardness and polarity accuracy,
by language, intent, slot line and slot, and what is confused with what (benchmarks/quality/golden.py has the form).
"""

import argparse
import sys
from pathlib import Path
from typing import Final

import msgspec

from api.printing import say
from benchmarks.quality.golden import judge, load
from benchmarks.quality.understanding_report import as_data, as_text
from engine.errors import LifestyleError

GOLDEN: Final = Path(__file__).parents[2] / "tests" / "golden" / "understanding.jsonl"


def main(arguments: list[str] | None = None) -> int:
    """Score and print; -> the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.understanding", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[GOLDEN], help="golden queries; default: our own")
    parser.add_argument("--failures", action="store_true", help="also list what was got and what was expected")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    chosen = parser.parse_args(arguments)
    try:
        judged = [judge(row) for file in chosen.files for row in load(file)]
    except (LifestyleError, OSError) as error:
        say(f"understanding: {error}")
        return 2
    if chosen.json:
        say(msgspec.json.encode(as_data(judged)).decode())
    else:
        say(as_text(judged, failures=chosen.failures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
