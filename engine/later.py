"""What may wait until questions are answered? Work that only makes answers faster, such as machine code.

It waits from `later` until a process says `begin` (a server, once it is ready) or `finish` (a benchmark, before it
measures); one that says neither does without.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

_LOG = logging.getLogger(__name__)


class Later:
    """Work in the order in which it was put off. Safe for many threads; one at a time does it."""

    def __init__(self) -> None:
        self._waiting: list[Callable[[], object]] = []
        self._begun = False
        self._lock, self._turn = threading.Lock(), threading.Lock()
        self._around: Callable[[], AbstractContextManager[None]] = nullcontext

    def put_off(self, work: Callable[[], object]) -> None:
        """Let it wait; once `begin` was said, not for long."""
        with self._lock:
            self._waiting.append(work)
        if self._begun:
            self._start()

    def end(self) -> None:
        """Do nothing more in the background; returns when what is being done there is done."""
        self._begun = False
        with self._turn:
            pass

    def begin(self, around: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        """Do from now on, in the background, what waits and what will be put off; `around`: in such a context."""
        self._begun, self._around = True, around
        self._start()

    def finish(self) -> None:
        """Do all that waits, now. What fails is logged and left undone: answers go on without."""
        with self._turn:
            self._drain(lambda: True)

    def _drain(self, going_on: Callable[[], bool]) -> None:
        while going_on() and (work := self._next()):
            try:
                work()
            except Exception as error:
                _LOG.error("put off, then failed: %s: %s", type(error).__name__, error)

    def _start(self) -> None:
        if self._waiting:
            threading.Thread(target=self._behind, name="later").start()

    def _behind(self) -> None:
        with self._turn, self._around():
            self._drain(lambda: self._begun)

    def _next(self) -> Callable[[], object] | None:
        with self._lock:
            return self._waiting.pop(0) if self._waiting else None


#: The process's own.
LATER = Later()
