"""Is a stage skipped when it cannot fit, and is what was given up named?"""

from engine.budget import Budget
from engine.costs import Costs


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_stage_that_fits_runs_and_is_timed() -> None:
    clock = Clock()
    budget = Budget(100, clock)

    def work() -> str:
        clock.seconds += 0.03
        return "done"

    assert budget.attempt("encode", work, cost_ms=50, fallback=lambda: "less", instead="words") == "done"
    assert abs(budget.timings["encode"] - 30) < 1e-9
    assert abs(budget.left_ms() - 70) < 1e-9
    assert budget.degraded == []


def test_a_stage_that_cannot_fit_is_not_started() -> None:
    clock = Clock()
    budget = Budget(5, clock)
    started = []
    answer = budget.attempt("encode", lambda: started.append(1), cost_ms=6, fallback=lambda: None, instead="words")
    assert answer is None and started == []
    [given_up] = budget.degraded
    assert (given_up.stage, given_up.instead) == ("encode", "words")
    assert "6.0 ms" in given_up.reason


def test_a_stage_that_breaks_falls_back_and_says_why() -> None:
    budget = Budget(100, Clock())

    def broken() -> str:
        raise ValueError("bad weights")

    assert budget.attempt("rank", broken, cost_ms=1, fallback=lambda: "fused", instead="retrieval order") == "fused"
    assert budget.degraded[0].reason == "error: ValueError: bad weights"


def test_left_is_never_negative() -> None:
    clock = Clock()
    budget = Budget(10, clock)
    clock.seconds = 1.0
    assert budget.left_ms() == 0.0


def test_costs_rise_fast_and_fall_slowly() -> None:
    costs = Costs({"encode": 10.0})
    costs.observe({"encode": 20.0})
    risen = costs.expect("encode")
    costs.observe({"encode": 0.0})
    assert risen == 12.0
    assert 11.0 < costs.expect("encode") < risen
    assert costs.expect("encode", "unheard of") == costs.expect("encode")
