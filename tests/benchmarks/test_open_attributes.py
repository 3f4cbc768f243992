"""Do the judged questions on open attributes ask what they say, of places that the sample's notes tell of?"""

from collections import Counter

import pytest

from benchmarks.quality.open_attributes import Asked, questions
from engine.hear import is_open
from engine.types import Query
from engine.understand.names import NameTable
from engine.understand.parse import understand
from tests.contracts.corpus import NOW

ASKED = questions()


def test_half_of_thirty_is_unseen() -> None:
    assert Counter(one.part for one in ASKED) == {"seen": 15, "unseen": 15}
    assert sum(not one.text.isascii() for one in ASKED) in range(15, 25)


@pytest.mark.parametrize("one", ASKED, ids=lambda one: one.text)
def test_each_is_read_as_an_open_attribute(one: Asked) -> None:
    intent = understand(Query("t", one.text), NameTable([]), NOW)
    assert sum(map(is_open, intent.constraints)) == 1


def test_most_have_answers_and_some_have_none() -> None:
    told = [one for one in ASKED if one.truth]
    assert len(told) == 28 and min(len(one.truth) for one in told) >= 5
