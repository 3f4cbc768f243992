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
@settings(max_examples=150)
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
@settings(max_examples=150)
def test_any_mixture_of_phrases_is_read_without_error(parts: list[str]) -> None:
    intent = parse("".join(parts), TABLE)
    assert all(c.span is None or 0 <= c.span[0] < c.span[1] <= len(intent.query) for c in intent.constraints)


def test_names_of_the_index_decide_the_borders_of_dishes() -> None:
    assert said("想吃红烧肉和绿茶饼，推荐个餐馆", "dish", TABLE) == [
        ("has", "红烧肉", "hard", 1),
        ("has", "绿茶饼", "hard", 1),
    ]
    assert said("想吃和牛寿司，推荐个餐馆", "dish", TABLE) == [("has", "和牛寿司", "hard", 1)]


@pytest.mark.parametrize(
    ("text", "dishes"),
    [
        ("能吃到羊肉烩面的餐馆", ["羊肉烩面"]),
        ("帮我找个有糖醋里脊这道菜的饭店", ["糖醋里脊"]),
        ("推荐菜里有地三鲜和锅包肉的餐馆", ["地三鲜", "锅包肉"]),
        ("我爱吃蒜蓉扇贝，哪家餐馆好", ["蒜蓉扇贝"]),
        ("吃完饭想找个景点", []),
        ("找个地方吃饭，随便吃点东西", []),
        ("a restaurant where I can have peking duck rolls", ["peking duck rolls"]),
    ],
)
def test_dishes_in_frames(text: str, dishes: list[str]) -> None:
    assert [value for _, value, _, _ in said(text, "dish")] == dishes


def test_an_index_knows_facilities_that_no_lexicon_does() -> None:
    assert said("有自助洗衣吧的酒店", "amenity", TABLE) == [("has", "自助洗衣吧", "hard", 1)]
    assert said("有自助洗衣吧的酒店", "amenity")[0][0] in {"has", "open"}


def test_a_name_alone_is_looked_up() -> None:
    intent = parse("海底捞(五道口店)", TABLE)
    assert intent.name == "lookup"
    assert [(c.slot, c.value) for c in intent.constraints if c.slot == "name"] == [("name", "海底捞(五道口店)")]


def test_the_index_spells_the_place_that_is_near() -> None:
    assert said("天坛附近的酒店", "place.named", TABLE) == [("near", {"name": "天坛公园", "km": 2.0}, "hard", 1)]


def test_parameters_win_over_the_text() -> None:
    given = Constraint("price", "lte", 80)
    intent = parse("人均200以内、安静的餐厅", filters=(given,), kinds=("poi",), sort="price")
    assert [c for c in intent.constraints if c.slot == "price"] == [given]
    assert [c.value for c in intent.constraints if c.slot == "ambience"] == ["quiet"]
    assert set(intent.kinds) == {"poi"}
    assert intent.sort == "price"


def test_a_kind_of_place_filters_no_products() -> None:
    asked = parse("coffee", kinds=("product",))
    assert [c for c in asked.constraints if c.slot == "category"] == []
    assert asked.terms == "coffee"
    given = Constraint("category", "eq", "cafe")
    assert given in parse("coffee", kinds=("product",), filters=(given,)).constraints  # who says so, means it
    for kinds in ((), ("poi",), ("product", "poi")):
        assert [c.value for c in parse("coffee", kinds=kinds).constraints] == ["cafe"]


def test_negated_spans_never_reach_the_encoder() -> None:
    for text, gone in [("不要网红店的安静咖啡馆", "网红"), ("sunscreen without alcohol for oily skin", "alcohol")]:
        intent = parse(text)
        assert any(c.polarity < 0 for c in intent.constraints)
        assert gone not in intent.text
        assert gone not in intent.terms


def test_safety_is_never_in_the_order_of_relaxation() -> None:
    intent = parse("孕妇可用的面霜，适合敏感肌，300元以内")
    given_up = {intent.constraints[i].slot for i in intent.relax_order}
    assert "audience" not in given_up
    assert "price" in given_up


@pytest.mark.parametrize("text", ["laptop", "usb 32gb", "xbox one", "samsung", "gaming mouse pad", "aa battery"])
def test_bare_catalogue_words_filter_nothing_and_keep_every_word(text: str) -> None:
    intent = parse(text)
    assert intent.name == "find_product"
    assert all(c.hardness == "soft" for c in intent.constraints)
    assert intent.text == intent.terms == text
    assert "product" in intent.kinds


def test_open_attributes_are_kept_as_wishes() -> None:
    assert said("有旋转楼梯的咖啡店", "amenity") == [("open", {"open": "旋转楼梯"}, "soft", 1)]


def test_a_stated_distance_replaces_the_assumed_one() -> None:
    assert said("附近2公里的火锅", "distance") == [("lte", 2.0, "hard", 1)]


def test_a_region_does_not_swallow_the_centre() -> None:
    assert said("杭州市中心的茶馆", "place.admin") == [("in", {"level": "city", "name": "杭州"}, "hard", 1)]
    assert said("杭州市中心的茶馆", "place.zone") == [("in", "center", "soft", 1)]


def test_notes_asked_for_by_name_and_year() -> None:
    intent = parse("2025年以后写火锅的笔记")
    assert intent.name == "find_note"
    assert max(intent.kinds, key=lambda kind: intent.kinds[kind]) == "note"
    assert [(c.op, c.value) for c in intent.constraints if c.slot == "recency"] == [("gte", "2025-01-01")]


def test_a_skin_attribute_filters_no_jackets() -> None:
    assert [hardness for _, _, hardness, _ in said("防水的帐篷", "attr.skin")] in ([], ["soft"])
    assert said("敏感肌可用的防晒霜", "attr.skin")[0][2] == "hard"


def test_the_origin_of_a_dish_is_no_place_to_be() -> None:
    assert said("兰州牛肉面", "place.admin")[0][2] == "soft"
    assert said("兰州的咖啡店", "place.admin")[0][2] == "hard"


@pytest.mark.parametrize(
    ("text", "skins", "polarity"),
    [
        ("干敏皮面霜", {"dry_skin", "sensitive_skin"}, 1),
        ("cream for dry sensitive skin", {"dry_skin", "sensitive_skin"}, 1),
        ("油敏皮能用的防晒", {"oily_skin", "sensitive_skin"}, 1),
        ("面霜，不要干敏皮的", {"dry_skin", "sensitive_skin"}, -1),
    ],
)
def test_one_word_may_name_two_skins(text: str, skins: set[str], polarity: int) -> None:
    assert {(value, sign) for _, value, _, sign in said(text, "attr.skin")} == {(skin, polarity) for skin in skins}


def test_the_shore_of_a_named_lake_is_near_it() -> None:
    assert said("西湖边的茶馆", "place.named") == [("near", {"name": "西湖", "km": 2.0}, "hard", 1)]
    assert not said("海边的酒店", "place.named") and not said("路边的小吃店", "place.named")
