"""Is an open attribute read within its query, in the pass that the query takes anyway, and is nothing read twice?"""

from collections.abc import Sequence

import numpy as np
import pytest
from msgspec.structs import replace

from engine.hear import hear, known
from engine.live import View
from engine.types import F32, Constraint, Intent
from engine.vectors import QueryVectors
from tests.engine.test_encoders import Kept, Static
from tests.engine.world import unit, world


class Read(Static):
    """An encoder that finds in a text the parts that stand in it."""

    def within(self, text: str, parts: Sequence[str]) -> tuple[F32, list[F32 | None]]:
        self.calls += 1
        return self._vector, [unit(0, 1, 0, 0) if part in text else None for part in parts]


@pytest.fixture
def encoder() -> Read:
    return Read("reader", unit(1, 0, 0, 0))


@pytest.fixture
def view(encoder: Read) -> View:
    return View(world(), encoder, Kept())


def asking(*words: str, text: str) -> Intent:
    constraints = tuple(Constraint("amenity", "open", {"open": each}) for each in words)
    return Intent("find_place", {"poi": 1.0}, constraints, text=text)


def test_what_stands_in_the_query_takes_no_pass_of_its_own(view: View, encoder: Read) -> None:
    vectors, intent = QueryVectors(), asking("秋千", text="秋千 公园")
    assert not known(view, intent, vectors)
    vectors.get(view, intent.text, ["秋千"])
    assert encoder.calls == 1 and known(view, intent, vectors)
    heard = hear(view, intent, vectors).constraints[0].heard
    assert heard is not None and encoder.calls == 1
    np.testing.assert_array_equal(heard.vector, unit(0, 1, 0, 0))


def test_what_the_text_does_not_hold_is_read_alone_and_once(view: View, encoder: Read) -> None:
    vectors, intent = QueryVectors(), asking("秋千", text="公园")
    for _ in range(2):
        heard = hear(view, intent, vectors).constraints[0].heard
        assert heard is not None and heard.by == "reader"
        np.testing.assert_array_equal(heard.vector, unit(1, 0, 0, 0))
    assert encoder.calls == 2 and known(view, intent, vectors)  # the text, and the words alone


def test_the_same_words_in_another_text_are_another_hearing(view: View) -> None:
    vectors = QueryVectors()
    one, other = (hear(view, asking("秋千", text=text), vectors) for text in ("秋千 公园", "秋千 咖啡店"))
    assert one.constraints[0].heard != other.constraints[0].heard
    assert one.constraints[0].heard == hear(view, replace(one), vectors).constraints[0].heard


def test_a_vector_that_is_not_sound_is_refused(view: View, encoder: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = np.array([np.nan, 0, 0, 0], np.float32)
    monkeypatch.setattr(encoder, "within", lambda text, parts: (bad, [None for _ in parts]))
    with pytest.raises(ValueError, match="not finite"):
        QueryVectors().within(view, "公园", ["秋千"])
