"""How is a vector made while filters and words are looked up? On a thread beside: the model needs no interpreter."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")

#: Far more than searches that run at once, each of which waits for one: a thread is started when none is free.
MOST: Final = 256


class Ahead:
    """Threads that begin what is waited for later. Safe for many threads."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(MOST, "ahead")

    def begin(self, work: Callable[[], T]) -> Callable[[], T]:
        """Returns once the work has begun -> what waits for its end, gives what it gives and raises what it raises.

        Without the wait the thread would come by the interpreter only when the caller is made to give it up.
        """
        begun = threading.Event()

        def run() -> T:
            begun.set()
            return work()

        future = self._threads.submit(run)
        begun.wait()
        return future.result
