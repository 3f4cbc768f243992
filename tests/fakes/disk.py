"""A disk on which one operation fails: the process dies there, or the device says no, once or from then on."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from indexing.files import Disk

Fault = Literal["crash", "EIO", "ENOSPC"]


class Crash(BaseException):
    """The process is gone: nothing that follows runs."""


class FaultyDisk(Disk):
    """Counts operations; the `at`-th (from 1) fails. A failing write leaves half of its bytes behind.

    After a crash every operation raises Crash. A `sticky` device error repeats on all later operations but removals.
    Syncing is only counted, since it is slow and no process can see it; tests/fakes/power.py takes the power away.
    """

    def __init__(self, at: int = 0, fault: Fault = "crash", *, sticky: bool = False) -> None:
        self.at, self.fault, self.sticky, self.count = at, fault, sticky, 0
        self.log: list[str] = []

    def _step(self, name: str, path: Path, partial: Callable[[], None] | None = None) -> None:
        self.count += 1
        self.log.append(f"{name} {path.name}")
        again = self.at and self.count > self.at
        if self.count == self.at or (again and (self.fault == "crash" or (self.sticky and name != "remove"))):
            if partial and self.count == self.at:
                partial()
            if self.fault == "crash":
                raise Crash
            raise OSError(getattr(errno, self.fault), self.fault, str(path))

    def mkdir(self, folder: Path) -> None:
        self._step("mkdir", folder)
        super().mkdir(folder)

    def write(self, path: Path, data: bytes) -> None:
        self._step("write", path, lambda: path.write_bytes(data[: len(data) // 2]) and None)
        super().write(path, data)

    def fsync(self, path: Path) -> None:
        self._step("fsync", path)
        assert path.is_file()

    def fsync_dir(self, folder: Path) -> None:
        self._step("fsync_dir", folder)
        assert folder.is_dir()

    def rename(self, source: Path, target: Path) -> None:
        self._step("rename", target)
        super().rename(source, target)

    def remove(self, path: Path) -> None:
        self._step("remove", path)
        super().remove(path)
