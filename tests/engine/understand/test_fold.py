"""Does folding unify writings, and do spans point into the original?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.understand.fold import fold


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("適合週末帶娃去的咖啡廳", "适合周末带娃去的咖啡厅"),
        ("ＣＡＦÉ １００～２００元", "cafe 100-200元"),
        ("cafe\u0301", "cafe"),
        ("a\u200bb\u00a0c", "ab c"),
        ("👨\u200d👩 ☕\ufe0f", "👨👩 ☕"),
        ("3㎞", "3km"),
    ],
)
def test_folding(text: str, plain: str) -> None:
    assert fold(text).text == plain


def test_spans_point_into_the_original() -> None:
    text = "有①個 \u200b草坪"
    folded = fold(text)
    start = folded.text.index("草坪")
    begin, end = folded.span(start, start + 2)
    assert text[begin:end] == "草坪"


def test_a_span_inside_an_expanded_character_covers_it() -> None:
    assert fold("3㎞").span(1, 3) == (1, 2)


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=60)
def test_folding_is_a_homomorphism_and_origins_never_fall(left: str, right: str) -> None:
    whole = fold(left + right)
    assert whole.text == fold(left).text + fold(right).text
    assert len(whole.origin) == len(whole.text)
    assert list(whole.origin) == sorted(whole.origin)
    assert all(0 <= place < len(left + right) for place in whole.origin)
