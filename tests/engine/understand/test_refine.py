"""Does a correction change what it names, and leave every other constraint of the previous query as it was?"""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.types import Constraint, Intent, Query
from engine.understand import forms, wire
from engine.understand.explain import explain
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def parse(text: str, previous: Intent | str | None = None, **fields: Any) -> Intent:
    return understand(Query("default", text, previous=previous, **fields), NO_NAMES, NOW)


def said(intent: Intent) -> list[tuple[str, str, Any, int]]:
    return [(c.slot, c.op, c.value, c.polarity) for c in intent.constraints]


@pytest.mark.parametrize(
    ("previous", "text", "constraint"),
    [
        ("人均100以内的火锅", "再便宜一点", ("price", "lte", 80, 1)),
        ("hotpot under 200 yuan per person", "cheaper", ("price", "lte", 160, 1)),
        ("人均100到200的火锅", "贵一点也行", ("price", "between", [125, 250], 1)),
        ("平价的火锅", "再便宜一点", ("price_level", "lte", 1, 1)),
        ("安静的火锅", "再便宜一点", ("price_level", "lte", 2, 1)),
        ("人均100以内的火锅", "人均改成200以内", ("price", "lte", 200, 1)),
        ("3公里以内的火锅", "近一点", ("distance", "lte", 2.4, 1)),
        ("评分4.5以上的火锅", "评分再高一点", ("rating", "gte", 4.7, 1)),
        ("酒吧", "更安静一点", ("ambience", "has", "quiet", 1)),
        ("a bar", "something quieter", ("ambience", "has", "quiet", 1)),
        ("国贸附近的餐厅", "不要日料", ("cuisine", "has", "japanese", -1)),
        ("日料餐厅", "换成韩餐", ("cuisine", "has", "korean", 1)),
        ("公园", "with parking", ("amenity", "has", "parking", 1)),
        ("周六上午10点开门的牙科", "换成周日", ("time.open", "open_at", {"day": "SU", "minute": 600}, 1)),
        ("静安区安静的书店", "换成徐汇", ("place.admin", "in", {"level": "district", "name": "徐汇区"}, 1)),
        (
            "quiet bookshop in Hangzhou",
            "in Shanghai instead",
            ("place.admin", "in", {"level": "city", "name": "上海"}, 1),
        ),
        ("20-inch suitcase", "in 24 inch instead", ("attr.size", "has", {"min": 24, "max": 24, "unit": "in"}, 1)),
    ],
)
def test_the_correction_is_taken(previous: str, text: str, constraint: tuple[str, str, Any, int]) -> None:
    refined = parse(text, previous)
    assert constraint in said(refined)
    of_slot = [c for c in said(refined) if c[0] == constraint[0] and c[3] == constraint[3]]
    assert of_slot == [constraint]
    assert parse(previous).constraints[-1].slot in {c.slot for c in refined.constraints}


@pytest.mark.parametrize(
    ("previous", "text", "sort"),
    [("火锅", "近一点", "distance"), ("火锅", "better rated", "rating"), ("空气炸锅", "按评分排", "rating")],
)
def test_where_nothing_was_said_it_is_a_sort(previous: str, text: str, sort: str) -> None:
    assert parse(text, previous).sort == sort


@pytest.mark.parametrize(
    ("text", "gone"), [("不用停车了", "parking"), ("不要草坪了", "lawn"), ("forget the lawn", "lawn")]
)
def test_what_is_taken_back_is_neither_asked_nor_refused(text: str, gone: str) -> None:
    refined = parse(text, "有草坪能停车的公园")
    assert gone not in {c.value for c in refined.constraints}
    assert len(refined.constraints) == 2


def test_a_moved_amount_says_what_it_was() -> None:
    [price] = [c for c in parse("再便宜一点", "人均100以内的火锅").constraints if c.slot == "price"]
    assert price.assume is not None
    assert (price.assume["before"], price.assume["refined"]) == (100, "cheaper")
    assert price.label == {"zh": "价格≤80元", "en": "price ≤80 yuan"}


