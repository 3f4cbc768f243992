"""Are words found in many texts at once, each in its own text, in any form?"""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.lowered import Lowered, Said

TEXTS = [
    "Two TRAINS passed.",
    "A different train",
    "rent a bike",
    "a strain",
    "火车从窗边过",
    "火",
    "车",
    "cherries",
    "",
]


@pytest.mark.parametrize(
    ("word", "found"),
    [("train", [0, 1]), ("rent", [2]), ("火车", [4]), ("cherri", [7]), ("cherry", [7]), ("bikes", [2]), ("a bike", [2]),
     ("x", []), ("", [])],
)  # fmt: skip
def test_forms_of_a_word_and_nothing_else(word: str, found: list[int]) -> None:
    assert np.flatnonzero(Lowered.of(pa.array(TEXTS)).holding(word)).tolist() == found


def test_some_of_the_texts_are_searched_alone() -> None:
    some = Lowered.of(pa.array(TEXTS)).take(np.array([1, 4]))
    assert some.holding("train").tolist() == [True, False] and some.han.tolist() == [False, True]


@given(
    st.lists(st.text(st.sampled_from("火车a \n"), max_size=6), max_size=20),
    st.text(st.sampled_from("火车"), min_size=1),
)
def test_han_are_found_where_they_stand(texts: list[str], word: str) -> None:
    lowered = Lowered.of(pa.array(texts, pa.string()))
    assert lowered.holding(word).tolist() == [word in text for text in texts]


@given(st.lists(st.sampled_from("abc"), max_size=20))
def test_each_text_once(texts: list[str]) -> None:
    said = Said.once(pa.array(texts, pa.string()))
    assert said.texts.take(pa.array(said.of)).to_pylist() == texts
    assert [texts[row] for row in said.first.tolist()] == said.texts.to_pylist() == list(dict.fromkeys(texts))
