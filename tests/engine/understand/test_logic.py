"""Are refusals, hedges, choices and comparisons read with their scope, and kept out of the embedded text?"""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.types import Intent, Query
from engine.understand import forms
from engine.understand.names import NO_NAMES, NameTable
from engine.understand.parse import understand

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMES = NameTable([("云上小院", "name", "云上小院", 0.2)])


def parse(text: str) -> Intent:
    return understand(Query("default", text), NAMES, NOW)


def said(text: str) -> set[tuple[str, str, str, str, int]]:
    return {(c.slot, c.op, str(c.value), c.hardness, c.polarity) for c in parse(text).constraints}


def has(text: str, slot: str, value: Any, hardness: str | None = None, polarity: int = 1) -> bool:
    return any(
        s == slot and v == str(value) and p == polarity and hardness in (None, h) for s, _, v, h, p in said(text)
    )


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("不要网红店的茶馆", "ambience", "hype"),
        ("安静的茶馆，避开网红店", "ambience", "hype"),
        ("除了瑞幸的咖啡店", "brand", "luckin"),
        ("除了瑞幸以外的咖啡店", "brand", "luckin"),
        ("any cafe but Starbucks", "brand", "starbucks"),
        ("a cafe other than Starbucks", "brand", "starbucks"),
        ("不放香菜的米线", "ingredient", "coriander"),
        ("对花生过敏，找个饼干", "ingredient", "peanut"),
        ("ice cream shop, allergic to peanuts", "ingredient", "peanut"),
        ("爽肤水 不要酒精也不要香精", "ingredient", "fragrance"),
        ("南京的书店，苏州以外", "place.admin", "{'level': 'city', 'name': '苏州'}"),
        ("neither Thai nor Korean food", "cuisine", "korean"),
        ("restaurants, no Japanese or Korean food", "cuisine", "korean"),
    ],
)
def test_refused(text: str, slot: str, value: str) -> None:
    assert has(text, slot, value, polarity=-1)


@pytest.mark.parametrize(
    ("text", "slot", "value", "hardness"),
    [
        ("不要太吵的酒吧", "ambience", "quiet", "soft"),
        ("别太吵的清吧", "ambience", "quiet", "soft"),
        ("不能没有停车位的酒店", "amenity", "parking", "hard"),
        ("没有停车位不行的酒店", "amenity", "parking", "hard"),
        ("hotel, can't do without parking", "amenity", "parking", "hard"),
        ("不是不能带狗的咖啡店", "amenity", "dogs_allowed", "hard"),
        ("除了草坪还要有秋千的公园", "amenity", "lawn", "hard"),
        ("不要贵的安静咖啡馆", "ambience", "quiet", "soft"),
        ("no loud music but live jazz is fine", "amenity", "live_music", "hard"),
        ("川菜 不要太辣", "diet", "not_spicy", "hard"),
    ],
)
def test_not_refused(text: str, slot: str, value: str, hardness: str) -> None:
    assert has(text, slot, value, hardness)
    assert not has(text, slot, value, polarity=-1)


@pytest.mark.parametrize(
    "text", ["不介意网红店的书店", "bookshop, I don't mind influencer spots", "没有露台也行的书店"]
)
def test_what_does_not_matter_is_no_constraint(text: str) -> None:
    assert {slot for slot, *_ in said(text)} == {"category"}


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("no loud music but live jazz is fine", "loud music"),
        ("不要烟囱味的民宿", "烟囱"),
        ("hotel without creaky floors", "creaky"),
        ("restaurant without a queue", "queue"),
        ("alcohol-free cream", "alcohol"),
        ("不要网红店 安静的茶馆", "网红"),
        ("比星巴克安静的咖啡馆", "星巴克"),
    ],
)
def test_the_refused_is_not_embedded(text: str, gone: str) -> None:
    intent = parse(text)
    assert gone not in intent.text
    assert gone not in intent.terms


