"""Are cities and districts found by every name that people use, and are they where they should be?"""

import json
from zoneinfo import ZoneInfo

import pytest

from engine.understand.atlas import Atlas, read_atlas
from engine.understand.gazetteer import city, gazetteer
from engine.understand.glossary import sure_regions


@pytest.mark.parametrize("name", ["杭州", "杭州市", "Hangzhou", "hangzhou", "HANGZHOU"])
def test_a_city_by_any_name(name: str) -> None:
    found = city(name)
    assert found is not None and found.zh == "杭州" and found.province == "浙江"


def test_foreign_cities_have_their_own_time() -> None:
    for name in ("München", "Munich", "muenchen", "慕尼黑"):
        found = city(name)
        assert found is not None and found.tz == "Europe/Berlin" and found.country == "DE"
    assert city("Atlantis") is None


@pytest.mark.parametrize(
    ("text", "level", "zh"),
    [
        ("北京朝阳区的烤鸭", "district", "朝阳区"),
        ("海淀有什么好吃的", "district", "海淀区"),
        ("cafes in jing'an, shanghai", "district", "静安区"),
        ("brunch 推荐 静安", "district", "静安区"),
        ("三里屯的酒吧", "area", "三里屯"),
        ("四川自驾", "province", "四川"),
        ("pubs in schwabing", "district", "施瓦宾"),
        ("a hike near xi'an", "city", "西安"),
    ],
)
def test_regions_are_found_in_text(text: str, level: str, zh: str) -> None:
    assert (level, zh) in {(f.region.level, f.region.zh) for f in sure_regions(text)}


def test_no_region_in_parts_of_words() -> None:
    assert not [f for f in sure_regions("a nicely balanced parisienne") if f.region.level == "city"]


def test_a_district_knows_its_city() -> None:
    chaoyang = next(f.region for f in sure_regions("朝阳区"))
    assert (chaoyang.city, chaoyang.tz) == ("北京", "Asia/Shanghai")
    assert abs(chaoyang.lat - 39.9) < 0.1


def test_every_city_is_on_the_map() -> None:
    cities = [r for r in gazetteer().regions.values() if r.level == "city"]
    assert len(cities) >= 200
    provinces = {r.zh for r in gazetteer().regions.values() if r.level == "province" and r.country == "CN"}
    assert len(provinces) == 34
    for place in cities:
        ZoneInfo(place.tz)
        assert 2 < place.radius_km < 25
        assert -90 < place.lat < 90 and -180 <= place.lon <= 180
        if place.country == "CN":
            assert place.province in provinces, place.zh
            assert 16 < place.lat < 54 and 73 < place.lon < 136, place.zh


def test_what_is_kept_between_starts_says_the_same() -> None:
    read = read_atlas()
    kept = Atlas.of(json.loads(json.dumps(read.told(), allow_nan=False)))
    assert len(kept) == len(read) and kept.by_hand == read.by_hand
    assert all(kept.targets(form) == read.targets(form) for form in read.forms)
    assert [repr(kept.region(at)) for at in range(len(kept))] == [repr(read.region(at)) for at in range(len(read))]
