"""Does an English phrase find the Chinese dish that an index holds, and leave alone what names no dish?"""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.types import Query
from engine.understand.dishbook import DishBook
from engine.understand.menu import menu, stem, words
from engine.understand.names import NameTable
from engine.understand.parse import understand

DISHES = [
    "红烧肉", "涮羊肉", "北京烤鸭", "葱油饼", "麻辣小龙虾", "宫保鸡丁", "麻婆豆腐", "水煮鱼", "小笼包", "担担面",
    "糖醋里脊", "西红柿炒鸡蛋", "酸辣汤", "剁椒鱼头", "夫妻肺片", "蒜蓉粉丝蒸扇贝", "牛肉丸", "秘制红烧肉",
    "烤羊排", "白灼基围虾", "南瓜粥", "芝士蛋糕", "韭菜盒子", "豆腐脑", "冰糖葫芦", "干锅牛蛙", "孜然羊肉",
    "鱼香肉丝", "糟溜鱼片", "招牌虾滑", "炸豆皮", "香河肉饼", "清蒸鲈鱼", "土豆烧牛肉", "凉拌木耳", "cheese",
]  # fmt: skip
BOOK = DishBook((name, 0.5) for name in DISHES)


def meant(text: str) -> list[str]:
    return [found.name for found in BOOK.find(text)]


@pytest.mark.parametrize(
    ("phrase", "dish"),
    [
        ("braised pork", "红烧肉"),
        ("mutton hotpot", "涮羊肉"),
        ("peking duck", "北京烤鸭"),
        ("scallion pancakes", "葱油饼"),
        ("spicy crayfish", "麻辣小龙虾"),
        ("kung pao chicken", "宫保鸡丁"),
        ("mapo tofu", "麻婆豆腐"),
        ("fish in hot chili oil", "水煮鱼"),
        ("soup dumplings", "小笼包"),
        ("dan dan noodles", "担担面"),
        ("sweet-and-sour pork tenderloin", "糖醋里脊"),
        ("scrambled eggs with tomatoes", "西红柿炒鸡蛋"),
        ("hot and sour soup", "酸辣汤"),
        ("steamed fish head with chopped chili", "剁椒鱼头"),
        ("steamed scallops with garlic and vermicelli", "蒜蓉粉丝蒸扇贝"),
        ("beef meatballs", "牛肉丸"),
        ("beef balls", "牛肉丸"),
        ("roast lamb chops", "烤羊排"),
        ("pumpkin porridge", "南瓜粥"),
        ("cheesecake", "芝士蛋糕"),
        ("xianghe meat pie", "香河肉饼"),
        ("steamed sea bass", "清蒸鲈鱼"),
        ("stewed beef with potatoes", "土豆烧牛肉"),
        ("signature shrimp paste", "招牌虾滑"),
    ],
)
def test_an_english_name_finds_the_dish(phrase: str, dish: str) -> None:
    assert meant(phrase) == [dish]


def test_two_dishes_of_one_phrase() -> None:
    assert meant("cumin lamb and deep-fried tofu skin") == ["孜然羊肉", "炸豆皮"]


@pytest.mark.parametrize(
    "text", ["a hotel with free wifi in all rooms", "rated 4 points or above", "a quiet cafe", "", "with and of", "小"]
)
def test_what_names_no_dish_is_left_alone(text: str) -> None:
    assert meant(text) == []


@given(st.text(alphabet=st.sampled_from("abcdeors '-,0"), max_size=80))
def test_spans_lie_inside_the_text_and_do_not_overlap(text: str) -> None:
    end = 0
    for found in BOOK.find(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end


def test_a_query_asks_for_the_index_s_own_dish() -> None:
    names = NameTable((dish, "dish", dish, 0.5) for dish in DISHES)
    intent = understand(
        Query("t", "a restaurant that serves spicy crayfish, under 100 yuan"), names, datetime(2026, 6, 17, tzinfo=UTC)
    )
    assert [(c.slot, c.op, c.value) for c in intent.constraints if c.slot == "dish"] == [("dish", "has", "麻辣小龙虾")]


def test_the_index_s_own_spelling_counts_first() -> None:
    names = NameTable((dish, "dish", dish, 0.5) for dish in (*DISHES, "奶酪"))
    intent = understand(Query("t", "a restaurant that provides cheese"), names, datetime(2026, 6, 17, tzinfo=UTC))
    assert [c.value for c in intent.constraints if c.slot == "dish"] == ["cheese"]


def test_the_dictionary_is_broad_and_well_formed() -> None:
    known = menu()
    tables = list(known.tables.values())
    assert tables.count("dish") >= 450
    assert tables.count("ingredient") >= 600
    assert all(known.english)
    assert all(key.strip() == key and key for key in known.tables)


def test_stems() -> None:
    assert [stem(w) for w in ("dishes", "noodles", "berries", "grandma's", "bass", "potatoes")] == [
        "dish", "noodle", "berry", "grandma", "bass", "potato",
    ]  # fmt: skip
    assert [w for w, _, _ in words("stir-fried rice")] == ["stir", "fried", "rice"]
