"""Are the queries of the product read as its authors meant them?"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.types import Constraint, Intent, Query
from engine.understand.names import NO_NAMES, NameTable
from engine.understand.parse import understand

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday
TABLE = NameTable(
    [("天坛", "name", "天坛公园", 0.1), ("红烧肉", "dish", "红烧肉", 0.9), ("绿茶饼", "dish", "绿茶饼", 0.2),
     ("自助洗衣吧", "amenity", "自助洗衣吧", 0.2), ("和牛寿司", "dish", "和牛寿司", 0.1),
     ("Sony", "brand", "Sony", 0.4),
     ("海底捞(五道口店)", "name", "海底捞(五道口店)", 0.1)]
)  # fmt: skip


def parse(text: str, names: NameTable = NO_NAMES, **fields: Any) -> Intent:
    return understand(Query("default", text, **fields), names, NOW)


def said(text: str, slot: str, names: NameTable = NO_NAMES) -> list[tuple[str, Any, str, int]]:
    found = parse(text, names).constraints
    return [(c.op, c.value, c.hardness, c.polarity) for c in found if c.slot == slot]


def words(intent: Intent, constraint: Constraint) -> str:
    assert constraint.span is not None
    return intent.query[slice(*constraint.span)]


@pytest.mark.parametrize(
    ("text", "embedded", "spans"),
    [
        ("适合周末带娃去的、有草坪的、近郊的咖啡店", "周末带娃 有草坪 近郊 咖啡店",
         ["周末", "带娃", "草坪", "近郊", "咖啡店"]),
        (
            "weekend family café with lawn near the city",
            "weekend family cafe lawn near the city",
            ["weekend", "family", "café", "lawn", "near the city"],
        ),
    ],
)  # fmt: skip
def test_the_flagship_queries(text: str, embedded: str, spans: Sequence[str]) -> None:
    intent = parse(text)
    by_slot = {c.slot: (c.op, c.value, c.hardness, c.polarity) for c in intent.constraints}
    assert by_slot == {
        "category": ("eq", "cafe", "hard", 1),
        "audience": ("has", "family_with_kids", "soft", 1),
        "time.open": ("open_during", {"days": ["SA", "SU"]}, "soft", 1),
        "amenity": ("has", "lawn", "hard", 1),
        "place.zone": ("in", "suburb_near", "soft", 1),
    }
    assert [words(intent, c) for c in intent.constraints] == spans
    zone = next(c for c in intent.constraints if c.slot == "place.zone")
    assert zone.assume and zone.assume["km_from_center"] == [10, 40]
    assert intent.name == "find_place"
    assert intent.text == embedded
    assert intent.residual == ""
    assert [intent.constraints[i].slot for i in intent.relax_order] == [
        "place.zone",
        "time.open",
        "audience",
        "amenity",
    ]


def test_spans_point_into_the_original_text() -> None:
    intent = parse("有①個\u200b草坪的咖啡廳")
    assert [words(intent, c) for c in intent.constraints] == ["草坪", "咖啡廳"]


@given(st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_without_error_and_spans_stay_inside(text: str) -> None:
    intent = parse(text, TABLE)
    for constraint in intent.constraints:
        if constraint.span:
            start, end = constraint.span
            assert 0 <= start < end <= len(text)
    assert all(0 <= i < len(intent.constraints) for i in intent.relax_order)


PIECES = ["评分4.5分以上", "人均100-150元", "不要", "没有", "草坪", "附近", "天坛", "的", "，", "周末", "早上9点",
          "3公里以内",           "和", "红烧肉", "under 200", " near ",
          "24小时",          "一个半小时", "酒店", "或者", "火锅", "也行", "最好", "免费", "吃"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_mixture_of_phrases_is_read_without_error(parts: list[str]) -> None:
    intent = parse("".join(parts), TABLE)
    assert all(c.span is None or 0 <= c.span[0] < c.span[1] <= len(intent.query) for c in intent.constraints)
