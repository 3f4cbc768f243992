"""Are "now", "here" and names tied to the request, and is what cannot be tied said so?"""

from datetime import UTC, datetime
from typing import Any

from engine.types import Constraint, Intent, Place, Query
from engine.understand.ground import ItemPlace, ground
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)  # a Sunday
BUND = ItemPlace("poi-bund", 31.24, 121.49)


def grounded(text: str, near: Place | None = None) -> Intent:
    query = Query("default", text, near=near)
    intent = understand(query, NO_NAMES, NOW)
    return ground(intent, query, NOW, lambda name: [BUND] if name == "外滩" else [])


def only(intent: Intent, slot: str) -> Constraint:
    (found,) = [c for c in intent.constraints if c.slot == slot]
    return found


def test_nearby_is_near_the_person() -> None:
    place = only(grounded("附近的咖啡店", Place(39.9, 116.4)), "distance")
    assert place.hardness == "hard"
    assert place.assume and (place.assume["lat"], place.assume["lon"]) == (39.9, 116.4)


def test_without_a_position_nearby_is_an_honest_wish() -> None:
    intent = grounded("附近的咖啡店")
    place = only(intent, "distance")
    assert place.hardness == "soft"
    assert place.assume and place.assume["position"] == "unknown"
    assert intent.constraints[intent.relax_order[0]] == place


def test_a_named_place_gets_its_position_and_ids() -> None:
    value: dict[str, Any] = only(grounded("外滩附近的酒吧"), "place.named").value
    assert value["points"] == [[31.24, 121.49]]
    assert value["ids"] == ["poi-bund"]


def test_an_unknown_place_stays_a_name() -> None:
    value: dict[str, Any] = only(grounded("玉皇顶附近的酒吧"), "place.named").value
    assert value == {"name": "玉皇顶", "km": 2.0}


def test_now_becomes_an_instant_and_a_clock_time_a_day() -> None:
    now = only(grounded("现在营业的药店"), "time.open")
    assert now.value == "now"
    assert now.assume and now.assume["at"] == NOW.isoformat()
    late = only(grounded("晚上9点还开着的药店"), "time.open")
    assert late.value == {"day": "SU", "minute": 1260}


def test_one_in_the_morning_is_of_the_night_to_come() -> None:
    moment = only(grounded("凌晨一点还开着的酒吧"), "time.open")
    assert moment.value == {"day": "MO", "minute": 60}
    assert moment.assume and moment.assume["date"] == "2026-11-23"


def test_a_zone_without_a_city_says_what_it_is_relative_to() -> None:
    zone = only(grounded("近郊的咖啡店"), "place.zone")
    assert zone.assume == {"km_from_center": [10.0, 40.0], "relative_to": "each place's own city"}


def test_grounding_twice_changes_nothing_more() -> None:
    query = Query("default", "附近的、近郊的、现在营业的咖啡店，外滩附近", near=Place(1.0, 2.0))
    once = ground(understand(query, NO_NAMES, NOW), query, NOW, lambda name: [BUND])
    assert ground(once, query, NOW, lambda name: [BUND]) == once