def test_the_words_of_what_is_gone_leave_the_embedded_text() -> None:
    refined = parse("换成徐汇", "静安区安静的书店")
    assert "静安" not in refined.text
    assert "徐汇" in refined.text and "书店" in refined.text
    assert parse("cheaper please", "Italian restaurant").text == "italian restaurant"


def test_intent_and_kinds_stay_unless_another_kind_of_thing_is_named() -> None:
    booked = parse("actually make that 6 people", "hotpot bookable tonight 8 pm for 4")
    assert booked.name == "book"
    assert ("party_size", "gte", 6, 1) in said(booked)
    other = parse("换成书店", "安静的咖啡店")
    assert [c.value for c in other.constraints if c.slot == "category"] == ["bookshop"]
    assert ("ambience", "has", "quiet", 1) in said(other)


def test_a_parse_that_was_edited_can_be_corrected_and_parameters_still_win() -> None:
    sent = wire.to_json(parse("人均100以内、有草坪的火锅"))
    sent["constraints"] = [c for c in sent["constraints"] if c["slot"] != "amenity"]
    given_price = Constraint("price", "lte", 30)
    refined = parse("再便宜一点", wire.from_json(sent), filters=(given_price,))
    assert [c.slot for c in refined.constraints] == ["category", "price"]
    assert refined.constraints[-1] == given_price


BEFORE = ["人均100以内", "有草坪", "安静", "朝阳区", "适合带娃", "评分4.5以上", "不要网红店", "周六", "能停车"]
AFTER = {
    "再便宜一点": "price", "换成周日": "time", "不要日料": "cuisine", "更热闹一点": "ambience", "近一点": "distance",
    "换成徐汇": "place", "with wifi": "none", "按评分排": "none", "推荐5家": "none",
}  # fmt: skip


@given(st.lists(st.sampled_from(BEFORE), min_size=1, max_size=6, unique=True), st.sampled_from(sorted(AFTER)))
@settings(max_examples=120)
def test_no_untouched_constraint_is_ever_lost(parts: list[str], text: str) -> None:
    previous = parse("，".join(parts) + "的咖啡店")
    refined = parse(text, previous)
    kept = said(refined)
    touched = AFTER[text]
    for c in previous.constraints:
        if not c.slot.startswith(touched) and c.rule != "implied":
            assert (c.slot, c.op, c.value, c.polarity) in kept
    assert all(forms.wrong(c.slot, c.op, c.value) is None for c in refined.constraints)
    assert all(c.span is None or c.span[1] <= len(text) for c in refined.constraints)
    assert sorted(set(refined.relax_order)) == sorted(refined.relax_order)
    assert wire.from_json(wire.to_json(refined)).constraints == refined.constraints


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=80)
def test_any_text_corrects_any_other_without_error(previous: str, text: str) -> None:
    refined = parse(text, previous)
    assert all(c.span is None or 0 <= c.span[0] < c.span[1] <= len(text) for c in refined.constraints)


@pytest.mark.parametrize(
    ("text", "slot", "zh", "en"),
    [
        ("有草坪的公园", "amenity", "attributes_amenity.toml", 'since the query says "草坪"'),
        ("人均100以内的火锅", "price", "100以内", "the amount"),
        ("比海底捞便宜的火锅", "price", "比较", "compares with a named thing"),
        ("带爸妈去的公园", "amenity", "推断", "only a wish"),
    ],
)
def test_each_constraint_can_say_why_it_is_there(text: str, slot: str, zh: str, en: str) -> None:
    intent = parse(text)
    because = explain(next(c for c in intent.constraints if c.slot == slot), intent.query)
    assert zh in because["zh"]
    assert en in because["en"]
    sent = wire.to_json(intent, explain=True)
    assert all(c["because"]["zh"] and c["because"]["en"] for c in sent["constraints"])
    assert wire.from_json(sent).constraints == intent.constraints
