"""Are numerals read in the three writings?"""

import re

import pytest

from engine.understand.numbers import NUMERAL, between, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100", 100), ("1,200", 1200), ("4.5", 4.5), (".5", 0.5), ("1.5k", 1500), ("2千", 2000), ("3万", 30000),
        ("一百五", 150), ("两百", 200), ("十五", 15), ("一千二", 1200), ("一点五", 1.5), ("零点五", 0.5), ("半", 0.5),
        ("twenty", 20), ("two hundred", 200), ("a hundred", 100),
    ],
)  # fmt: skip
def test_numerals(text: str, value: float) -> None:
    assert number(text) == value
    assert re.fullmatch(NUMERAL, text)


@pytest.mark.parametrize(
    ("text", "pair"), [("两三", (2, 3)), ("一两百", (100, 200)), ("三四十", (30, 40)), ("三五", None)]
)
def test_neighbours(text: str, pair: tuple[float, float] | None) -> None:
    assert between(text) == pair


def test_digits_inside_a_model_name_are_no_numeral() -> None:
    assert re.findall(NUMERAL, "rtx2060") == []
