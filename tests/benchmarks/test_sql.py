"""Do a query's hard constraints become the filter that they mean?"""

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from benchmarks.peers.sql import SCHEMA, described, sql
from engine.types import Constraint

CAFE = {
    "id": "p-1", "name": "O'Neill's 咖啡", "lang": "zh", "category": "cafe", "city": "杭州", "district": "上城区",
    "price_per_person": 45.0, "rating": 4.5, "visit_minutes": [60.0, 120.0], "amenities": ["WiFi"], "dishes": ["拿铁"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "said"),
    [
        (Constraint("price", "between", [20, 50]), "price >= 20 AND price <= 50"),
        (Constraint("rating", "gte", 4.5), "rating >= 4.5"),
        (Constraint("duration", "eq", 60), "visit_low <= 60 AND visit_high >= 60"),
        (Constraint("category", "in", ["cafe", "bar"]), "array_has_any(categories, ['cafe', 'bar'])"),
        (Constraint("category", "eq", "bar", polarity=-1), "NOT (array_has_any(categories, ['bar']))"),
        (Constraint("name", "eq", "O'Neill"), "(name LIKE '%O''Neill%')"),
        (Constraint("place.admin", "in", {"level": "city", "name": "杭州"}), "(place LIKE '%杭州%')"),
    ],
)
def test_a_hard_constraint_becomes_a_condition(constraint: Constraint, said: str) -> None:
    assert sql(["poi"], [constraint]) == f"kind IN ('poi') AND {said}"


def test_wishes_and_what_no_column_knows_are_left_out() -> None:
    asked = [Constraint("price", "lte", 50, hardness="soft"), Constraint("audience", "has", "kids")]
    assert sql(["poi", "note"], asked) == "kind IN ('poi', 'note')"


def test_an_item_is_described_in_the_lexicons_words() -> None:
    table = pa.Table.from_pylist([described("poi", CAFE)], schema=SCHEMA)
    row = table.to_pylist()[0]
    assert row["price"] == 45.0
    assert (row["visit_low"], row["visit_high"]) == (60.0, 120.0)
    assert "cafe" in row["categories"]
    assert "拿铁" in row["text"]
    assert pc.all(pc.is_valid(table["amenities"])).as_py()
