"""Does the compiled table read as pypinyin itself does, segmentation included?"""

import random
from typing import Any

import pypinyin
from hypothesis import given
from hypothesis import strategies as st
from pypinyin.constants import PHRASES_DICT

from engine.understand.pinyin import readings

PHRASES = random.Random(7).sample(sorted(PHRASES_DICT), 400)
PIECES = st.one_of(
    st.sampled_from(PHRASES),
    st.builds(lambda phrase, size: phrase[:size], st.sampled_from(PHRASES), st.integers(1, 4)),
    st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF),
    st.characters(exclude_categories=["Cs"]),
)


def plainly(text: str) -> list[str]:
    """pypinyin's own answer, one piece a character; it gives what has no sound as the list that is asked for."""
    one_by_one: Any = list
    return [one for piece in pypinyin.lazy_pinyin(text, errors=one_by_one) for one in _piece(piece)]


def _piece(piece: Any) -> list[str]:
    return piece if isinstance(piece, list) else [piece]


@given(st.lists(PIECES, max_size=5).map("".join))
def test_reads_as_the_library_does(text: str) -> None:
    assert readings().read(text) == plainly(text)


def test_a_phrase_may_be_read_unlike_its_characters() -> None:
    assert readings().read("重庆的银行 A1") == ["chong", "qing", "de", "yin", "hang", " ", "A", "1"]


def test_each_of_many_phrases_is_read_as_a_whole() -> None:
    assert [readings().read(phrase) for phrase in PHRASES] == [plainly(phrase) for phrase in PHRASES]
