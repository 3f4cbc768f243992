"""Does the slot scorer count what QUERY.md says it counts?"""

from datetime import UTC, datetime

import pytest

from benchmarks.quality.slot_f1 import accuracy, compare, gold_triples, intent_triples
from engine.types import Constraint, Intent, Query
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand


@pytest.mark.parametrize(
    ("constraints", "triples"),
    [
        ({"评分": "4.5分以上"}, [("rating", "gte", "4.5", 1)]),
        ({"评分": "5分"}, [("rating", "eq", "5", 1)]),
        ({"价格": "100-150元"}, [("price", "between", "100|150", 1)]),
        ({"门票": "免费"}, [("price", "eq", "0", 1)]),
        ({"门票": "20元以下"}, [("price", "lte", "20", 1)]),
        ({"游玩时间": "1小时"}, [("duration", "eq", "60", 1)]),
        ({"游玩时间": "12小时 - 6天"}, [("duration", "between", "720|8640", 1)]),
        ({"推荐菜": "小米粥 白菜心"}, [("dish", "has", "小米粥", 1), ("dish", "has", "白菜心", 1)]),
        ({"酒店类型": "舒适型"}, [("hotel_class", "eq", "comfort_hotel", 1)]),
        ({"酒店设施": "叫醒服务"}, [("amenity", "has", "wake_up_call", 1)]),
        ({"周边景点": "天坛"}, [("place.named", "near", "天坛", 1)]),
    ],
)
def test_gold_becomes_triples(constraints: dict[str, str], triples: list[tuple[str, str, str, int]]) -> None:
    assert gold_triples(constraints) == triples


def test_the_domain_is_a_category() -> None:
    assert gold_triples({}, "餐馆") == [("category", "eq", "restaurant", 1)]


def test_slots_that_no_gold_annotates_are_left_out_and_polarity_counts() -> None:
    intent = Intent(
        "find_place", {"poi": 1.0}, (Constraint("audience", "has", "couple"), Constraint("rating", "eq", 5.0))
    )
    assert intent_triples(intent) == [("rating", "eq", "5", 1)]
    unwanted = Intent("find_place", {"poi": 1.0}, (Constraint("rating", "eq", 5, polarity=-1),))
    assert intent_triples(unwanted) == [("rating", "eq", "5", -1)]


def test_micro_f1_counts_hits_misses_and_inventions() -> None:
    a, b, c = ("price", "eq", "0", 1), ("rating", "gte", "4", 1), ("dish", "has", "面", 1)
    score = compare([([a, b], [a, c]), ([a], [a])])
    assert (score.hit, score.missed, score.invented) == (2, 1, 1)
    assert score.f1 == pytest.approx(4 / 6)
    assert score.by_slot["price"].f1 == 1.0
    assert score.by_slot["dish"].precision == 0.0


def test_accuracy_is_a_share() -> None:
    assert accuracy(["a", "b"], ["a", "c"]) == 0.5


def test_a_parsed_query_scores_full_marks_against_its_meaning() -> None:
    text = "给我推荐一个门票在100-150元，评分在4.5分以上的景点。"
    intent = understand(Query("default", text), NO_NAMES, datetime(2026, 11, 22, tzinfo=UTC))
    gold = gold_triples({"门票": "100-150元", "评分": "4.5分以上"}, "景点")
    assert compare([(gold, intent_triples(intent))]).f1 == 1.0
