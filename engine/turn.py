"""Who computes now? One thread at a time: threads of one interpreter take it from each other, and all become late.

Two searches that alternate both end when the second of them would have ended alone; in turn the first ends in half the
time. What waits for native code of its own (the encoder's) steps aside, so that the next one computes meanwhile.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

T = TypeVar("T")

#: Whoever waited so long goes on beside the one that computes: it may hang.
PATIENCE_S: Final = 0.05


class Turn:
    """A lock that nobody waits for in vain, and that whoever holds it may lend. Safe for many threads."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._lock, self._patience_s = threading.Lock(), patience_s
        self._here = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Compute now."""
        self._take()
        try:
            yield
        finally:
            self._give()

    def aside(self, wait: Callable[[], T]) -> T:
        """What `wait` gives; others compute until it has. A thread that has no turn just waits."""
        lent = self._give()
        try:
            return wait()
        finally:
            if lent:
                self._take()

    def _take(self) -> None:
        self._here.mine = self._lock.acquire(timeout=self._patience_s)

    def _give(self) -> bool:
        mine: bool = getattr(self._here, "mine", False)
        if mine:
            self._here.mine = False
            self._lock.release()
        return mine
