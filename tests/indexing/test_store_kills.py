"""Is a store that was killed at a thousand moments exactly what was acknowledged, each time?"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import IO, Any, Final

import pytest

from indexing.store import SqliteStore

pytestmark = pytest.mark.promise(2)

IDS: Final = tuple(f"k-{number}" for number in range(8))
Known = dict[str, int | None]

#: Forks a writer for each line, tells what it does, and when it is gone: forking takes milliseconds, starting Python
#: half a second.
FORKS: Final = """
import json, os, sys
from pathlib import Path
from random import Random
from indexing.store import SqliteStore

def say(*what):
    os.write(1, json.dumps(what).encode() + b"\\n")

def write(seed):
    store, rng = SqliteStore(Path(sys.argv[1])), Random(seed)
    while True:
        name, price = rng.choice(json.loads(sys.argv[2])), rng.randint(1, 10**6) if rng.random() < 0.7 else None
        say("begun", name, price)
        if price is None:
            seq = store.delete("demo", name)
        else:
            seq = store.upsert("demo", [("poi", {"id": name, "price": price})])
        say("done", name, price, seq)

for line in sys.stdin:
    if (pid := os.fork()) == 0:
        write(int(line))
    say("writes", pid)
    os.waitpid(pid, 0)
    say("gone")
"""


@contextmanager
def forks(path: Path) -> Iterator[tuple[IO[str], IO[str]]]:
    """What it is told and what it says."""
    command = [sys.executable, "-c", FORKS, str(path), json.dumps(IDS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdin, process.stdout
        process.stdin.close()


def killed(path: Path, cycles: int, most: int = 6) -> int:
    """Kill a writer so often, each time amid up to `most` writes, and compare; -> writes acknowledged."""
    rng, known, last, done = Random(7), Known(), 0, 0
    with forks(path) as (told, said):
        for cycle in range(cycles):
            told.write(f"{cycle}\n")
            told.flush()
            acknowledged, begun = _one(said, rng.randint(1, most), rng.random() * 0.004)
            for name, price, seq in acknowledged:
                assert seq > last
                known[name], last = price, seq
            done += len(acknowledged)
            last = max(last, _compare(path, known, begun, last))
    return done


def _one(said: IO[str], least: int, moment: float) -> tuple[list[Any], tuple[str, int | None] | None]:
    """One writer's life; -> what was acknowledged, and what was under way when it died."""
    pid, done, begun = 0, list[Any](), None
    for line in said:
        match json.loads(line):
            case ["writes", number]:
                pid = number
            case ["begun", name, price]:
                begun = (name, price)
            case ["done", *what]:
                done.append(what)
                begun = None
            case ["gone"]:
                break
        if pid and len(done) >= least:
            time.sleep(moment)  # anywhere within the next write
            os.kill(pid, signal.SIGKILL)
            pid, least = 0, sys.maxsize
    return done, begun


def _compare(path: Path, known: Known, begun: tuple[str, int | None] | None, last: int) -> int:
    """Each thing as it was acknowledged, or as what was under way left it; -> the newest number."""
    with closing(SqliteStore(path)) as store:
        rows = list(store.changes("demo", 0))
        assert store.sequence("demo") in (last, last + 1)
    found = {name: item["price"] if item else None for _, name, _, item in rows}
    assert len(found) == len(rows)
    if begun is not None and found.get(begun[0]) == begun[1]:
        known[begun[0]] = begun[1]
    assert {name: price for name, price in found.items() if price} == {n: p for n, p in known.items() if p}
    return max((seq for seq, *_ in rows), default=0)


def test_some_kills_of_a_store_lose_nothing(tmp_path: Path) -> None:
    assert killed(tmp_path / "live.db", 20) >= 20


@pytest.mark.parametrize(
    "kills", [pytest.param(200, marks=pytest.mark.reliability), pytest.param(1000, marks=pytest.mark.nightly)]
)
def test_many_kills_of_a_store_lose_nothing(
    kills: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    done = killed(tmp_path / "live.db", kills)
    record_property("figure", f"{kills} SIGKILLs of a store amid {done} acknowledged writes: 0 lost, 0 invented")
