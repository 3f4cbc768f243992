"""How often may a key ask? A token bucket for each: tokens come in at its rate, a request takes one."""

import threading
import time
from collections.abc import Callable
from math import ceil

from api.settings import Key, Settings


class Rates:
    """The buckets of all keys of one process. Safe for many threads; `clock` in seconds, monotonic."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._left: dict[str, tuple[float, float]] = {}  # digest of a key -> tokens, when they were counted
        self._lock = threading.Lock()

    def take(self, key: Key) -> int:
        """0 when the request may go on; else the whole seconds after which one will."""
        rate = key.rate_per_second or self._settings.rate_per_second
        if rate is None:
            return 0
        most, now = float(key.rate_burst or self._settings.rate_burst), self._clock()
        with self._lock:
            left, counted = self._left.get(key.digest, (most, now))
            left = min(most, left + (now - counted) * rate)
            if left >= 1:
                self._left[key.digest] = (left - 1, now)
                return 0
            self._left[key.digest] = (left, now)
        return max(1, ceil((1 - left) / rate))
