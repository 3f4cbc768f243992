"""By whom are a question's words made vectors, and when? The encoder beside other work, its student, or nobody."""

from collections.abc import Callable
from functools import partial
from typing import Final, TypeAlias

from engine.ahead import Ahead
from engine.budget import Budget
from engine.costs import Costs
from engine.hear import hear, known, open_words, overhear
from engine.live import View
from engine.ports import Encoder
from engine.turn import Turn
from engine.types import F32, Intent
from engine.vectors import QueryVectors, by_student

WORDS: Final = "words and constraints alone"
STUDENT: Final = "the student's vector"
#: Waits for the vectors (n, dim); None: there are none after all.
Coming: TypeAlias = Callable[[], F32 | None]


class Encoding:
    """What an engine keeps of vectors of queries, and the threads that make them. Safe for many threads.

    `turn`: of the searches that compute; who waits for the encoder steps aside.
    """

    def __init__(self, costs: Costs, turn: Turn) -> None:
        self.costs, self.vectors, self.turn = costs, QueryVectors(), turn
        self._ahead = Ahead()

    def begin(self, view: View, intent: Intent, budget: Budget) -> tuple[F32 | None, Coming | None]:
        """-> the vectors where they cost next to nothing, else what waits for them."""
        if intent.tastes is not None or not intent.text:
            return intent.tastes, None
        if self.vectors.known(view, intent.text):  # at no cost, so it is never given up
            return budget.measure("encode", lambda: self.vectors.get(view, intent.text)), None
        if view.student is not None and view.student_first:
            return self._by_student(view, view.student, intent.text, budget), None
        return self._by_encoder(view, intent, budget)

    def _by_encoder(self, view: View, intent: Intent, budget: Budget) -> tuple[F32 | None, Coming | None]:
        """Beside what needs no vectors; at once where open attributes are heard in the same pass before that."""
        student, parts = view.student, open_words(intent)
        instead = WORDS if student is None else STUDENT

        def stand_in() -> F32 | None:
            return self._by_student(view, student, intent.text, budget) if student is not None else None

        def step_aside() -> F32:
            return self.turn.aside(work)

        work = partial(self.vectors.get, view, intent.text, parts)
        cost = self.costs.expect("encode", "retrieve", "blend", "prove", "answer")
        if parts:
            return budget.attempt("encode", step_aside, cost_ms=cost, fallback=stand_in, instead=instead), None
        coming = budget.attempt(
            "encode", lambda: self._ahead.begin(work), cost_ms=cost, fallback=lambda: None, instead=instead
        )
        if coming is None:
            return stand_in(), None
        wait = partial(self.turn.aside, coming)
        return None, lambda: budget.attempt("encode", wait, cost_ms=0.0, fallback=stand_in, instead=instead)

    def hear(self, view: View, intent: Intent, budget: Budget) -> Intent:
        """What the open attributes mean, when there is time to find out."""
        if known(view, intent, self.vectors):
            return budget.measure("hear", lambda: hear(view, intent, self.vectors))
        student = view.student
        if student is not None and view.student_first:
            return budget.measure("hear", lambda: overhear(intent, student))
        return budget.attempt(
            "hear",
            lambda: self.turn.aside(lambda: hear(view, intent, self.vectors)),
            cost_ms=self.costs.expect("hear", "retrieve", "rank", "blend", "prove", "answer"),
            fallback=lambda: overhear(intent, student) if student is not None else intent,
            instead="open attributes by their words alone" if student is None else STUDENT,
        )

    def _by_student(self, view: View, student: Encoder, text: str, budget: Budget) -> F32 | None:
        return budget.attempt(
            "student",
            lambda: by_student(view, student, text),
            cost_ms=self.costs.expect("student", "retrieve", "blend", "answer"),
            fallback=lambda: None,
            instead=WORDS,
        )
