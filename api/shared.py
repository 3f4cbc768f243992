"""What do the workers of one server keep together? Bytes that all of them map, changed by one at a time."""

import fcntl
import mmap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class SharedBytes:
    """`size` bytes, zeros at first: of this process alone, or of all that name the same file in `folder`.

    Safe for many threads and processes.
    """

    def __init__(self, size: int, folder: Path | None, name: str) -> None:
        self._lock, self._file = threading.Lock(), None
        if folder is not None:
            self._file = (folder / name).open("a+b")
            self._file.truncate(size)
        self._memory = mmap.mmap(self._file.fileno() if self._file else -1, size)

    def close(self) -> None:
        """Let the file go; no call may follow."""
        self._memory.close()
        if self._file:
            self._file.close()

    @contextmanager
    def alone(self) -> Iterator[mmap.mmap]:
        """The bytes, while nobody else reads or changes them."""
        with self._lock:
            if self._file is None:
                yield self._memory
                return
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield self._memory
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