@pytest.mark.parametrize(
    ("text", "slot", "value", "hardness"),
    [
        ("最好有草坪的咖啡店", "amenity", "lawn", "soft"),
        ("最好有草坪的咖啡店", "category", "cafe", "hard"),
        ("最好是咖啡店", "category", "cafe", "soft"),
        ("bookshop preferred", "category", "bookshop", "soft"),
        ("一定要安静，最好有露台的酒吧", "ambience", "quiet", "hard"),
        ("最好有露台、必须能停车的酒吧", "amenity", "outdoor_seating", "soft"),
        ("最好有露台、必须能停车的酒吧", "amenity", "parking", "hard"),
        ("a bar, must be quiet", "ambience", "quiet", "hard"),
        ("a bar, quiet is a must", "ambience", "quiet", "hard"),
        ("must-try restaurants, a quiet one", "ambience", "quiet", "soft"),
        ("ideally with a lawn, a park", "amenity", "lawn", "soft"),
    ],
)
def test_musts_and_hedges_reach_what_they_speak_of(text: str, slot: str, value: str, hardness: str) -> None:
    assert has(text, slot, value, hardness)


@pytest.mark.parametrize(
    ("text", "slot", "values"),
    [
        ("火锅或者烤肉", "category", ["hotpot", "bbq"]),
        ("either sushi or ramen", "category", ["sushi", "ramen"]),
        ("星巴克或者瑞幸", "brand", ["starbucks", "luckin"]),
        ("有露台或者草坪的咖啡店", "amenity", ["outdoor_seating", "lawn"]),
        ("cafe with a terrace or a lawn", "amenity", ["outdoor_seating", "lawn"]),
        ("halal or kosher restaurant", "diet", ["halal", "kosher"]),
        ("戴森和徕芬吹风机哪个好", "brand", ["dyson", "laifen"]),
        ("Dyson vs Laifen hair dryer", "brand", ["dyson", "laifen"]),
    ],
)
def test_choices(text: str, slot: str, values: list[str]) -> None:
    assert (slot, "in", str(values), "hard", 1) in said(text)


@pytest.mark.parametrize(
    ("text", "slot", "op", "value"),
    [
        ("比海底捞便宜的火锅", "price", "lte", {"ref": "海底捞"}),
        ("hotpot cheaper than Haidilao", "price", "lte", {"ref": "haidilao"}),
        ("比云上小院近一点的民宿", "distance", "lte", {"ref": "云上小院"}),
        ("closer than Haidilao", "distance", "lte", {"ref": "haidilao"}),
        ("比西贝评分高的餐厅", "rating", "gte", {"ref": "西贝"}),
        ("better rated than Starbucks cafe", "rating", "gte", {"ref": "starbucks"}),
        ("somewhere quieter than Starbucks", "ambience", "has", "quiet"),
        ("有没有海蓝之谜的平替", "similar_to", "like", {"name": "海蓝之谜"}),
        ("dupe for Lululemon leggings", "similar_to", "like", {"name": "lululemon"}),
        ("兰蔻小黑瓶平替", "similar_to", "like", {"name": "兰蔻小黑瓶"}),
        ("coffee shops like % Arabica", "similar_to", "like", {"name": "% arabica"}),
        ("像云上小院的民宿", "similar_to", "like", {"name": "云上小院"}),
        ("similar restaurants to Din Tai Fung", "similar_to", "like", {"name": "din tai fung"}),
        ("类似西贝但是更便宜的餐厅", "price", "lte", {"ref": "西贝"}),
    ],
)
def test_comparisons_with_a_named_thing(text: str, slot: str, op: str, value: Any) -> None:
    found = [c for c in parse(text).constraints if (c.slot, c.op) == (slot, op)]
    assert [c.value for c in found] == [value]
    assert forms.wrong(slot, op, value) is None
    assert not any(c.slot == "brand" for c in parse(text).constraints)
    assert all(c.label and c.label["zh"] and c.label["en"] for c in found)


