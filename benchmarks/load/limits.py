"""How is a server kept below so much memory? By a control group where one may be made, else by its addresses."""

import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CONTROL: Final = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Limit:
    """`hold` takes a process that has just started; `said` tells what holds it then."""

    hold: Callable[[int], object]
    said: str


@contextmanager
def limited(megabytes: int | None) -> Iterator[Limit]:
    """Pages of files that the group touches count as its memory too, and are dropped under pressure."""
    if megabytes is None:
        yield Limit(lambda pid: None, "no memory limit")
        return
    folder = _group(megabytes)
    if folder is None:
        most = megabytes << 20
        yield Limit(
            lambda pid: resource.prlimit(pid, resource.RLIMIT_AS, (most, most)), f"RLIMIT_AS of {megabytes} MiB"
        )
        return
    try:
        yield Limit(
            lambda pid: (folder / "cgroup.procs").write_text(str(pid), "ascii"), f"control group of {megabytes} MiB"
        )
    finally:
        with suppress(OSError):  # whoever lives on in it keeps it
            folder.rmdir()


def _group(megabytes: int) -> Path | None:
    """A new group with its limit set; None where there are no groups, or they may not be made."""
    for parent, name in _parents():
        folder = parent / f"lifestyle-load-{os.getpid()}"
        try:
            folder.mkdir()
        except OSError:
            continue
        try:
            (folder / name).write_text(str(megabytes << 20), "ascii")
        except OSError:
            folder.rmdir()
            continue
        return folder
    return None


def _parents() -> Iterator[tuple[Path, str]]:
    """Our own memory groups (version 1, then 2), and the file that holds a limit there."""
    known = Path("/proc/self/cgroup")
    for line in known.read_text("ascii").splitlines() if known.exists() else ():
        _, controllers, path = line.split(":", 2)
        if controllers == "memory":
            yield CONTROL / "memory" / path.lstrip("/"), "memory.limit_in_bytes"
        elif not controllers:
            yield CONTROL / path.lstrip("/"), "memory.max"
