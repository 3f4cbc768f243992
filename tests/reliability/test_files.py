"""Can a file that was changed, and sealed again by whoever changed it, kill or hang the process that reads it?"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from indexing import manifest
from tests.reliability.mutate import mutated

#: Reads snapshots named on standard input, asks each five questions, and says how it went: a line each.
_CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from api.follower import WARMING
from engine.budget import Budget
from engine.live import View
from engine.search import Engine
from engine.types import Query
from indexing import manifest
from indexing.encode import load_encoder
from indexing.snapshot import Snapshot
from ranking.model import HandWeighted
from indexing.store import SqliteStore
encoder, store = load_encoder("hash", offline=True), SqliteStore(Path(sys.argv[1]))
now = datetime(2026, 11, 22, 12, tzinfo=UTC)
for line in sys.stdin:
    try:
        folder = Path(line.strip())
        manifest.verify(folder)
        view = View(Snapshot.open(folder, "default", "1"), encoder, HandWeighted(), ())
        for text in WARMING:
            Engine(lambda _: view, store, lambda: now).search(Query("default", text, limit=10), Budget(60_000))
        print("answered", flush=True)
    except Exception as error:
        print("refused", type(error).__name__, flush=True)
"""


def copies(folder: Path, into: Path, count: int, seed: int) -> list[Path]:
    """So many copies of a snapshot, in each one file changed and the manifest made to fit."""
    names, rng, made = sorted(manifest.files_in(folder)), Random(seed), []
    for number in range(count):
        copy = Path(shutil.copytree(folder, into / str(number), copy_function=os.link))
        path = copy / rng.choice(names)
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(mutated(data, rng))
        said = manifest.read(folder)
        again = manifest.build(copy, said.seq, said.created, said.facts)
        (copy / manifest.NAME).unlink()
        (copy / manifest.NAME).write_bytes(manifest.seal(again))
        made.append(copy)
    return made


@pytest.mark.promise(16)
@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_no_changed_snapshot_kills_or_hangs(
    published: Path, tmp_path: Path, count: int, record_property: Callable[[str, object], None]
) -> None:
    folder, told = published / "default" / "snapshots" / "00000001", list[str]()
    for start in range(0, count, 100):
        made = copies(folder, tmp_path / str(start), min(100, count - start), start)
        command = [sys.executable, "-c", _CHILD, str(tmp_path / "store.sqlite")]
        env = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path.cwd())}
        done = subprocess.run(
            command, input="\n".join(map(str, made)), capture_output=True, text=True, timeout=600, check=False, env=env
        )
        lines = done.stdout.splitlines()
        assert (done.returncode, len(lines)) == (0, len(made)), (_changed(folder, made[len(lines)]), done.stderr[-800:])
        told += lines
        shutil.rmtree(tmp_path / str(start))
    refused = sum(line.startswith("refused") for line in told)
    record_property("figure", f"{len(told)} changed and resealed snapshots: {refused} refused, 0 deaths, 0 hangs")


def _changed(sound: Path, other: Path) -> str:
    """Which file of a copy differs: what a failing run is about."""
    old, new = (json.loads((f / manifest.NAME).read_bytes().split(b"\n")[0])["files"] for f in (sound, other))
    return ", ".join(name for name in old if old[name] != new[name])
