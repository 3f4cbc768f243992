"""Is the country before a restaurant read as its kitchen, and are choices and refusals of food read as one?"""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.types import Query
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand

NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)


def said(text: str, *slots: str) -> list[tuple[str, Any, int]]:
    found = understand(Query("t", text), NO_NAMES, NOW).constraints
    return [(c.op, c.value, c.polarity) for c in found if c.slot in slots]


@pytest.mark.parametrize(
    ("text", "cuisine"),
    [("意大利餐厅", "italian"), ("一家越南馆子", "vietnamese"), ("Chinese restaurant with takeaway", "chinese")],
)
def test_a_country_before_a_restaurant_is_a_kitchen(text: str, cuisine: str) -> None:
    assert said(text, "cuisine") == [("has", cuisine, 1)]
    assert said(text, "category") == [("eq", "restaurant", 1)]


def test_a_city_before_a_restaurant_is_a_place() -> None:
    assert said("北京餐厅", "cuisine") == []


def test_two_kitchens_are_one_choice() -> None:
    assert said("法国餐厅或西班牙餐厅", "cuisine") == [("in", ["french", "spanish"], 1)]


def test_one_refusal_reaches_a_kitchen_and_a_kind() -> None:
    assert said("somewhere to eat, anything but Italian or pizza", "cuisine") == [("has", "italian", -1)]
    assert ("eq", "pizza", -1) in said("somewhere to eat, anything but Italian or pizza", "category")


def test_a_narrower_wish_wins_over_the_refusal_of_the_wider_kind() -> None:
    assert said("不要酒吧，要pub", "category") == [("eq", "pub", 1)]


def test_what_a_refused_word_describes_is_still_wanted() -> None:
    assert said("不是私人的游乐场", "category") == [("eq", "playground", 1)]


def test_parts_of_a_named_day_and_after_midnight() -> None:
    assert said("周日中午营业的餐厅", "time.open") == [("open_at", {"day": "SU", "minute": 750}, 1)]
    assert said("周六晚上12点以后还开的酒吧", "time.open") == [("open_at", {"day": "SU", "minute": 60}, 1)]
