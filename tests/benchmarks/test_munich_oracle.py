"""Does the oracle of the Munich set mean what its document says, alone, and are the queries spread as promised?"""

import ast
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.quality import munich
from benchmarks.quality.data import MAPPINGS
from benchmarks.quality.munich_queries import make, oracle
from benchmarks.quality.munich_queries.oracle import Asked, Element, element, holds, metres, moment, places
from indexing.ingest import ingest, read_table
from indexing.sources.mapping import load as load_mapping
from indexing.validate import to_items
from ranking.evaluate import JudgedQuery, compare

DATA = oracle.folder()
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no OpenStreetMap data at {DATA}: set LIFESTYLE_DATA to the folder that holds munich/"
)
ALONE = {"__future__", "benchmarks", "opening_hours", *sys.stdlib_module_names}
WEDNESDAY = datetime(2026, 6, 17, 15, tzinfo=oracle.BERLIN)
SQUARE = (48.1373, 11.5755)


def place(category: str = "cafes", at: tuple[float, float] = SQUARE, **tags: str) -> Element:
    named = {key.replace("__", ":"): value for key, value in tags.items()}
    return element({"id": 7, "type": "node", "category": category, "name": "A", **named}, (at[1], at[0]))


def true(predicate: dict[str, Any], one: Element, now: datetime = WEDNESDAY) -> bool:
    return holds(predicate, one, Asked(now, SQUARE, places([place(name="Hofgarten", at=(48.1427, 11.5805))])))


@pytest.fixture(scope="module")
def judged() -> list[Any]:
    return make.judged(DATA)


def test_the_id_and_kind_are_those_of_the_mapping() -> None:
    assert (place().id, place().kind, place("pubs").kind) == ("osm-node-7", "cafe", "pub")


def test_a_tag_is_one_of_several_values_and_missing_is_nothing() -> None:
    italian = {"tag": "cuisine", "in": ["italian", "italian_pizza"]}
    assert true(italian, place(cuisine="pasta; Italian"))
    assert true(italian, place(cuisine="burger,italian_pizza"))
    assert not true(italian, place(cuisine="pizza"))
    assert not true(italian, place())
    assert true({"not": italian}, place())
    assert not true({"not": italian}, place(cuisine="italian"))


@pytest.mark.parametrize(("value", "expected"), [("yes", True), ("terrace", True), ("no", False), (None, False)])
def test_affirmed_is_any_value_but_no(value: str | None, expected: bool) -> None:
    one = place(outdoor_seating=value) if value else place()
    assert true({"tag": "outdoor_seating", "affirmed": True}, one) is expected


def test_limited_is_not_accessible_as_the_queries_say_it() -> None:
    accessible = next(
        part for query in make.queries() for part in parts(query["where"]) if part.get("tag") == "wheelchair"
    )
    assert true(accessible, place(wheelchair="yes"))
    assert not true(accessible, place(wheelchair="limited"))
    assert not true(accessible, place())


def test_all_any_not_and_kind_compose() -> None:
    cafe, bar = {"kind": ["cafe"]}, {"kind": ["bar"]}
    assert true({"any": [cafe, bar]}, place("bars"))
    assert not true({"all": [cafe, bar]}, place("bars"))
    assert true({"all": [cafe, {"not": bar}]}, place())


@pytest.mark.parametrize(
    ("hours", "when", "expected"),
    [
        ("Mo-Fr 08:00-18:00", "now", True),
        ("Mo-Fr 08:00-12:00", "now", False),
        ("Su 09:00-12:00", "SU 09:00", True),
        ("Su 09:30-12:00", "SU 09:00", False),
        ("We 18:00-02:00", "today 25:00", True),  # the night that begins on Wednesday
        ("Th 18:00-02:00", "today 25:00", False),
        ("24/7", "SA 25:00", True),
        ("Mo-Su 10:00-18:00; PH off", "SA 12:00", True),
        ("when I like it", "SA 12:00", False),
    ],
)
def test_hours_of_the_regular_week(hours: str, when: str, expected: bool) -> None:
    assert true({"open": when}, place(opening_hours=hours)) is expected


def test_missing_hours_are_never_open() -> None:
    assert not true({"open": "now"}, place())
    assert not true({"open_on": ["SU"]}, place())


def test_open_on_a_day_is_not_the_end_of_the_night_before() -> None:
    assert true({"open_on": ["SU"]}, place(opening_hours="Su 21:00-23:00"))
    assert not true({"open_on": ["SU"]}, place(opening_hours="Sa 20:00-03:00"))
    assert true({"open_on": ["SA", "SU"]}, place(opening_hours="Sa 20:00-03:00"))


def test_public_holidays_do_not_close() -> None:
    christmas = datetime(2026, 12, 25, 12, tzinfo=oracle.BERLIN)
    assert true({"open": "now"}, place(opening_hours="Mo-Fr 08:00-18:00; PH off"), christmas)


def test_a_named_day_is_the_first_from_today_on() -> None:
    assert moment("SU 09:00", WEDNESDAY) == datetime(2026, 6, 21, 9, tzinfo=oracle.BERLIN)
    assert moment("WE 09:00", WEDNESDAY) == datetime(2026, 6, 17, 9, tzinfo=oracle.BERLIN)
    assert moment("today 25:30", WEDNESDAY) == datetime(2026, 6, 18, 1, 30, tzinfo=oracle.BERLIN)


