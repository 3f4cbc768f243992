"""Do columns judge values, ranges, hours, positions and mined evidence as the vocabulary says?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from engine.types import Constraint, Kind, Verdict
from indexing.columns.bits import ALL
from indexing.columns.build import build
from indexing.columns.data import Columns, dump, load
from indexing.columns.geo import nearest_km
from indexing.columns.judge import rule
from indexing.columns.mined import Claim, Mined, Told, merge
from indexing.columns.ranges import sizes, within
from indexing.columns.regions import same_region
from indexing.columns.scales import Scales
from indexing.columns.values import Tags
from indexing.columns.words import naming

MET, BROKEN, UNKNOWN, LIKELY = Verdict.MET, Verdict.CONTRADICTED, Verdict.UNKNOWN, Verdict.LIKELY
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def columns(rows: Sequence[Mapping[str, Any]], kind: Kind = "poi", scales: Scales | None = None) -> Columns:
    named = [{"id": str(n), "name": f"place {n}", "title": f"thing {n}", **row} for n, row in enumerate(rows)]
    return build(kind, named, scales or Scales(), naming(), NOW)


def verdicts(table: Columns, slot: str, op: str, value: Any, **assume: Any) -> list[int]:
    constraint = Constraint(slot, op, value, assume=assume or None)
    return [int(v) for v in rule(table, constraint, ALL, naming()).verdict]


def hours(*texts: str | None) -> Columns:
    return columns([{"opening_hours": t, "tz": "Asia/Shanghai"} for t in texts])


def test_open_at_reads_nights_past_midnight() -> None:
    table = hours("Mo-Su 18:00-02:00", "Mo-Fr 09:00-18:00", "24/7", None, "whenever we like")
    sunday_night = verdicts(table, "time.open", "open_at", {"day": "MO", "minute": 60})
    assert sunday_night == [MET, BROKEN, MET, UNKNOWN, UNKNOWN]
    assert verdicts(table, "time.open", "open_at", "24_7") == [BROKEN, BROKEN, MET, UNKNOWN, UNKNOWN]
    assert verdicts(table, "time.open", "open_at", "late") == [MET, BROKEN, MET, UNKNOWN, UNKNOWN]


def test_late_on_some_nights_is_likely() -> None:
    assert verdicts(hours("Fr-Sa 18:00-03:00"), "time.open", "open_at", "late") == [LIKELY]


def test_now_is_read_in_each_place_own_time_zone() -> None:
    table = columns([{"opening_hours": "Mo-Su 08:00-10:00", "tz": z} for z in ("Asia/Shanghai", "Europe/Berlin")])
    assert verdicts(table, "time.open", "open_at", "now", at="2026-11-20T01:00:00+00:00") == [MET, BROKEN]
    assert verdicts(table, "time.open", "open_at", "now") == [UNKNOWN, UNKNOWN]


@pytest.mark.parametrize(
    ("text", "window", "verdict"),
    [
        ("Sa-Su 10:00-12:00", {"days": ["SA", "SU"]}, MET),
        ("Sa 10:00-12:00; Su off", {"days": ["SA", "SU"]}, Verdict.LIKELY),  # who comes on Sunday stands before a door
        ("Mo-Fr 10:00-12:00", {"days": ["SA", "SU"]}, BROKEN),
        ("Fr 18:00-03:00", {"days": ["SA"]}, BROKEN),  # a Friday night makes no Saturday
        ("Sa 10:00-12:00", {"days": ["SA"], "from": 660, "to": 780}, MET),  # an hour of it
        ("Sa 10:00-11:30", {"days": ["SA"], "from": 660, "to": 780}, BROKEN),  # half an hour is no visit
        ("Sa 22:00-24:00", {"days": ["SA"], "from": 1380, "to": 60}, MET),  # a window over midnight
    ],
)
def test_open_during_wants_an_hour_on_each_of_the_days(text: str, window: dict[str, Any], verdict: Verdict) -> None:
    assert verdicts(hours(text), "time.open", "open_during", window) == [verdict]


def test_a_date_range_asks_its_weekdays() -> None:
    weekend = {"from": "2026-11-28", "to": "2026-11-29"}
    assert verdicts(hours("Mo-Fr 09:00-18:00", "Su 09:00-18:00"), "time.when", "in", weekend) == [
        BROKEN,
        Verdict.LIKELY,
    ]


def test_ranges_hold_their_ends_and_a_missing_value_never() -> None:
    values = np.array([1.0, 2.0, 3.0, np.nan])
    assert within(values, "between", [3, 2]).tolist() == [False, True, True, False]
    assert within(values, "lte", 2).tolist() == [True, True, False, False]
    with pytest.raises(ValueError, match="not lte"):
        within(values, "about", 2)


def test_another_currency_is_unknown_and_free_is_free_everywhere() -> None:
    table = columns(
        [{"price_per_person": p, "currency": c} for p, c in ((50, "CNY"), (50, "EUR"), (0, "EUR"), (90, "CNY"))]
    )
    assert verdicts(table, "price", "lte", 60, currency="CNY") == [MET, UNKNOWN, MET, BROKEN]


def test_durations_compare_as_intervals() -> None:
    table = columns([{"visit_minutes": [60.0, 120.0]}, {"visit_minutes": [30.0, 300.0]}, {}])
    assert verdicts(table, "duration", "eq", 90) == [MET, MET, UNKNOWN]
    assert verdicts(table, "duration", "between", [60, 180]) == [MET, BROKEN, UNKNOWN]


def test_sizes_are_read_with_their_units() -> None:
    assert sizes("20寸登机箱 容量 36L") == [("length", pytest.approx(50.8)), ("volume", 36_000.0)]
    table = columns([{"body": "20-inch carry-on"}, {"body": "28寸托运箱"}, {"body": "背包"}], "product")
    wanted = {"min": 19, "max": 21, "unit": "寸"}
    assert verdicts(table, "attr.size", "has", wanted) == [MET, BROKEN, UNKNOWN]


def test_categories_match_below_them_and_raw_names_match_their_node() -> None:
    table = columns([{"category": "咖啡店"}, {"category": "cat_cafe"}, {"category": "park"}, {}])
    assert verdicts(table, "category", "eq", "cafe") == [MET, MET, BROKEN, UNKNOWN]


def test_merchants_attributes_are_normalised_implied_and_denied() -> None:
    table = columns([{"amenities": ["免费停车"]}, {"attributes": {"outdoor_seating": "no"}}, {"tags": ["带草坪"]}, {}])
    assert verdicts(table, "amenity", "has", "parking") == [MET, UNKNOWN, UNKNOWN, UNKNOWN]
    assert verdicts(table, "amenity", "has", "outdoor_seating") == [UNKNOWN, BROKEN, UNKNOWN, UNKNOWN]


def test_a_raw_amenity_that_no_lexicon_knows_is_found_by_its_name() -> None:
    table = columns([{"amenities": ["秋千架"]}, {"amenities": ["Wifi"]}])
    assert verdicts(table, "amenity", "has", "秋千架") == [MET, UNKNOWN]
    assert verdicts(table, "amenity", "open", {"open": "秋千"}) == [MET, UNKNOWN]


def told(*probabilities: float) -> Told:
    count = len(probabilities)
    ones = np.ones(count, np.int64)
    return Told(np.array(probabilities), ones, ones, np.zeros(count), ones)


def test_merchant_and_notes_add_their_log_odds() -> None:
    yes, no = np.array([1, 1, 0, 0, 0, 1], bool), np.array([0, 0, 1, 0, 0, 0], bool)
    verdict, p, disagree = merge(yes, no, told(0.9, 0.02, 0.9, 0.9, 0.05, np.nan))
    assert verdict.tolist() == [MET, BROKEN, LIKELY, MET, BROKEN, MET]
    assert p[0] > 0.9 and p[2] < 0.9 and p[5] == pytest.approx(0.82)
    assert disagree.tolist() == [False, True, True, False, False, False]


def test_evidence_of_an_implying_attribute_counts() -> None:
    claim = Claim(
        np.array([1]), np.array([0.9], np.float32), np.array([3]), np.array([0]), np.array([20000.0]), np.array([7])
    )
    table = columns([{}, {}])
    table = replace(table, mined=Mined({"free_parking": claim}))
    ruling = rule(table, Constraint("amenity", "has", "parking"), ALL, naming())
    assert ruling.verdict.tolist() == [UNKNOWN, MET]
    judged = ruling.judged(-1, 20010.0)
    assert judged.verdict.tolist() == [UNKNOWN, BROKEN] and judged.against.tolist() == [0, 3]
    assert judged.age_days[1] == 10 and np.isnan(judged.age_days[0])


def test_regions_match_in_both_languages_and_without_their_level() -> None:
    assert same_region("杭州")("hangzhou") and same_region("Beijing")("北京市") and same_region("朝阳区")("朝阳")
    assert not same_region("杭州")("苏州")
    table = columns([{"city": "北京", "address": "海淀区中关村大街1号"}, {"city": "北京", "district": "朝阳区"}, {}])
    wanted = {"level": "district", "name": "海淀区"}
    assert verdicts(table, "place.admin", "in", wanted) == [MET, BROKEN, UNKNOWN]


def test_zones_are_measured_from_the_items_own_city() -> None:
    scales = Scales(centers={"杭州": (30.25, 120.17), "北京": (39.9, 116.4)})
    rows: list[dict[str, Any]] = [
        {"lat": 30.25, "lon": 119.95, "city": "杭州"},
        {"lat": 39.9, "lon": 116.41, "city": "北京"},
        {"city": "北京"},
    ]
    assert verdicts(columns(rows, scales=scales), "place.zone", "in", "suburb_near") == [MET, BROKEN, UNKNOWN]


def test_the_bounding_box_loses_nothing() -> None:
    rng = np.random.default_rng(3)
    lat, lon = rng.uniform(-89, 89, 4000), rng.uniform(-180, 180, 4000)
    for point in ((0.0, 179.9), (60.0, -179.0), (84.0, 10.0)):
        from_box = nearest_km(lat, lon, [point], 800.0) <= 800.0
        exact = nearest_km(lat, lon, [point], 30_000.0) <= 800.0
        assert (from_box == exact).all() and exact.any()


def test_near_a_named_place_by_its_neighbour_lists_but_not_itself() -> None:
    table = columns([{"name": "故宫"}, {"name": "角楼", "nearby": ["故宫", "景山公园"]}, {"nearby": ["天坛"]}, {}])
    assert verdicts(table, "place.named", "near", {"name": "故宫"}) == [UNKNOWN, MET, BROKEN, UNKNOWN]


def test_tags_agree_with_brute_force() -> None:
    rng = np.random.default_rng(5)
    rows = [[f"w{n}" for n in rng.integers(0, 200, rng.integers(0, 5))] for _ in range(300)]
    tags = Tags.of(rows)
    for wanted in (["w1"], [f"w{n}" for n in range(120)], ["absent"], []):
        assert tags.carrying(wanted).mask().tolist() == [bool(set(wanted) & set(row)) for row in rows]
    assert tags.containing("w19").mask().tolist() == [any("w19" in w for w in row) for row in rows]


def test_columns_come_back_as_they_were_written(tmp_path: Any) -> None:
    table = columns([{"opening_hours": "24/7", "amenities": ["草坪"], "lat": 1.0, "lon": 2.0}, {"dishes": ["烤鸭"]}])
    dump(table, tmp_path)
    again = load("poi", tmp_path)
    assert verdicts(again, "time.open", "open_at", "24_7") == [MET, UNKNOWN]
    assert verdicts(again, "dish", "has", "烤鸭") == [UNKNOWN, MET]
    assert verdicts(again, "amenity", "has", "lawn") == verdicts(table, "amenity", "has", "lawn") == [MET, UNKNOWN]
    assert np.array_equal(again.numbers["lat"], table.numbers["lat"], equal_nan=True)


def test_any_value_of_a_list_will_do() -> None:
    rows = [
        {"amenities": ["terrace"]},
        {"no_amenities": ["terrace", "lawn"]},
        {"no_amenities": ["terrace"]},
        {"amenities": ["lawn"]},
    ]
    assert verdicts(columns(rows), "amenity", "in", ["terrace", "lawn"]) == [MET, BROKEN, UNKNOWN, MET]


@pytest.mark.parametrize("slot", ["price", "rating", "distance"])
def test_a_comparison_with_an_unknown_name_is_unknown(slot: str) -> None:
    table = columns([{"price_per_person": 50.0, "rating": 4.0, "lat": 30.0, "lon": 120.0}])
    assert verdicts(table, slot, "lte", {"ref": "nobody"}) == [UNKNOWN]


def test_a_line_is_a_part_of_the_name() -> None:
    table = columns([{"name": "Lancôme Advanced Génifique Serum"}, {"name": "面霜"}], kind="product")
    assert verdicts(table, "name", "eq", "小黑瓶", part_of_name=["小黑瓶", "génifique"]) == [MET, BROKEN]
    assert verdicts(table, "name", "eq", "小黑瓶") == [BROKEN, BROKEN]
