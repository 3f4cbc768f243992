"""Does one thread compute at a time, and is nobody kept waiting for one that hangs?"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.turn import Turn


def test_one_computes_at_a_time() -> None:
    turn, inside, most = Turn(patience_s=10), [0], [0]

    def work(_: int) -> None:
        with turn.taken():
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            threading.Event().wait(0.001)
            inside[0] -= 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(32)))
    assert most == [1]


def test_who_waits_lets_others_compute() -> None:
    turn, other = Turn(patience_s=10), threading.Event()

    def compute() -> None:
        with turn.taken():
            other.set()

    with turn.taken(), ThreadPoolExecutor(1) as threads:
        done = threads.submit(compute)
        assert turn.aside(lambda: other.wait(10))
        done.result()
    with turn.taken():
        pass


def test_what_fails_aside_comes_back_with_its_turn() -> None:
    def fail() -> None:
        raise ValueError("no")

    turn = Turn(patience_s=0)
    with turn.taken():
        with pytest.raises(ValueError, match="no"):
            turn.aside(fail)
        with ThreadPoolExecutor(1) as threads:
            assert threads.submit(turn._lock.acquire, blocking=False).result() is False


def test_nobody_waits_for_one_that_hangs() -> None:
    turn, go, reached = Turn(patience_s=0.001), threading.Event(), list[str]()

    def hang() -> None:
        with turn.taken():
            reached.append(str(go.wait(10)))

    with ThreadPoolExecutor(1) as threads:
        hanging = threads.submit(hang)
        with turn.taken():
            reached.append("past")
        go.set()
        hanging.result()
    with turn.taken():
        reached.append("again")
    assert sorted(reached) == ["True", "again", "past"]