def test_metres_on_the_globe() -> None:
    assert metres((48.0, 11.0), (49.0, 11.0)) == pytest.approx(111_195, abs=1)
    assert metres((48.0, 11.0), (48.0, 12.0)) == pytest.approx(111_195 * np.cos(np.radians(48)), rel=1e-4)


def test_within_counts_from_the_person_an_element_or_a_landmark() -> None:
    here, away = place(), place(at=(48.1473, 11.5755))  # 1,112 m north
    for of in ("near", {"name": "marienplatz"}):
        assert true({"within_m": 800, "of": of}, here)
        assert not true({"within_m": 1100, "of": of}, away)
        assert true({"within_m": 1120, "of": of}, away)
    assert true({"within_m": 800, "of": {"name": "Hofgarten"}}, away)


def test_what_cannot_be_answered_is_an_error() -> None:
    with pytest.raises(ValueError, match="no place is named Atlantis"):
        true({"within_m": 800, "of": {"name": "Atlantis"}}, place())
    with pytest.raises(ValueError, match="needs a position"):
        holds({"within_m": 800, "of": "near"}, place(), Asked(WEDNESDAY, None, {}))
    with pytest.raises(ValueError, match="no predicate"):
        true({"tagg": "amenity"}, place())


def test_the_oracle_shares_no_code_with_the_engine() -> None:
    for path in Path(oracle.__file__).parent.glob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
        names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
        assert {name.partition(".")[0] for name in names} <= ALONE, path
        inside = [name for name in names if name.startswith("benchmarks")]
        assert all(name == "benchmarks.quality.munich_queries" for name in inside), path


def parts(where: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [*where.get("all", ()), *where.get("any", ()), *([where["not"]] if "not" in where else ())]
    return [where, *(part for one in inner for part in parts(one))]


def test_the_queries_are_spread_as_promised() -> None:
    asked = make.queries()
    assert Counter(query["lang"] for query in asked) == {"zh": 75, "en": 60, "mixed": 15}
    assert len({query["id"] for query in asked}) == len({query["query"] for query in asked}) == 150
    slots = Counter(slot for query in asked for slot in query["slots"])
    many = {
        "distance": 25, "place.named": 30, "place.admin": 10, "time.open": 20, "time.open_now": 5, "diet": 20,
        "cuisine": 45, "negation": 12, "amenity.wheelchair": 12, "amenity.outdoor_seating": 20, "audience.pet": 3,
        "amenity.wifi": 6, "amenity.takeaway": 6, "amenity.smoking": 4, "amenity.reservation": 3, "disjunction": 6,
        "soft": 5,
    }  # fmt: skip
    assert {slot: slots[slot] for slot, least in many.items() if slots[slot] < least} == {}
    kinds = {kind for query in asked for part in parts(query["where"]) for kind in part.get("kind", ())}
    assert kinds == set(oracle.KINDS.values())


def test_every_query_is_well_formed() -> None:
    for query in make.queries():
        tests = parts(query["where"])
        assert all(sum(key in part for key in oracle.TESTS) == 1 for part in tests), query["id"]
        assert ("near" in [part.get("of") for part in tests]) <= (query["near"] is not None), query["id"]
        dated = any("open" in part or "open_on" in part for part in tests)
        assert dated == (query["now"] is not None), query["id"]
        assert query["now"] is None or datetime.fromisoformat(query["now"]).tzinfo, query["id"]


def test_failures_are_grouped_by_slot() -> None:
    first, second = make.queries()[:2]  # both ask for a category, the second for a cuisine too
    asked = [JudgedQuery(query["id"], query["query"], query["lang"], {"a": 1.0}) for query in (first, second)]
    report = compare({"one": lambda query: ["a"] if query.id == first["id"] else ["b"]}, asked)
    grouped = munich.by_slot(report)
    assert grouped["category"] == {"one": 0.5}
    assert grouped["cuisine"] == {"one": 0.0}


@needs_data
def test_every_query_has_gold_and_not_too_much(judged: list[Any]) -> None:
    sizes = {row["id"]: len(row["grades"]) for row in judged}
    assert {name: size for name, size in sizes.items() if not 1 <= size <= 400} == {}


@needs_data
def test_ids_and_kinds_are_those_of_the_ingested_set(tmp_path: Path) -> None:
    mapping = load_mapping(MAPPINGS / "munich.toml")
    files = [DATA / "pubs.geojson.gz", DATA / "parks.geojson.gz"]
    report = ingest(files, mapping.table, mapping, tmp_path, lambda: datetime(2026, 1, 1, tzinfo=UTC))
    items = {item["id"]: item["category"] for item in to_items(read_table(report.path, mapping.table))}
    mine = {one.id: one.kind for one in oracle.load(DATA) if one.kind in {"pub", "park"}}
    assert items == mine


@needs_data
def test_the_gold_does_not_depend_on_the_order_of_the_data(judged: list[Any]) -> None:
    elements = oracle.load(DATA)[::-1]
    points = places(elements)
    for query, row in list(zip(make.queries(), judged, strict=True))[::15]:
        assert oracle.gold(query, elements, points) == list(row["grades"])
