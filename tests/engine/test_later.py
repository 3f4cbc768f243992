"""Does what was put off wait until it may be done, and does a failure cost nothing?"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from engine.later import Later


def test_it_waits_until_it_may_be_done() -> None:
    done: list[str] = []
    later = Later()
    later.put_off(lambda: done.append("first"))
    later.put_off(lambda: done.append("second"))
    assert done == []
    later.finish()
    assert done == ["first", "second"]
    later.finish()
    assert done == ["first", "second"]


def test_a_server_does_it_behind_its_answers_and_within_its_context() -> None:
    entered, done = [], threading.Event()

    @contextmanager
    def around() -> Iterator[None]:
        entered.append("in")
        yield
        entered.append("out")

    later = Later()
    later.begin(around)
    later.put_off(done.set)
    assert done.wait(10)
    later.end()
    assert entered == ["in", "out"]


def test_after_the_end_it_waits_again() -> None:
    done: list[int] = []
    later = Later()
    later.begin()
    later.end()
    later.put_off(lambda: done.append(1))
    later.end()
    assert done == []


def test_a_failure_is_logged_and_the_rest_is_done(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []
    later = Later()
    later.put_off(lambda: 1 / 0)
    later.put_off(lambda: done.append(1))
    later.finish()
    assert done == [1]
    assert "ZeroDivisionError" in caplog.text
