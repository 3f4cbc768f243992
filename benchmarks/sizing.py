"""What does `lifestyle size` plan from? Measures roots of several sizes; writes indexing/sizing/measured.json.

Each root is opened in a process of its own: bytes of its snapshot by part, memory after every query was asked,
processor time of an answer. Roots of benchmarks.roots.recombined, whose vectors are summed: the encoder is timed
apart. Example: `python -m benchmarks.sizing --root var/items-100000 --root var/items-1000000`
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from api.printing import progress, say
from api.settings import Settings
from benchmarks import figures, roots
from benchmarks.load.stages import Asked
from engine.errors import BadInput, LifestyleError
from indexing import sizing
from indexing.encode import load_encoder
from indexing.publish import Publisher
from indexing.sample import files
from indexing.sizing.measured import FILE, Measured, Size
from indexing.sizing.parts import bytes_of

#: Texts that are encoded to time it.
TEXTS: Final = 200


def size_of(root: Path, rounds: int) -> Size:
    """One root, measured in this process. Raises LifestyleError."""
    publisher, tenant = Publisher(root), Settings(root=root).tenant
    facts = publisher.verify(tenant).facts
    asked = Asked(root, 20)
    for number in range(rounds + 1):  # the first fills what is kept: it is not counted
        asked.ask(counted=number > 0)
    retrieved = np.percentile(asked.spent["retrieve"], np.arange(101))
    rest = np.median(np.subtract(asked.spent["all"], asked.spent["retrieve"]))
    return Size(
        items=sum(facts["counts"].values()),
        bytes=bytes_of(publisher.current(tenant)),
        resident_mb=round(_resident_mb(), 1),
        build_s=round(_build_s(facts.get("cost", {})), 1),
        retrieve_ms=[round(float(ms), 3) for ms in retrieved],
        rest_ms=round(float(rest), 3),
    )


def _build_s(cost: Mapping[str, Any]) -> float:
    """Processor seconds of the whole build, from a part's seconds and its share. Raises BadInput."""
    linking = cost.get("linking")
    if not linking or not linking["share"]:
        raise BadInput("this snapshot does not say what its build cost: build it with today's code")
    return float(linking["cpu_seconds"] / linking["share"])


def _resident_mb() -> float:
    """Memory that this process holds, mapped pages that it touched among it."""
    status = Path("/proc/self/status").read_text("utf-8")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


def _encoder() -> tuple[float, float]:
    """-> (passages a second on one core, processor ms of a question)."""
    encoder = load_encoder("bundled", offline=True)
    bodies = roots.bodies()
    questions = [str(body["q"]) for body in bodies[:TEXTS]]
    passages = [str(note["body"]) for note in files.load_tables()["note"][:TEXTS]]
    encoder.encode(passages[:3], "passage")
    encoder.encode(questions[:3], "query")
    began = time.process_time()
    encoder.encode(passages, "passage")
    middle = time.process_time()
    for question in questions:
        encoder.encode([question], "query")
    ended = time.process_time()
    return len(passages) / (middle - began), 1000 * (ended - middle) / len(questions)


def _apart(root: Path, rounds: int) -> Size:
    """One root, measured in a process of its own."""
    progress(f"measuring {root}")
    asked = [sys.executable, "-m", "benchmarks.sizing", "--root", str(root), "--rounds", str(rounds), "--one"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BadInput(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"{root} cannot be measured")
    return msgspec.json.decode(done.stdout, type=Size)


def main(arguments: list[str] | None = None) -> int:
    """Measure; -> the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sizing", description=__doc__)
    parser.add_argument("--root", type=Path, action="append", required=True, help="a published root; two or more")
    parser.add_argument("--rounds", type=int, default=3, help="how often every query is counted")
    parser.add_argument("--request-ms", type=float, default=4.7, help="what HTTP adds (benchmarks.load.http, cached)")
    parser.add_argument("--one", action="store_true", help="print the one root as JSON")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.one:
            say(msgspec.json.encode(size_of(chosen.root[0], chosen.rounds)).decode())
            return 0
        sizes = [_apart(root, chosen.rounds) for root in chosen.root]
        passages, encode = _encoder()
    except (BadInput, LifestyleError) as error:
        sys.stderr.write(f"sizing: {error}\n")
        return 1
    today = datetime.now(UTC).date().isoformat()
    made = Measured(figures.machine(), today, round(passages, 1), round(encode, 2), chosen.request_ms, sizes)
    file = Path(sizing.__file__).with_name(FILE)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")
    say(f"{file}: {', '.join(f'{size.items} items' for size in sizes)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
