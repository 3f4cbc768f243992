"""Does the real data load, and how many of its rows are refused? Skipped where the data is absent."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from indexing.ingest import ingest, read_table
from indexing.sources.mapping import load
from indexing.validate import to_items

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("LIFESTYLE_DATA", ROOT.parent / "shared" / "data"))
MAPPINGS = ROOT / "benchmarks" / "quality" / "mappings"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no real data at {DATA}: name its folder in LIFESTYLE_DATA to run these"
)

#: mapping, files, rows, refused, skipped
SETS = [
    ("beijing_attractions", "beijing/attraction_db.json", 465, 0, 0),
    ("beijing_restaurants", "beijing/restaurant_db.json", 951, 0, 0),
    ("beijing_hotels", "beijing/hotel_db.json", 1133, 0, 0),
    ("cafes_cn", "cafes_cn/*.geojson", 328, 0, 11),
    ("munich", "munich/parks.geojson.gz", 1144, 0, 0),
    ("munich", "munich/cafes.geojson.gz", 881, 0, 0),
]


def loaded(name: str, pattern: str, out: Path) -> tuple[Any, list[dict[str, Any]]]:
    mapping = load(MAPPINGS / f"{name}.toml")
    report = ingest(sorted(DATA.glob(pattern)), mapping.table, mapping, out, lambda: datetime(2026, 5, 1, tzinfo=UTC))
    return report, to_items(read_table(report.path, mapping.table))


@pytest.mark.parametrize(("name", "pattern", "rows", "refused", "skipped"), SETS)
def test_every_row_is_taken_or_accounted_for(
    name: str, pattern: str, rows: int, refused: int, skipped: int, tmp_path: Path
) -> None:
    report, items = loaded(name, pattern, tmp_path)
    assert (report.rows, report.refused, report.skipped) == (rows, refused, skipped), report.by_reason
    assert len(items) == rows


def test_every_mapping_is_sound() -> None:
    assert {load(path).table for path in MAPPINGS.glob("*.toml")} == {"note", "product", "poi"}


def test_the_forbidden_city_arrives_whole(tmp_path: Path) -> None:
    _, items = loaded("beijing_attractions", "beijing/attraction_db.json", tmp_path)
    palace = next(item for item in items if item["id"] == "bj-attraction-故宫")
    assert palace["visit_minutes"] == [720.0, 4320.0]
    assert palace["price_per_person"] == 60
    assert palace["district"] == "东城区"
    assert "北京全聚德" in palace["nearby"]


def test_a_munich_cafe_arrives_whole(tmp_path: Path) -> None:
    _, items = loaded("munich", "munich/cafes.geojson.gz", tmp_path)
    cafe = next(item for item in items if item["id"] == "osm-node-118252923")
    assert {"diet:vegan", "diet:vegetarian", "outdoor_seating=terrace", "wheelchair=limited"} <= set(cafe["amenities"])
    assert cafe["no_amenities"] == ["toilets:wheelchair"]
    assert cafe["opening_hours"] == "Mo-Su,PH 10:00-22:00"
    assert cafe["attributes"]["organic"] == "only"
