"""What does a stage cost here? A running estimate, so that work is sized before it starts."""

from collections.abc import Collection, Mapping

#: Milliseconds assumed until this machine has measured its own (2 cores with AVX2, sample-sized index).
ASSUMED: Mapping[str, float] = {
    "understand": 0.7,
    "encode": 7.5,
    "student": 0.1,
    "hear": 7.0,  # an open attribute, encoded
    "retrieve": 2.0,
    "glance": 0.8,  # retrieval by filters and words alone
    "rank": 1.5,
    "order": 3.0,  # of a feed, where one was learnt
    "blend": 0.4,
    "prove": 0.6,
    "facets": 2.0,  # all that are asked for
    "answer": 0.4,  # the page written down and sent
}


class Costs:
    """Expected milliseconds per stage: a high-leaning moving average (rises fast, falls slowly).

    Races between threads lose an observation at most; the estimate stays a number.
    """

    def __init__(self, assumed: Mapping[str, float] = ASSUMED) -> None:
        self._assumed, self._expected = assumed, dict(assumed)

    def expect(self, *stages: str) -> float:
        """The expected cost of these stages together, in milliseconds."""
        return sum(self._expected.get(stage, 0.0) for stage in stages)

    def observe(self, timings: Mapping[str, float], skipped: Collection[str] = ()) -> None:
        """Learn from one request's timings (stage -> ms), and from the stages it did not start.

        A stage that is skipped measures nothing: its estimate falls slowly to what was assumed, so that after a
        busy spell it is tried again.
        """
        for stage in skipped:
            high, floor = self._expected.get(stage, 0.0), self._assumed.get(stage, 0.0)
            self._expected[stage] = high + 0.05 * min(0.0, floor - high)
        for stage, spent in timings.items():
            known = self._expected.get(stage)
            if known is None:
                self._expected[stage] = spent
            else:
                rate = 0.2 if spent > known else 0.05
                self._expected[stage] = known + rate * (spent - known)
