"""What does reading a query cost by its length, and what do importing and compiling the parser cost at start?

`python -m benchmarks.parsing` reads golden queries on one thread, with the lexicon alone and with the bundled sample's
names, and prints processor milliseconds (other work on the machine counts little); start is timed in fresh processes,
first without the compiled lexicon's cache, then with it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from api.printing import say
from benchmarks.quality.golden import NOW, load
from benchmarks.quality.understanding import GOLDEN
from engine.naming import Names
from engine.types import Query
from engine.understand.names import NO_NAMES, NameTable
from engine.understand.parse import MAX_CHARACTERS, understand
from indexing.own_names import collect
from indexing.sample import files

#: Length in characters, from and to: real queries up to 40, then queries joined to texts of one length.
SHORT: Final = (10, 40)
LONG: Final = (64, 128, 256, MAX_CHARACTERS)
TEXTS, ROUNDS = 40, 5

_START: Final = """
import json, time
began = time.process_time()
from engine.understand.parse import understand
from engine.understand.names import NO_NAMES
from engine.types import Query
from datetime import datetime, UTC
imported = time.process_time()
understand(Query("default", "适合周末带娃去的咖啡店"), NO_NAMES, datetime(2026, 11, 22, tzinfo=UTC))
print(json.dumps({"import": (imported - began) * 1000, "first": (time.process_time() - imported) * 1000}))
"""


def texts(low: int, high: int) -> list[str]:
    """Golden queries of `low` to `high` characters; beyond the longest, such queries joined and cut to `high`."""
    asked = [row.query for row in load(GOLDEN)]
    if low != high:
        return [text for text in asked if low <= len(text) <= high]
    joined = "，".join(asked) * 4
    return [joined[at * 97 : at * 97 + high] for at in range(TEXTS)]


def spent(asked: Sequence[str], names: Names, rounds: int = ROUNDS) -> list[float]:
    """Processor milliseconds of each reading of each text, after one reading of each to warm up."""
    for text in asked:
        understand(Query("default", text), names, NOW)
    found = []
    for _ in range(rounds):
        for text in asked:
            began = time.process_time()
            understand(Query("default", text), names, NOW)
            found.append((time.process_time() - began) * 1000)
    return found


def by_length(names: Names) -> list[dict[str, Any]]:
    """A row for each length: texts, median and 99th percentile."""
    rows = []
    for low, high in (SHORT, *((length, length) for length in LONG)):
        asked = texts(low, high)
        times = spent(asked, names)
        p50, p99 = np.percentile(times, (50, 99))
        length = f"{low}-{high}" if low != high else str(high)
        rows.append(
            {"characters": length, "texts": len(asked), "p50 ms": round(float(p50), 3), "p99 ms": round(float(p99), 3)}
        )
    return rows


def sample_names() -> NameTable:
    """The names that the bundled sample brings, as an index holds them."""
    return NameTable(collect(files.load_tables()))


def start() -> list[dict[str, Any]]:
    """Processor milliseconds of the import and of the first reading, without and with what the first run left."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for case in ("nothing cached", "lexicon cached"):
            done = subprocess.run([sys.executable, "-c", _START], check=True, capture_output=True, text=True,
                                  env=_environment(Path(folder)))  # fmt: skip
            told = json.loads(done.stdout)
            rows.append({"start": case, "import ms": round(told["import"]), "first query ms": round(told["first"])})
    return rows


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "LIFESTYLE_CACHE": str(folder)}


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parsing", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    chosen = parser.parse_args(arguments)
    known: dict[str, Names] = {"lexicon alone": NO_NAMES, "the sample's names": sample_names()}
    rows = [{"names": name, **row} for name, names in known.items() for row in by_length(names)]
    began = start()
    if chosen.json:
        say(msgspec.json.encode({"reading": rows, "start": began}).decode())
    else:
        say("\n".join("  ".join(f"{key} {value}" for key, value in row.items()) for row in [*rows, *began]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
