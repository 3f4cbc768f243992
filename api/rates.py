"""How often may a key ask? A token bucket for each: tokens come in at its rate, a request takes one."""

import fcntl
import mmap
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from typing import Final

from api.settings import Key, Settings

#: A bucket: was it ever used, the tokens left, when they were counted (time.monotonic: one clock for all processes).
_BUCKET: Final = struct.Struct("<qdd")


class Rates:
    """The buckets of all keys: of this process, or of all workers in a file that they share (`settings.shared`).

    Safe for many threads and processes; `clock` in seconds, monotonic. Every worker has the same keys.
    """

    def __init__(self, settings: Settings, keys: Sequence[Key], clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._places = {name: n * _BUCKET.size for n, name in enumerate(sorted({key.digest for key in keys}))}
        size = max(1, len(self._places)) * _BUCKET.size
        self._lock, self._file = threading.Lock(), None
        if settings.shared is not None:
            self._file = (settings.shared / "rates").open("a+b")
            self._file.truncate(size)
        self._memory = mmap.mmap(self._file.fileno() if self._file else -1, size)

    def take(self, key: Key) -> int:
        """0 when the request may go on; else the whole seconds after which one will."""
        rate = key.rate_per_second or self._settings.rate_per_second
        if rate is None:
            return 0
        most, now, place = float(key.rate_burst or self._settings.rate_burst), self._clock(), self._places[key.digest]
        with self._alone():
            used, left, counted = _BUCKET.unpack_from(self._memory, place)
            left = min(most, left + (now - counted) * rate) if used else most
            _BUCKET.pack_into(self._memory, place, 1, left - 1 if left >= 1 else left, now)
        return 0 if left >= 1 else max(1, ceil((1 - left) / rate))

    def close(self) -> None:
        """Let the file go; no call may follow."""
        self._memory.close()
        if self._file:
            self._file.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock:
            if self._file is None:
                yield
                return
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
