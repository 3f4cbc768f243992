"""What did the parts of a build cost? Processor seconds by name, and what they are of the whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time
from typing import Any


class Spent:
    """A clock of the whole that starts when it is made, and clocks of parts."""

    def __init__(self) -> None:
        self._start = process_time()
        self.seconds: dict[str, float] = {}

    @contextmanager
    def on(self, part: str) -> Iterator[None]:
        """Time what runs inside as (one more stretch of) a part."""
        begun = process_time()
        try:
            yield
        finally:
            self.seconds[part] = self.seconds.get(part, 0.0) + process_time() - begun

    def facts(self, notes: int) -> dict[str, Any]:
        """For the facts of a build: of each part its seconds, its share of all so far, and notes per second."""
        whole = max(process_time() - self._start, 1e-9)
        return {
            part: {
                "cpu_seconds": round(seconds, 3),
                "share": round(seconds / whole, 4),
                "notes_per_second": round(notes / max(seconds, 1e-9), 1),
            }
            for part, seconds in self.seconds.items()
        }
