"""Is a cursor opaque, exact and safe to take back?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cursor import MAX_OFFSET, Cursor, decode, encode
from engine.errors import BadQuery


@given(st.integers(0, MAX_OFFSET), st.text(max_size=20))
def test_round_trip(offset: int, snapshot: str) -> None:
    assert decode(encode(Cursor(offset, snapshot))) == Cursor(offset, snapshot)


@given(st.text(max_size=60))
def test_any_text_is_a_cursor_or_a_clear_error(text: str) -> None:
    try:
        assert 0 <= decode(text).offset <= MAX_OFFSET
    except BadQuery as error:
        assert error.field == "cursor"


def test_an_offset_too_far_is_refused() -> None:
    with pytest.raises(BadQuery, match="narrow the query"):
        decode(encode(Cursor(MAX_OFFSET + 1, "")))
