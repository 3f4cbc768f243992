"""What are the long jobs doing? Each says in a small file of its tenant how far it is; the console reads them.

A job holds the lock of its file as long as it lives, so that one that was killed is not taken for one that runs. No
file tells of an item or a person.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, Literal

import msgspec

from api import printing
from engine.errors import UnknownTenant
from indexing.files import Disk, replace_file

Name = Literal["build", "train", "distill"]
NAMES: Final[tuple[Name, ...]] = ("build", "train", "distill")
FOLDER: Final = "jobs"
#: No sooner is a file written again.
PAUSE_S: Final = 0.5


class Job:
    """One that runs. It speaks to standard error as well, as commands do."""

    def __init__(self, path: Path, name: Name, clock: Callable[[], datetime]) -> None:
        self._path, self._clock, self._written = path, clock, 0.0
        self._said: dict[str, Any] = {"job": name, "began": _iso(clock()), "stage": "", "done": 0, "todo": 0}
        self._write()

    def say(self, text: str) -> None:
        """A line of what is going on."""
        printing.progress(text)
        self._said |= {"stage": text[:200], "done": 0, "todo": 0}
        self._write()

    def stage(self, stage: str, done: int, todo: int) -> None:
        """How far a long stage is."""
        printing.progress_of(stage, done, todo)
        due = stage != self._said["stage"] or done >= todo or time.monotonic() - self._written >= PAUSE_S
        self._said |= {"stage": stage, "done": done, "todo": todo}
        if due:
            self._write()

    def end(self, failed: str | None) -> None:
        """It is over; `failed`: the name of what it failed of, whose sentence stands where the job was started."""
        self._said |= {"ended": _iso(self._clock()), "failed": failed}
        self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        replace_file(Disk(), self._path, msgspec.json.encode(self._said))


@contextmanager
def job(home: Path, name: Name, clock: Callable[[], datetime]) -> Iterator[Job]:
    """Run one below a tenant's folder; a second of its name waits. Raises UnknownTenant without a folder."""
    if not home.is_dir():
        raise UnknownTenant(f"nothing is published for '{home.name}'; ingest, build and publish first")
    folder = home / FOLDER
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.lock").open("a") as mine:
        fcntl.flock(mine, fcntl.LOCK_EX)
        running = Job(folder / f"{name}.json", name, clock)
        try:
            yield running
        except BaseException as error:
            running.end(type(error).__name__)
            raise
        running.end(None)


def told(home: Path) -> list[dict[str, Any]]:
    """The last job of each name: {job, began, ended, stage, done, todo, failed, state}."""
    found = ((home / FOLDER / f"{name}.json", home / FOLDER / f"{name}.lock") for name in NAMES)
    return [_state(said.read_bytes(), lock) for said, lock in found if said.exists() and lock.exists()]


def _state(said: bytes, lock: Path) -> dict[str, Any]:
    row: dict[str, Any] = {"ended": None, "failed": None, **msgspec.json.decode(said)}
    if row["ended"] is not None:
        return row | {"state": "failed" if row["failed"] else "done"}
    with lock.open("r") as file:
        return row | {"state": "running" if _held(file) else "broken off"}


def _held(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
