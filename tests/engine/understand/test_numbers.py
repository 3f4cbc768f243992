"""Are numerals read in the three writings?"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.understand.numbers import NUMERAL, between, number

HAN = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100", 100), ("1,200", 1200), ("4.5", 4.5), (".5", 0.5), ("1.5k", 1500), ("2千", 2000), ("3万", 30000),
        ("3万5", 35000), ("2百5", 250), ("一百五", 150),
        ("两百", 200), ("十五", 15), ("一千二", 1200), ("两千三", 2300),
        ("三万五", 35000), ("一百零五", 105), ("一点五", 1.5), ("零点五", 0.5), ("半", 0.5), ("俩", 2),
        ("二零二六", 2026),
        ("twenty", 20), ("twenty-five", 25), ("two hundred", 200), ("a hundred", 100), ("hundred", 100),
    ],
)  # fmt: skip
def test_numerals(text: str, value: float) -> None:
    assert number(text) == value
    assert re.fullmatch(NUMERAL, text)


@pytest.mark.parametrize("text", ["三三百", "百千", "一二百三三", "万"])
def test_what_nobody_writes_is_no_number(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("两三", (2, 3)), ("一两百", (100, 200)), ("三四十", (30, 40)), ("八九十", (80, 90)), ("十七八", (17, 18)),
        ("十几", (10, 20)), ("几十", (20, 100)), ("几百", (200, 1000)), ("三百多", (300, 400)), ("三五", None),
        ("三百", None),
    ],
)  # fmt: skip
def test_numerals_that_leave_room(text: str, pair: tuple[float, float] | None) -> None:
    assert between(text) == pair


def test_digits_inside_a_model_name_are_no_numeral() -> None:
    assert re.findall(NUMERAL, "rtx2060") == []


def section(value: int, after: bool, two: str) -> str:
    """Up to 9999 in characters; `after`: something stands before it, so gaps are filled with 零."""
    out, gap = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // scale % 10
        if digit:
            out += "零" if gap and (out or after) else ""
            out += (two if digit == 2 and scale >= 100 else HAN[digit]) + name
        gap = not digit
    return out


def written(value: int, two: str = "二") -> str:
    high, low = divmod(value, 10_000)
    text = section(high, False, two) + "万" if high else ""
    text += ("零" if high and 0 < low < 1000 else "") + section(low, bool(high), two)
    return text.removeprefix("一") if text.startswith("一十") else text


@given(st.integers(1, 99_999), st.sampled_from("二两"))
def test_any_number_written_in_characters_reads_back(value: int, two: str) -> None:
    assert number(written(value, two)) == value
    assert re.fullmatch(NUMERAL, written(value, two))


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from([100, 1000, 10_000]))
def test_a_last_scale_may_be_left_unsaid(first: int, second: int, scale: int) -> None:
    value = first * scale + second * scale // 10
    spoken = written(value).removesuffix({100: "十", 1000: "百", 10_000: "千"}[scale])
    assert number(spoken) == value
    assert number(f"{first}{ {100: '百', 1000: '千', 10_000: '万'}[scale] }{second}") == value


@given(st.text("点零一两几十百千万半", max_size=6))
def test_any_heap_of_numerals_is_a_number_or_none(text: str) -> None:
    value = number(text)
    assert value is None or value >= 0
