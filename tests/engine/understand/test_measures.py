"""Do numbers constrain what they belong to: price, rating, size, party, age, stay, how many, and nothing else?"""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.types import Query
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)  # a Sunday morning in China
NUMERIC = {"price", "rating", "duration", "distance", "party_size", "attr.size", "attr.home", "travel_time", "recency"}


def said(text: str) -> dict[str, tuple[str, Any]]:
    intent = understand(Query("default", text), NO_NAMES, NOW)
    return {c.slot: (c.op, c.value) for c in intent.constraints if c.slot in NUMERIC}


def assumed(text: str, slot: str) -> dict[str, Any]:
    intent = understand(Query("default", text), NO_NAMES, NOW)
    return next(dict(c.assume or {}) for c in intent.constraints if c.slot == slot)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("27寸显示器", {"attr.size": ("has", {"min": 27, "max": 27, "unit": "in"})}),
        ("显示器 两千三以内", {"price": ("lte", 2300)}),
        ("headphones between 1000 and 1500", {"price": ("between", [1000, 1500])}),
        ("帐篷 3-5百", {"price": ("between", [300, 500])}),
        ("人均百来块的火锅", {"price": ("between", [80, 120])}),
        ("预算人均1500的餐厅", {"price": ("lte", 1500)}),
        ("desk under 120 cm wide", {"attr.size": ("has", {"max": 120, "unit": "cm"})}),
        ("30平的家用洗衣机", {"attr.home": ("has", {"max": 30, "unit": "m2"})}),
        ("1200元/晚以内的酒店", {"price": ("lte", 1200)}),
        ("4-star hotel under 800", {"price": ("lte", 800)}),
        ("评分4.5以上人均80以下的餐厅", {"rating": ("gte", 4.5), "price": ("lte", 80)}),
        ("四个人吃的火锅", {"party_size": ("gte", 4)}),
        ("reserve a table for six, Italian", {"party_size": ("gte", 6)}),
        ("2大1小住的酒店", {"party_size": ("gte", 3)}),
        ("2 hours max pottery class", {"duration": ("between", [0, 120])}),
        ("a bakery I can walk to in 10 minutes", {"travel_time": ("lte", {"minutes": 10, "mode": "walk"})}),
        ("dentist rated 4.7 or higher", {"rating": ("gte", 4.7)}),
        ("近半年的探店笔记", {"recency": ("gte", "2026-05-22")}),
        ("cafe guide since September 2026", {"recency": ("gte", "2026-09-01")}),
        ("今年发的攻略", {"recency": ("gte", "2026-01-01")}),
    ],
)
def test_amounts_find_their_slot(text: str, expected: dict[str, tuple[str, Any]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    ["2号线沿线的咖啡店", "90后喜欢的酒吧", "798附近的咖啡店", "7-11便利店", "SPF50防晒霜", "iPhone 15 手机壳",
     "24小时热水的酒店", "身高160cm的穿搭", "住三天的酒店", "我还想玩几天，找个酒店", "3楼的餐厅",
     "best rated 5 escape rooms"],
)  # fmt: skip
def test_numbers_that_are_no_amount_constrain_nothing(text: str) -> None:
    assert {slot: v for slot, v in said(text).items() if slot not in ("place.named", "distance")} == {}


def test_what_two_share_is_kept_as_said_and_stated() -> None:
    assert said("双人餐300元以内")["price"] == ("lte", 300)
    assert assumed("双人餐300元以内", "price") == {"currency": "CNY", "per": "group", "people": 2}
    assert "people" not in assumed("人均100元以内的双人套餐", "price")


@pytest.mark.parametrize(
    ("text", "age"),
    [("适合3岁宝宝的公园", [3, 3]), ("6个月宝宝的辅食机", [0.5, 0.5]), ("sleep train a 9 month old", [0.75, 0.75]),
     ("restaurant with high chairs, kids under 6", [0, 6]), ("3-6岁儿童牙膏", [3, 6]),
     ("stroller for a newborn", [0, 0]),
     ("family trip 怎么安排 娃4岁", [4, 4])],
)  # fmt: skip
def test_ages_of_children(text: str, age: list[float]) -> None:
    assert assumed(text, "audience")["age"] == age


@pytest.mark.parametrize(
    ("text", "limit"),
    [("推荐5家书店", 5), ("评分最高的3家素食馆", 3), ("top 3 hotpot", 3), ("5 quiet libraries with sockets", 5),
     ("3 person tent", None), ("推荐一家火锅", None), ("8 adults, mini golf", None), ("4 km from here", None)],
)  # fmt: skip
def test_how_many_answers(text: str, limit: int | None) -> None:
    assert understand(Query("default", text), NO_NAMES, NOW).limit == limit
