"""Are areas joined by "or" one firm choice, kept by what stands in any of them?"""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.types import Constraint, Query
from engine.understand import forms, wire
from engine.understand.ground import ground
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand
from engine.understand.unions import each, joined

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def areas(text: str) -> list[Constraint]:
    return [c for c in understand(Query("default", text), NO_NAMES, NOW).constraints if c.slot == "place.admin"]


def names(value: Any) -> list[str]:
    return [region["name"] for region in each(value)]


@pytest.mark.parametrize(
    ("text", "meant", "polarity"),
    [
        ("海淀或朝阳的咖啡店", ["海淀区", "朝阳区"], 1),
        ("cafes in Jing'an or Xuhui", ["静安区", "徐汇区"], 1),
        ("cafes in Haidian or Chaoyang", ["海淀区", "朝阳区"], 1),
        ("海淀区、朝阳区和西城区的火锅", ["海淀区", "朝阳区", "西城区"], 1),
        ("北京或者上海的酒店", ["北京", "上海"], 1),
        ("hotels in Paris or in London", ["巴黎", "伦敦"], 1),
        ("咖啡店，不要海淀或朝阳", ["海淀区", "朝阳区"], -1),
    ],
)
def test_joined_areas_are_one_hard_choice(text: str, meant: list[str], polarity: int) -> None:
    (found,) = areas(text)
    assert (names(found.value), found.hardness, found.polarity) == (meant, "hard", polarity)
    assert found.span is not None and found.label is not None and " or " in found.label["en"]


@pytest.mark.parametrize(
    "text", ["大理和丽江哪个更适合带爸妈", "成都和重庆5日游攻略", "hotels in Paris, Texas", "杭州西湖区的茶馆"]
)
def test_areas_that_are_compared_visited_or_one_in_another_stay_apart(text: str) -> None:
    assert [len(names(c.value)) for c in areas(text)] == [1, 1]


def test_each_area_of_a_choice_is_tied_to_the_map() -> None:
    intent = understand(Query("default", "北京海淀或朝阳的咖啡店"), NO_NAMES, NOW)
    tied = ground(intent, Query("default"), NOW, lambda name: ())
    (value,) = [c.value for c in tied.constraints if c.slot == "place.admin" and len(names(c.value)) == 2]
    assert all(region["points"] for region in each(value))
    assert ground(tied, Query("default"), NOW, lambda name: ()) == tied


def test_a_choice_of_areas_travels_as_json_and_is_judged() -> None:
    intent = understand(Query("default", "海淀或朝阳的咖啡店"), NO_NAMES, NOW)
    assert wire.from_json(wire.to_json(intent)).constraints[0].value == intent.constraints[0].value
    region = {"level": "city", "name": "杭州"}
    assert forms.wrong("place.admin", "in", joined([region, region])) is None
    for wrong in ("x", [{}], [region, "上海"], [{"level": "planet", "name": "x"}], [{**region, "city": 3}]):
        assert forms.wrong("place.admin", "in", {**region, "or": wrong}) is not None
