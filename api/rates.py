"""How often may a key ask? A token bucket for each: tokens come in at its rate, a request takes one."""

import struct
import time
from collections.abc import Callable, Sequence
from math import ceil
from typing import Final

from api.settings import Key, Settings
from api.shared import SharedBytes

#: A bucket: was it ever used, the tokens left, when they were counted (time.monotonic: one clock for all processes).
_BUCKET: Final = struct.Struct("<qdd")


class Rates:
    """The buckets of all keys: of this process, or of all workers in a file that they share (`settings.shared`).

    Safe for many threads and processes; `clock` in seconds, monotonic. Every worker has the same keys.
    """

    def __init__(self, settings: Settings, keys: Sequence[Key], clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._places = {name: n * _BUCKET.size for n, name in enumerate(sorted({key.digest for key in keys}))}
        self._bytes = SharedBytes(max(1, len(self._places)) * _BUCKET.size, settings.shared, "rates")

    def take(self, key: Key) -> int:
        """0 when the request may go on; else the whole seconds after which one will."""
        rate = key.rate_per_second or self._settings.rate_per_second
        if rate is None:
            return 0
        most, now, place = float(key.rate_burst or self._settings.rate_burst), self._clock(), self._places[key.digest]
        with self._bytes.alone() as memory:
            used, left, counted = _BUCKET.unpack_from(memory, place)
            left = min(most, left + (now - counted) * rate) if used else most
            _BUCKET.pack_into(memory, place, 1, left - 1 if left >= 1 else left, now)
        return 0 if left >= 1 else max(1, ceil((1 - left) / rate))

    def close(self) -> None:
        """Let the file go; no call may follow."""
        self._bytes.close()
