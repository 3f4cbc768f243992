"""Are districts, zones, stations and ways judged where they are, and is the measured value shown?"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.types import Constraint, Verdict
from indexing.columns.bits import ALL
from indexing.columns.build import build
from indexing.columns.data import Columns
from indexing.columns.geo import detour_km
from indexing.columns.judge import rule
from indexing.columns.regions import same_region
from indexing.columns.scales import Scales
from indexing.columns.words import naming

MET, BROKEN, UNKNOWN, LIKELY = Verdict.MET, Verdict.CONTRADICTED, Verdict.UNKNOWN, Verdict.LIKELY
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def columns(rows: Sequence[Mapping[str, Any]]) -> Columns:
    return build("poi", [{"id": str(n), "name": f"place {n}", **row} for n, row in enumerate(rows)], Scales(),
                 naming(), NOW)  # fmt: skip


def verdicts(table: Columns, slot: str, op: str, value: Any, **assume: Any) -> list[int]:
    constraint = Constraint(slot, op, value, assume=assume or None)
    return [int(v) for v in rule(table, constraint, ALL, naming()).verdict]


def test_a_district_of_the_assumed_city_alone() -> None:
    table = columns(
        [{"city": "北京", "district": "朝阳区"}, {"city": "长春", "district": "朝阳区"}, {"district": "朝阳区"}]
    )
    wanted = {"level": "district", "name": "朝阳区"}
    assert verdicts(table, "place.admin", "in", wanted, city="北京", also=["长春"]) == [MET, BROKEN, MET]
    assert verdicts(table, "place.admin", "in", wanted) == [MET, MET, MET]


def test_a_choice_of_districts_is_kept_by_a_place_in_any_of_them() -> None:
    rows: list[dict[str, Any]] = [{"city": "北京", "district": name} for name in ("海淀区", "朝阳区", "西城区")]
    table = columns([*rows, {"city": "长春", "district": "朝阳区"}, {}])
    value = {"level": "district", "name": "海淀区", "or": [{"level": "district", "name": "朝阳区", "city": "北京"}]}
    assert verdicts(table, "place.admin", "in", value) == [MET, MET, BROKEN, BROKEN, UNKNOWN]


def test_one_of_a_choice_is_likely_where_only_its_estimated_circle_holds_the_place() -> None:
    spot = {"lat": 30.26, "lon": 120.13}
    table = columns([{"city": "杭州", **spot}, {"city": "杭州", "district": "上城区", **spot}, {"city": "杭州"}])
    estimated = {"level": "district", "name": "西湖区", "points": [[30.262, 120.125]], "km": 4.1, "estimated": True}
    value = {**estimated, "or": [{"level": "district", "name": "上城区"}]}
    assert verdicts(table, "place.admin", "in", value) == [LIKELY, MET, UNKNOWN]


def test_a_province_holds_its_cities() -> None:
    table = columns([{"city": "杭州"}, {"city": "Ningbo"}, {"city": "南京"}, {}])
    assert verdicts(table, "place.admin", "in", {"level": "province", "name": "浙江"}) == [MET, MET, BROKEN, UNKNOWN]


def test_a_country_holds_its_cities() -> None:
    table = columns([{"city": "大阪"}, {"city": "Kyoto"}, {"city": "杭州"}, {}])
    assert verdicts(table, "place.admin", "in", {"level": "country", "name": "日本"}) == [MET, MET, BROKEN, UNKNOWN]


def test_an_estimated_circle_speaks_for_places_that_tell_no_district() -> None:
    spot = {"lat": 30.26, "lon": 120.13}
    table = columns([{"city": "杭州", **spot}, {"city": "杭州", "district": "上城区", **spot}, {"city": "杭州"}])
    value = {"level": "district", "name": "西湖区", "points": [[30.262, 120.125]], "km": 4.1, "estimated": True}
    assert verdicts(table, "place.admin", "in", value) == [LIKELY, BROKEN, UNKNOWN]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("苏州", "宿州", False), ("苏州", "Suzhou", True), ("西湖", "西湖区", True), ("台州", "泰州", False),
     ("Xi'an", "西安", True), ("Chaoyang District", "朝阳区", True)],
)  # fmt: skip
def test_names_that_sound_alike_are_not_the_same_place(one: str, other: str, same: bool) -> None:
    assert same_region(one)(other) is same


def test_a_zone_is_measured_from_the_centre_that_was_assumed() -> None:
    table = columns([{"city": "湖州", "lat": 30.25, "lon": 120.36}, {"city": "湖州", "lat": 30.25, "lon": 120.17}, {}])
    assume = {"km_from_center": [14.0, 56.0], "lat": 30.25, "lon": 120.16, "relative_to": "杭州"}
    assert verdicts(table, "place.zone", "in", "suburb_near", **assume) == [MET, BROKEN, UNKNOWN]


def test_line_2_is_not_line_12() -> None:
    table = columns([{"metro": "2号线西湖站"}, {"metro": "12号线西湖站"}, {"metro": "Line 2, West Lake"}, {}])
    assert verdicts(table, "place.transit", "near", {"name": "2号线"}) == [MET, BROKEN, MET, UNKNOWN]
    assert verdicts(table, "place.transit", "near", {"name": "西湖站"}) == [MET, MET, BROKEN, UNKNOWN]
    assert verdicts(table, "place.transit", "near", {"name": "metro"}) == [MET, MET, MET, UNKNOWN]


def test_between_is_a_small_detour() -> None:
    ends = [[39.909, 116.40], [39.909, 116.50]]
    table = columns([{"lat": 39.909, "lon": 116.45}, {"lat": 39.96, "lon": 116.45}, {"lat": 39.909, "lon": 116.51}, {}])
    value = {"anchors": ["a", "b"], "points": ends}
    assert verdicts(table, "place.relative", "between", value) == [MET, BROKEN, MET, UNKNOWN]
    assert verdicts(table, "place.relative", "between", {"anchors": ["a", "b"]}) == [UNKNOWN] * 4


@given(st.floats(-60, 60), st.floats(-170, 170), st.floats(-60, 60), st.floats(-170, 170))
def test_no_way_is_shorter_than_the_straight_one(lat: float, lon: float, to_lat: float, to_lon: float) -> None:
    assert float(detour_km(10.0, 20.0, [[lat, lon], [to_lat, to_lon]])) >= -1e-6
