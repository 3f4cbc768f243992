"""Is a name taken as a name where one place is asked for, and a kind of place as a kind everywhere else?"""

from datetime import UTC, datetime

import pytest

from engine.types import Query
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("星巴克南京西路店", "星巴克南京西路店"),
        ("瑞幸五道口店电话", "瑞幸五道口店"),
        ("Starbucks Wudaokou branch", "starbucks wudaokou"),
        ("苏州博物馆", "苏州博物馆"),
        ("杭州动物园开放时间", "杭州动物园"),
        ("opening hours of the Forbidden City", "the forbidden city"),
        ("where is Mono Coffee Lab", "mono coffee lab"),
        ("青山画室地址", "青山画室"),
    ],
)
def test_a_name_is_looked_up(text: str, name: str) -> None:
    intent = understand(Query("default", text), NO_NAMES, NOW)
    assert intent.name == "lookup"
    assert [(c.slot, c.value) for c in intent.constraints] == [("name", name)]


@pytest.mark.parametrize(
    "text",
    ["拱墅区咖啡店", "杭州茶馆", "最近的加油站地址", "where is the nearest pharmacy", "附近的书店在哪", "咖啡店地址",
     "找一家杭州的火锅店", "Starbucks in Shanghai", "安静的书店，告诉我电话"],
)  # fmt: skip
def test_a_kind_of_place_is_no_name(text: str) -> None:
    intent = understand(Query("default", text), NO_NAMES, NOW)
    assert not any(c.slot == "name" for c in intent.constraints)