@pytest.mark.parametrize(
    "text", ["比较安静的书店", "性价比高的餐厅", "I'd like a quiet cafe", "cheaper than 200 yuan", "比200便宜的酒店"]
)
def test_no_comparison(text: str) -> None:
    assert not any("ref" in value for *_, value, _, _ in ((s, o, v, h, p) for s, o, v, h, p in said(text)))
    assert not any(slot == "similar_to" for slot, *_ in said(text))


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("20寸登机箱", "attr.size", {"min": 20, "max": 20, "unit": "in"}),
        ("backpack, 30 to 40 litres", "attr.size", {"min": 30, "max": 40, "unit": "l"}),
        ("1米2以内的书桌", "attr.size", {"max": 1.2, "unit": "m"}),
        ("desk under 120 cm wide", "attr.size", {"max": 120, "unit": "cm"}),
        ("30平小户型改造", "attr.home", {"max": 30, "unit": "m2"}),
        ("会说德语的牙医", "language", "de"),
        ("English-speaking dentist", "language", "en"),
        ("公司和家中间的健身房", "place.relative", {"anchors": ["公司", "家"]}),
        ("a gym between home and work", "place.relative", {"anchors": ["home", "work"]}),
        ("四人桌的包间", "party_size", 4),
        ("table for six on Friday", "party_size", 6),
        ("team building for 20", "party_size", 20),
        ("兰蔻小黑瓶", "name", "小黑瓶"),
        ("Dyson Airwrap review", "name", "airwrap"),
    ],
)
def test_specifics(text: str, slot: str, value: Any) -> None:
    found = [c for c in parse(text).constraints if c.slot == slot]
    assert [c.value for c in found] == [value]
    assert forms.wrong(slot, found[0].op, value) is None


def test_a_range_of_prices_is_between_no_places() -> None:
    assert not any(slot == "place.relative" for slot, *_ in said("人均100到200之间的餐厅"))
    assert not any(slot == "attr.size" for slot, *_ in said("步行10分钟 500米以内的公园"))


def test_what_is_implied_is_a_wish_and_says_so() -> None:
    implied = [c for c in parse("带爸妈去的公园").constraints if c.rule == "implied"]
    assert {c.value for c in implied} == {"low_walk", "step_free"}
    assert all(c.hardness == "soft" and c.span is None and c.assume == {"implied_by": "seniors"} for c in implied)
    assert not [c for c in parse("不要带爸妈去的公园").constraints if c.rule == "implied"]


REFUSABLE = {
    "网红店": "网红",
    "停车位": "停车",
    "wifi": "wifi",
    "草坪": "草坪",
    "露台": "露台",
    "酒精": "酒精",
    "星巴克": "星巴克",
}


@given(
    st.sampled_from(["不要", "不想要", "没有", "排除", "拒绝", "不含", "no ", "without ", "avoid ", "anything but "]),
    st.sampled_from(sorted(REFUSABLE)),
    st.sampled_from(["咖啡店", "安静的公园", "quiet cafe", "面霜"]),
    st.sampled_from(["，", ", ", "。"]),
)
@settings(max_examples=80)
def test_a_refused_word_never_enters_the_embedded_text(cue: str, word: str, thing: str, comma: str) -> None:
    intent = parse(f"{cue}{word}{comma}{thing}")
    assert REFUSABLE[word] not in intent.text
    assert REFUSABLE[word] not in intent.terms
    assert any(c.slot == "category" and c.polarity > 0 for c in intent.constraints)


HEAP = [
    "比", "便宜", "cheaper than ", "like ", "类似", "平替", "dupe for ", "between ", " and ", "家", "海底捞",
    "20寸", "30平", "之间", "for 4", "双人", "不", "没有", "也行", "必须", "最好", " ",
]  # fmt: skip


@given(st.lists(st.sampled_from(HEAP), max_size=14))
@settings(max_examples=200)
def test_any_heap_of_such_words_is_read(parts: list[str]) -> None:
    intent = parse("".join(parts))
    assert all(forms.wrong(c.slot, c.op, c.value) is None for c in intent.constraints)
    assert all(c.span is None or 0 <= c.span[0] < c.span[1] <= len(intent.query) for c in intent.constraints)


@pytest.mark.parametrize("text", ["必去的YYDS茶馆", "must-try teahouses", "茶馆避雷", "种草茶馆"])
def test_slang_is_no_filter(text: str) -> None:
    assert {slot for slot, *_ in said(text)} <= {"category"}


def test_names_of_nobody_are_left_alone() -> None:
    assert not any(slot == "similar_to" for slot, *_ in {t for t in said("something like that")})
    assert understand(Query("default", "like"), NO_NAMES, NOW).constraints == ()
