"""What does it cost to encode a query, and how much of bulk encoding is spent inside the model?

`python -m benchmarks.encoding` encodes the sample's queries as the engine embeds them, one at a time on one thread
(processor milliseconds), and passages of the sample through the cache on every core, as a build does.
"""

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from api.printing import say
from api.training import read_judgments
from benchmarks import roots
from engine.ports import Encoder
from engine.types import F32, I64, Query
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand
from indexing.columns.words import naming
from indexing.encode import CachedEncoder, OnnxEncoder, bundled_folder
from indexing.passages import passage
from indexing.sample import files
from indexing.student.encoder import StudentEncoder

PASSAGES, ROUNDS = 200, 3


class Watched(OnnxEncoder):
    """The encoder, with the processor seconds that all threads spent inside the model."""

    inside = 0.0
    _lock: Final = threading.Lock()

    def _run(self, outputs: list[str], ids: I64) -> list[F32]:
        began = time.thread_time()
        found = super()._run(outputs, ids)
        with self._lock:
            self.inside += time.thread_time() - began
        return found


def queries(encoder: Encoder, name: str) -> dict[str, Any]:
    """Median and 99th percentile over the sample's queries."""
    asked = [
        understand(Query("default", row.text), NO_NAMES, roots.NOW).text for row in read_judgments(files.judgments())
    ]
    spent = []
    for _ in range(ROUNDS):
        for text in filter(None, asked):
            began = time.process_time()
            encoder.encode([text], "query")
            spent.append((time.process_time() - began) * 1000)
    p50, p99 = np.percentile(spent, (50, 99))
    return {"encoder": name, "queries": len(asked), "p50 ms": round(float(p50), 3), "p99 ms": round(float(p99), 3)}


def bulk(workers: int) -> dict[str, Any]:
    """Passages a second of one core, and the share of all processor time (cache included) inside the model."""
    encoder, words = Watched(bundled_folder(), workers=workers), naming()
    texts = [passage("note", row, words) for row in files.load_tables()["note"][:PASSAGES]]
    with tempfile.TemporaryDirectory() as folder:
        cached = CachedEncoder(encoder, Path(folder))
        wall, began = time.perf_counter(), time.process_time()
        cached.encode(texts, "passage")
        wall, spent = time.perf_counter() - wall, time.process_time() - began
    return {
        "workers": workers,
        "passages": len(texts),
        "a core-second": round(len(texts) / spent, 1),
        "a second": round(len(texts) / wall, 1),
        "inside the model": round(encoder.inside / spent, 4),
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encoding", description=__doc__)
    parser.add_argument("--student", type=Path, help="the folder of a distilled student")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    chosen = parser.parse_args(arguments)
    rows = [queries(OnnxEncoder(bundled_folder()), "bundled")]
    if chosen.student is not None:
        rows.append(queries(StudentEncoder(chosen.student), "student"))
    passages = [bulk(workers) for workers in (1, 2)]
    if chosen.json:
        say(msgspec.json.encode({"queries": rows, "passages": passages}).decode())
    else:
        say("\n".join("  ".join(f"{key} {value}" for key, value in row.items()) for row in [*rows, *passages]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
