"""Are amounts read with their units, their bounds and both their ends?"""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.understand.fold import fold
from engine.understand.quantity import quantities, said


def read(text: str) -> list[tuple[str, float, float, str]]:
    return [(q.op, said(q).low, said(q).high, q.unit) for q in quantities(fold(text).text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100-150元", ("between", 100, 150, "CNY")),
        ("￥300以下", ("lte", 300, 300, "CNY")),
        ("３００块起", ("gte", 300, 300, "CNY")),
        ("under 200 yuan", ("lte", 200, 200, "CNY")),
        ("$20-30", ("between", 20, 30, "USD")),
        ("80刀左右", ("about", 80, 80, "USD")),
        ("百来块", ("about", 100, 100, "CNY")),
        ("八九十块", ("between", 80, 90, "CNY")),
        ("两三百元", ("between", 200, 300, "CNY")),
        ("3-5百", ("between", 300, 500, "")),
        ("1到2万", ("between", 10_000, 20_000, "")),
        ("1.5k max", ("lte", 1500, 1500, "")),
        ("一百五以内", ("lte", 150, 150, "")),
        ("no more than 50 euros", ("lte", 50, 50, "EUR")),
        ("4.5分以上", ("gte", 4.5, 4.5, "point")),
        ("一个半小时", ("eq", 1.5, 1.5, "hour")),
        ("an hour and a half", ("eq", 1.5, 1.5, "hour")),
        ("a couple of hours", ("eq", 2, 2, "hour")),
        ("0.5小时 - 1小时", ("between", 0.5, 1, "hour")),
        ("3、4小时", ("between", 3, 4, "hour")),
        ("三天两晚", ("eq", 3, 3, "day")),
        ("2D1N", ("eq", 2, 2, "day")),
        ("一岁半", ("eq", 1.5, 1.5, "year")),
        ("a 3-year-old", ("eq", 3, 3, "year")),
        ("1米2以内", ("lte", 1.2, 1.2, "m")),
        ("20寸", ("eq", 20, 20, "in")),
        ('13" laptop', ("eq", 13, 13, "in")),
        ("30 m²", ("eq", 30, 30, "m2")),
        ("30 to 40 litres", ("between", 30, 40, "l")),
    ],
)
def test_amounts(text: str, expected: tuple[str, float, float, str]) -> None:
    op, low, high, unit = expected
    assert read(text) == [(op, pytest.approx(low), pytest.approx(high), unit)]


@pytest.mark.parametrize("text", ["SPF50", "rtx2060", "安静的咖啡店", "a nice place"])
def test_texts_without_an_amount(text: str) -> None:
    assert read(text) == []


@given(
    st.integers(1, 50_000),
    st.integers(1, 50_000),
    st.sampled_from(["-", "到", "至", " to ", "~"]),
    st.sampled_from(["元", "块", " yuan", "公里", "ml"]),
)
def test_a_range_keeps_its_order(first: int, second: int, joined: str, unit: str) -> None:
    low, high = sorted((first, second))
    (found,) = quantities(f"{low}{joined}{high}{unit}")
    assert (found.op, round(said(found).low), round(said(found).high)) == ("between", low, high)


@given(st.text(alphabet="0123456789一二三两百千万半几多来元块到-. 个小时天岁以上内ab$¥", max_size=40))
def test_spans_stay_inside_the_text_and_do_not_overlap(text: str) -> None:
    found = quantities(fold(text).text)
    assert all(0 <= q.start < q.end <= len(text) and q.low <= q.high for q in found)
    assert all(a.end <= b.start or a.end <= b.numeral for a, b in itertools.pairwise(found))
