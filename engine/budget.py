"""How much time is left, who may use it, and what was given up?"""

import time
from collections.abc import Callable
from typing import TypeVar

from engine.types import Degraded

T = TypeVar("T")


class Budget:
    """One request's deadline. Stages are sized before they start, since a thread given up still burns its core.

    `clock` returns seconds, monotonic; `began`: its reading when the request arrived, now by default. Not thread-safe:
    one per request.
    """

    def __init__(
        self, total_ms: float, clock: Callable[[], float] = time.perf_counter, began: float | None = None
    ) -> None:
        self.total_ms = total_ms
        self._clock = clock
        self._start = clock() if began is None else began
        self.timings: dict[str, float] = {}
        self._inner = 0.0  # milliseconds of the stages that were measured within the one that is being measured
        self.laps: list[tuple[str, float, float]] = []  # stage, its begin and its end by the clock
        self.degraded: list[Degraded] = []

    def spent_ms(self) -> float:
        """Milliseconds since the request began."""
        return (self._clock() - self._start) * 1000

    def left_ms(self) -> float:
        """Milliseconds until the deadline; never negative."""
        return max(0.0, self.total_ms - self.spent_ms())

    def give_up(self, stage: str, reason: str, instead: str) -> None:
        """Name what the person does not get."""
        self.degraded.append(Degraded(stage, reason, instead))

    def measure(self, stage: str, work: Callable[[], T]) -> T:
        """Run a stage that cannot be skipped; its time, less that of stages within it, is added up under its name."""
        began, outer, self._inner = self._clock(), self._inner, 0.0
        try:
            return work()
        finally:
            ended = self._clock()
            spent = (ended - began) * 1000
            self.timings[stage] = self.timings.get(stage, 0.0) + spent - self._inner
            self._inner = outer + spent
            self.laps.append((stage, began, ended))

    def attempt(
        self, stage: str, work: Callable[[], T], *, cost_ms: float, fallback: Callable[[], T], instead: str
    ) -> T:
        """Run a stage when its expected cost fits what is left; otherwise, or when it fails, its cheaper fallback.

        `cost_ms` includes what the stages after it cannot do without.
        """
        left = self.left_ms()
        if cost_ms > left:
            self.give_up(stage, f"budget: needs {cost_ms:.1f} ms, {left:.1f} left", instead)
            return fallback()
        try:
            return self.measure(stage, work)
        except Exception as error:  # a broken stage must not cost the answer
            self.give_up(stage, f"error: {type(error).__name__}: {error}", instead)
            return fallback()
