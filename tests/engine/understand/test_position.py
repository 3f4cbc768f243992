"""Are names, zones and ways between two places tied to the person, the map and the index, and is the rest told?"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.geo import distance_km
from engine.types import Constraint, Place, Query
from engine.understand import assumed
from engine.understand.gazetteer import gazetteer
from engine.understand.ground import ground
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand
from engine.understand.position import ItemPlace, between
from engine.understand.wire import from_json, to_json

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
HANGZHOU, CHANGCHUN = Place(30.25, 120.16), Place(43.88, 125.32)
PLACES = {"国贸": ItemPlace("", 39.909, 116.461), "三里屯": ItemPlace("", 39.933, 116.454)}


def of(text: str, slot: str, near: Place | None = None, cities: tuple[str, ...] = ()) -> Constraint:
    query = Query("default", text, near=near)
    intent = understand(query, NO_NAMES, NOW)
    done = ground(intent, query, NOW, locate, lambda city: not cities or city in cities)
    (found,) = [c for c in done.constraints if c.slot == slot]
    return found


def locate(name: str) -> list[ItemPlace]:
    return [PLACES[name]] if name in PLACES else []


def said(c: Constraint) -> dict[str, Any]:
    return dict(c.assume or {})


@pytest.mark.parametrize(
    ("near", "cities", "city"),
    [(None, (), "北京"), (CHANGCHUN, (), "长春"), (None, ("长春",), "长春"), (HANGZHOU, (), "北京")],
)
def test_of_two_districts_of_one_name_the_one_at_hand(near: Place | None, cities: tuple[str, ...], city: str) -> None:
    c = of("朝阳区的咖啡店", "place.admin", near, cities)
    assert said(c)["city"] == city
    ((lat, lon),) = c.value["points"]
    centre = gazetteer().city(city)
    assert centre is not None and float(distance_km(lat, lon, centre.lat, centre.lon)) < 15


def test_of_two_cities_that_sound_alike_the_one_that_the_index_holds() -> None:
    assert of("Taizhou food", "place.admin", cities=("台州",)).value["name"] == "台州"
    c = of("Taizhou food", "place.admin", cities=("泰州",))
    assert (c.value["name"], said(c)["also"]) == ("泰州", ["台州"])


def test_a_zone_is_around_the_person_when_no_city_is_named() -> None:
    zone = said(of("近郊的民宿", "place.zone", HANGZHOU))
    assert (zone["relative_to"], zone["km_from_center"]) == ("杭州", [14.0, 56.0])
    assert (zone["lat"], zone["lon"]) == (30.25, 120.16)


def test_a_named_city_is_what_its_zones_are_around() -> None:
    zone = said(of("杭州近郊的民宿", "place.zone", CHANGCHUN))
    assert (zone["relative_to"], zone["lat"]) == ("杭州", 30.25)


def test_nobody_is_in_a_city_at_sea() -> None:
    assert gazetteer().city_at(0.0, -30.0) is None
    found = gazetteer().city_at(30.2, 120.2)
    assert found is not None and found.zh == "杭州"


def test_a_way_between_two_known_places() -> None:
    c = between(Constraint("place.relative", "between", {"anchors": ["国贸", "三里屯"]}), None, locate)
    assert c.hardness == "hard" and c.value["points"] == [[39.909, 116.461], [39.933, 116.454]]


def test_a_way_from_nobody_knows_where_is_asked_for() -> None:
    c = between(Constraint("place.relative", "between", {"anchors": ["公司", "国贸"]}), HANGZHOU, locate)
    assert c.hardness == "soft" and said(c)["unknown"] == ["公司"]
    told = assumed.words(c)
    assert told is not None and "公司" in told["zh"]


TOLD = [
    ("近郊的民宿", "place.zone", "离市中心 10–40 公里，各地按自己的城市算",
     "10–40 km from the centre of each place's own city"),
    ("杭州近郊的民宿", "place.zone", "离杭州市中心 14–56 公里", "14–56 km from the centre of Hangzhou"),
    ("杭州市中心的茶馆", "place.zone", "离杭州市中心 7 公里以内", "within 7 km from the centre of Hangzhou"),
    ("附近的咖啡店", "distance", "不知道你在哪，没有按距离筛选",
     "where you are is unknown, so distance filters nothing"),
    ("朝阳区的咖啡店", "place.admin", "按北京的算；长春也有同名的",
     "taken as the one in Beijing; there is one in Changchun too"),
    ("外滩附近的酒吧", "place.named", "2 公里以内，步行十分钟内的优先",
     "within 2 km; what is ten minutes' walk away comes first"),
    ("杭州附近的古镇", "place.named", "杭州周边 56 公里内", "within 56 km around Hangzhou"),
    ("离西湖步行10分钟的酒店", "place.named", "步行 10 分钟，约 0.8 公里", "10 minutes on foot, about 0.8 km"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "slot", "zh", "en"), TOLD)
def test_assumptions_are_told_in_words(text: str, slot: str, zh: str, en: str) -> None:
    assert assumed.words(of(text, slot)) == {"zh": zh, "en": en}


@pytest.mark.parametrize("text", [row[0] for row in TOLD])
def test_what_was_grounded_and_told_comes_back(text: str) -> None:
    query = Query("default", text, near=HANGZHOU)
    intent = ground(understand(query, NO_NAMES, NOW), query, NOW, locate)
    back = from_json(json.loads(json.dumps(to_json(intent))))
    assert back.constraints == intent.constraints
    assert ground(back, query, NOW, locate).constraints == intent.constraints
