"""Who computes, and who waits? A bounded thread pool; the event loop only admits or sheds."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from engine.errors import Overloaded

T = TypeVar("T")


class Pool:
    """At most `workers` searches at once and `queue` waiting; the rest is refused at once with 503."""

    def __init__(self, workers: int, queue: int, prepare: Callable[[], None] | None = None) -> None:
        """`prepare` is called once on each thread."""
        self._threads = ThreadPoolExecutor(workers, "search", initializer=prepare)
        self._room = workers + queue
        self._inside = 0
        self._lock = threading.Lock()

    @property
    def inside(self) -> int:
        """Requests running or waiting now."""
        return self._inside

    async def run(self, work: Callable[[], T], timeout_s: float) -> T:
        """Run on a worker thread; TimeoutError when it hangs past `timeout_s`, Overloaded without room or turn.

        A thread that is given up keeps its place until it ends: room is what is really free.
        """
        with self._lock:
            if self._inside >= self._room:
                raise Overloaded(f"{self._inside} searches are running or waiting; try again in a second")
            self._inside += 1

        def leave(_: object) -> None:
            with self._lock:
                self._inside -= 1

        try:
            future = self._threads.submit(copy_context().run, work)
        except RuntimeError:  # closed
            leave(None)
            raise Overloaded("this server is shutting down; ask another, or come back") from None
        future.add_done_callback(leave)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), timeout_s)
        except TimeoutError:
            if future.cancelled():
                raise Overloaded("this waited its whole time for a free thread; try again in a second") from None
            raise

    def close(self) -> None:
        """Finish what runs, drop what waits."""
        self._threads.shutdown(wait=True, cancel_futures=True)
