"""Is a vector made beside the search, and what happens when it is not?"""

import threading

import pytest

from engine.ahead import Ahead
from engine.budget import Budget


def test_work_runs_beside_the_caller_and_its_result_is_waited_for() -> None:
    go, ahead = threading.Event(), Ahead()
    coming = ahead.begin(lambda: go.wait(10))
    go.set()  # the caller goes on while the work waits for it
    assert coming() is True


def test_what_the_work_raises_comes_where_it_is_waited_for() -> None:
    def work() -> None:
        raise ValueError("no")

    coming = Ahead().begin(work)
    with pytest.raises(ValueError, match="no"):
        coming()


def test_work_that_hangs_keeps_no_other_from_beginning() -> None:
    go, ahead = threading.Event(), Ahead()
    hanging = [ahead.begin(lambda: go.wait(10)) for _ in range(40)]
    assert ahead.begin(lambda: "made")() == "made"
    go.set()
    assert all(coming() for coming in hanging)


def test_a_stage_within_another_is_counted_once() -> None:
    now = 0.0

    def clock() -> float:
        return now

    def pass_(seconds: float) -> None:
        nonlocal now
        now += seconds

    budget = Budget(1000, clock)

    def outer() -> None:
        pass_(0.002)
        budget.measure("encode", lambda: pass_(0.003))
        pass_(0.004)

    budget.measure("retrieve", outer)
    assert budget.timings == {"retrieve": pytest.approx(6.0), "encode": pytest.approx(3.0)}
