"""A disk whose power fails: what was not synced may be lost, in any combination."""

import contextlib
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.disk import FaultyDisk


@dataclass(frozen=True)
class Unsynced:
    """Something a power cut may take back; `inode` is the file or folder whose sync makes it last."""

    inode: int
    undo: Callable[[], None]


class PowerCut(FaultyDisk):
    """Dies at operation `at`; then `cut` takes back unsynced contents and names, newest first, each with `chance`."""

    def __init__(self, at: int, chance: float = 1.0, seed: int = 0) -> None:
        super().__init__(at, "crash")
        self._chance, self._random = chance, random.Random(seed)
        self._unsynced: list[Unsynced] = []
        self._handles: list[int] = []

    def mkdir(self, folder: Path) -> None:
        new = not folder.exists()
        super().mkdir(folder)
        if new:
            parent = self._open(folder.parent)
            self._note(folder.parent, lambda: shutil.rmtree(folder.name, ignore_errors=True, dir_fd=parent))

    def write(self, path: Path, data: bytes) -> None:
        super().write(path, data)
        content, parent = self._open(path, os.O_RDWR), self._open(path.parent)
        self._note(path.parent, lambda: _quietly(lambda: os.unlink(path.name, dir_fd=parent)))
        self._note(path, lambda: os.ftruncate(content, 0))

    def fsync(self, path: Path) -> None:
        super().fsync(path)
        self._settle(path)

    def fsync_dir(self, folder: Path) -> None:
        super().fsync_dir(folder)
        self._settle(folder)

    def rename(self, source: Path, target: Path) -> None:
        before = target.read_bytes() if target.is_file() else None
        super().rename(source, target)

        def undo() -> None:
            _quietly(lambda: os.replace(target, source))
            if before is not None:
                target.write_bytes(before)

        self._note(target.parent, undo)

    def cut(self) -> None:
        """The power is gone: apply the losses."""
        for each in reversed(self._unsynced):
            if self._random.random() < self._chance:
                each.undo()
        self.close()

    def close(self) -> None:
        """Let go of all handles."""
        while self._handles:
            os.close(self._handles.pop())

    def _open(self, path: Path, flags: int = os.O_RDONLY) -> int:
        self._handles.append(os.open(path, flags))
        return self._handles[-1]

    def _note(self, path: Path, undo: Callable[[], None]) -> None:
        self._unsynced.append(Unsynced(path.stat().st_ino, undo))

    def _settle(self, path: Path) -> None:
        inode = path.stat().st_ino
        self._unsynced = [each for each in self._unsynced if each.inode != inode]


def _quietly(act: Callable[[], None]) -> None:
    with contextlib.suppress(FileNotFoundError):
        act()
