"""Who encodes a query: the cache, the encoder, its student, or nobody? And is it said?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import numpy as np
import pytest

from engine.budget import Budget
from engine.encoding import WORDS
from engine.live import View
from engine.ports import Index
from engine.search import Engine
from engine.types import F32, Candidates, Intent, Query, Results
from tests.engine.world import intent, query, unit, world
from tests.fakes.store import MemoryStore

UNHURRIED, SHORT, NONE = 1000.0, 5.0, 1.0


class Static:
    """An encoder that says the same of every text, and counts."""

    def __init__(self, name: str, vector: F32) -> None:
        self.fingerprint, self.dim, self._vector, self.calls = name, len(vector), vector, 0

    def encode(self, texts: Sequence[str], role: Literal["query", "passage"]) -> F32:
        self.calls += 1
        return np.repeat(self._vector[None, :], len(texts), axis=0)


class Kept:
    """A ranker that keeps the order of retrieval."""

    version = "kept"

    def score(self, index: Index, intent: Intent, query: Query, found: Candidates) -> F32:
        return found.fused

    def explain(self, index: Index, intent: Intent, query: Query, found: Candidates) -> Mapping[str, F32]:
        return {}


@pytest.fixture
def teacher() -> Static:
    return Static("teacher", unit(1, 0, 0, 0))


@pytest.fixture
def view(teacher: Static) -> View:
    return View(world(), teacher, Kept(), student=Static("student", unit(0, 1, 0, 0)))


@pytest.fixture
def engine(view: View) -> Engine:
    return Engine(lambda _: view, MemoryStore(), lambda: datetime(2026, 11, 22, tzinfo=UTC))


def ask(engine: Engine, view: View, budget_ms: float) -> Results:
    return engine.serve(view, intent(), query(), Budget(budget_ms, clock=lambda: 0.0))


def given_up(results: Results) -> dict[str, str]:
    return {each.stage: each.instead for each in results.degraded}


def test_with_time_the_encoder_is_asked(engine: Engine, view: View, teacher: Static) -> None:
    results = ask(engine, view, UNHURRIED)
    assert teacher.calls == 1
    assert "student" not in results.timings
    assert "student" not in results.versions
    assert results.hits[0].id == "far"


def test_without_time_its_student_stands_in_and_both_are_named(engine: Engine, view: View, teacher: Static) -> None:
    results = ask(engine, view, SHORT)
    assert teacher.calls == 0
    assert given_up(results)["encode"] == "the student's vector"
    assert results.versions["student"] == "student"
    assert results.versions["encoder"] == "teacher"
    assert results.hits[0].id == "mute"


def test_a_known_vector_is_better_than_the_student(engine: Engine, view: View, teacher: Static) -> None:
    ask(engine, view, UNHURRIED)
    results = ask(engine, view, SHORT)
    assert teacher.calls == 1
    assert "encode" not in given_up(results)
    assert "student" not in results.versions


def test_with_hardly_any_time_words_alone_answer(engine: Engine, view: View) -> None:
    results = ask(engine, view, NONE)
    assert given_up(results)["student"] == WORDS
    assert "student" not in results.versions


def test_without_a_student_words_alone_answer(engine: Engine, view: View) -> None:
    assert given_up(ask(engine, replace(view, student=None), SHORT))["encode"] == WORDS


def test_a_student_may_go_first_and_nothing_is_given_up(engine: Engine, view: View, teacher: Static) -> None:
    results = ask(engine, replace(view, student_first=True), UNHURRIED)
    assert teacher.calls == 0
    assert not results.degraded
    assert results.versions["student"] == "student"


def test_a_broken_student_costs_the_vector_alone(engine: Engine, view: View) -> None:
    broken = Static("student", np.full(4, np.nan, np.float32))
    results = ask(engine, replace(view, student=broken, student_first=True), UNHURRIED)
    assert given_up(results)["student"] == WORDS
    assert results.hits


def test_what_the_encoder_costs_is_not_learnt_from_the_student(engine: Engine, view: View) -> None:
    before = engine.costs.expect("encode")
    for _ in range(20):
        ask(engine, view, SHORT)
    assert engine.costs.expect("encode") == pytest.approx(before)
