"""Are places read where places are meant, and only there? And which of several of one name?"""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.types import Constraint, Query
from engine.understand.gazetteer import Region, gazetteer
from engine.understand.glossary import regions_in, sure_regions
from engine.understand.lexicon import load
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DIVISIONS = [r for r in gazetteer().regions.values() if r.country == "CN" and r.level in ("city", "district")]


def regions(text: str) -> list[Constraint]:
    return [c for c in understand(Query("default", text), NO_NAMES, NOW).constraints if c.slot == "place.admin"]


def named(text: str) -> list[str]:
    return [c.value["name"] for c in regions(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("静安 brunch", ["静安区"]),
        ("brunch 推荐 静安", ["静安区"]),
        ("brunch Jing'an", ["静安区"]),
        ("coffee in jing an", ["静安区"]),
        ("bars in Xicheng District", ["西城区"]),
        ("hotels in xi cheng qu", ["西城区"]),
        ("臺北大安區咖啡", ["台北", "大安区"]),
        ("香港九龍城區美食", ["香港", "九龙城区"]),
        ("去阳朔玩三天", ["阳朔县"]),
        ("阳朔民宿推荐", ["阳朔县"]),
        ("渝中 火锅", ["渝中区"]),
        ("天津河东的小吃", ["天津", "河东区"]),
        ("去和平怎么玩", ["和平区"]),
        ("hotels in Nice", ["尼斯"]),
        ("hotels in Bath", ["巴斯"]),
        ("Paris, Texas hotels", ["Paris", "得克萨斯州"]),
        ("北海道滑雪", ["北海道"]),
        ("citywalk上海路线分享", ["上海"]),
        ("places to eat in Gulou, Nanjing", ["鼓楼区", "南京"]),
        ("yangshuo guesthouse with river view", ["阳朔县"]),
        ("海底捞五道口店", []),
        ("南京的小店", ["南京"]),
        ("上海城市规划展览馆", ["上海"]),
    ],
)
def test_places_as_people_write_them(text: str, names: list[str]) -> None:
    assert named(text) == names


@pytest.mark.parametrize(
    "text",
    ["和平的环境", "长安汽车", "河东狮吼", "永远的神", "nice hotel", "reading lamp", "a bath towel", "mobile phone",
     "orange juice", "Nice view", "海盐拿铁", "普洱茶推荐", "阳春面",
     "大理石桌面", "开封后保质期", "太平洋", "德州扑克", "中山路美食", "泰山怎么爬", "光明的未来", "老城区"],
)  # fmt: skip
def test_other_words_are_no_places(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "city", "also"),
    [
        ("朝阳区的咖啡店", "北京", ["长春"]),
        ("鼓楼区有什么好吃的", "南京", ["福州", "徐州", "开封"]),
        ("长春朝阳区烧烤", None, None),
        ("福州鼓楼区火锅", None, None),
    ],
)
def test_of_several_of_one_name_the_largest_city_is_meant_unless_another_is_named(
    text: str, city: str | None, also: list[str] | None
) -> None:
    said = regions(text)[-1].assume or {}
    assert (said.get("city"), said.get("also")) == (city, also)


def test_a_city_and_what_holds_it_are_both_meant() -> None:
    assert [c.hardness for c in regions("Paris, Texas hotels")] == ["hard", "hard"]
    assert [c.hardness for c in regions("上海 杭州 民宿")] == ["soft", "soft"]


@given(st.sampled_from(DIVISIONS))
def test_every_division_is_read_beside_its_parent(region: Region) -> None:
    parent = region.province if region.level == "city" else region.city
    full = next((n for n in (region.zh, *region.names) if n.endswith(("市", "州", "区", "县", "旗", "盟"))), region.zh)
    assume(not full.startswith(_EVERYWHERE))
    found = {(c.value["name"], c.value["level"]) for c in regions(f"{parent}{full}的餐厅")}
    assert found & {(region.zh, region.level), (full, region.level)}


#: Every town has one; they name no district.
_EVERYWHERE = ("郊区", "城区", "矿区", "市区", "东区", "西区", "南区", "北区", "中区", "老城区", "新城区", "城中",
               "城北", "城东", "城西", "城关", "市中区", "港区")  # fmt: skip

WORDS = sorted(
    {w for e in load().entries.values() if e.slot not in ("cuisine", "brand", "shadow") for w in (*e.zh, *e.en)}
)


@given(st.sampled_from(WORDS))
def test_no_word_of_the_lexicon_is_a_place(word: str) -> None:
    assert not [hit for hit in sure_regions(word.lower()) if len(hit.region.zh) == len(word)]


@given(st.text(max_size=60))
def test_any_text_is_scanned_within_its_bounds(text: str) -> None:
    for hit in regions_in(text):
        assert 0 <= hit.start < hit.end <= len(text)


def value(text: str, slot: str) -> Any:
    found = [c for c in understand(Query("default", text), NO_NAMES, NOW).constraints if c.slot == slot]
    return [(c.value, c.assume) for c in found]


@pytest.mark.parametrize(
    ("text", "name", "km"),
    [
        ("西湖步行10分钟的民宿", "西湖", 0.8),
        ("离西湖步行10分钟的酒店", "西湖", 0.8),
        ("a campsite within an hour's drive of Hangzhou", "杭州", 60.0),
        ("a 20-minute walk from West Lake", "west lake", 1.6),
        ("离外滩不远的酒店", "外滩", 2.0),
        ("靠近春熙路的火锅", "春熙路", 2.0),
        ("24h 营业的 KTV 五道口附近", "五道口", 2.0),
        ("清真餐厅 牛街附近", "牛街", 2.0),
        ("hotel next to Hongqiao", "虹桥", 2.0),
        ("东京新宿附近的酒店", "新宿", 2.0),
        ("景德镇三宝村附近的民宿", "三宝村", 2.0),
        ("北京大学附近", "北京大学", 2.0),
        ("深圳北站附近的酒店", "深圳北站", 2.0),
        ("杭州附近的古镇", "杭州", 56),
    ],
)
def test_near_what_and_how_near(text: str, name: str, km: float) -> None:
    assert [(v["name"], v["km"]) for v, _ in value(text, "place.named")] == [(name, km)]


@pytest.mark.parametrize(
    ("text", "zone", "km", "city"),
    [
        ("杭州近郊的民宿", "suburb_near", [14.0, 56.0], "杭州"),
        ("downtown Munich beer garden", "center", [0.0, 4.5], "慕尼黑"),
        ("哈尔滨市中心的酒店", "center", [0.0, 6.0], "哈尔滨"),
        ("hot springs not far out of the city", "suburb_near", [10.0, 40.0], None),
        ("郊区露营", "suburb", [15.0, 80.0], None),
    ],
)
def test_zones_scale_with_the_city(text: str, zone: str, km: list[float], city: str | None) -> None:
    ((read, said),) = value(text, "place.zone")
    assert (read, said["km_from_center"], said.get("relative_to")) == (zone, km, city)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("地铁能到的博物馆", "metro"), ("museum I can reach by metro", "metro"), ("2号线沿线的书店", "2号线"),
        ("十二号线附近的公寓", "12号线"), ("bookshops along Line 2", "2号线"), ("离地铁近的公寓", "metro"),
    ],
)  # fmt: skip
def test_transit(text: str, name: str) -> None:
    assert [v["name"] for v, _ in value(text, "place.transit")] == [name]
