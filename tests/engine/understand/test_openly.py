"""Is a thing that no lexicon knows read as an open wish, and nothing else so?"""

from datetime import datetime

import pytest

from engine.types import Constraint, Query
from engine.understand.names import NameTable
from engine.understand.parse import understand


def opened(text: str) -> list[Constraint]:
    intent = understand(Query("t", text), NameTable([]), datetime(2026, 11, 26, 10))
    return [c for c in intent.constraints if c.op == "open"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("有旋转木马的公园", "旋转木马"),
        ("带旋转木马的公园", "旋转木马"),
        ("能看到火车的咖啡馆", "能看到火车"),
        ("可以喂锦鲤的茶馆", "能喂锦鲤"),
        ("公园 要有旋转木马", "旋转木马"),
        ("能看到火车", "能看到火车"),
        ("有电视的民宿", "电视"),
        ("cafe with a swing", "swing"),
        ("has a swing", "swing"),
        ("cafes where you can see trains", "see trains"),
        ("you can see trains", "see trains"),
        ("museum with a gift shop", "gift shop"),
        ("quiet hotel that has a spiral staircase near Marienplatz", "spiral staircase"),
    ],
)
def test_what_nobody_knows_is_an_open_wish(text: str, word: str) -> None:
    (wish,) = opened(text)
    assert (wish.slot, wish.value, wish.hardness, wish.polarity) == ("amenity", {"open": word}, "soft", 1)


@pytest.mark.parametrize("text", ["必须有旋转木马的公园", "一定要有旋转木马的公园"])
def test_insisted_on_it_is_hard(text: str) -> None:
    assert [wish.hardness for wish in opened(text)] == ["hard"]


def test_unwanted_it_is_refused() -> None:
    assert [wish.polarity for wish in opened("不要有旋转木马的公园")] == [-1]


def test_the_kind_of_place_is_still_sought_beside_a_thing_called_like_a_kind() -> None:
    intent = understand(Query("t", "museum with a gift shop"), NameTable([]), datetime(2026, 11, 26, 10))
    assert {(c.slot, str(c.value)) for c in intent.constraints} >= {("category", "museum")}


@pytest.mark.parametrize(
    "text",
    [
        "有草坪的咖啡店",  # a lexicon knows it
        "有什么好吃的餐厅",
        "能带狗的咖啡馆",
        "可以推荐的餐厅",
        "适合带父母去的餐厅",
        "restaurant with good reviews",
        "café with my kids",
        "places where you can eat",
        "没有旋转木马",
    ],
)
def test_nothing_else_is(text: str) -> None:
    assert opened(text) == []
