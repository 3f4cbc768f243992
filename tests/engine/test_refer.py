"""Does "cheaper than X" become X's own figure, and "like X" a search near X without X itself?"""

from datetime import UTC, datetime

import numpy as np
import pytest
from msgspec.structs import replace

from engine.read import read
from engine.refer import likened, refer
from engine.types import Constraint, Intent, Place, Query
from tests.engine.world import TENANT, world
from tests.fakes.index import MemoryIndex

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ASKED = Query(TENANT, "")


def referred(constraint: Constraint, query: Query = ASKED) -> Intent:
    return refer(Intent("find_place", {"poi": 1.0}, (constraint,)), world(), query)


@pytest.mark.parametrize(("op", "value"), [("lte", 89.99), ("gte", 90.01)])
def test_a_price_is_that_of_the_named_place(op: str, value: float) -> None:
    [c] = referred(Constraint("price", op, {"ref": "城中"})).constraints
    assert (c.value, c.hardness) == (value, "hard")
    assert c.assume == {"ref": "城中", "figure": 90.0, "items": 1}


def test_an_unknown_name_stays_as_a_wish_that_filters_nothing() -> None:
    intent = referred(Constraint("price", "lte", {"ref": "无此店"}))
    [c] = intent.constraints
    assert (c.value, c.hardness) == ({"ref": "无此店"}, "soft")
    assert c.assume is not None and c.assume["figure"] == "unknown"


def test_a_distance_needs_the_persons_position() -> None:
    index = MemoryIndex(
        notes=[], pois=[{"id": "a", "name": "近店", "lat": 30.0, "lon": 120.0}], vectors={}, tenant=TENANT
    )
    closer = Intent("find_place", {"poi": 1.0}, (Constraint("distance", "lte", {"ref": "近店"}),))
    [blind] = refer(closer, index, ASKED).constraints
    assert blind.hardness == "soft"
    [seen] = refer(closer, index, replace(ASKED, near=Place(30.0, 120.01))).constraints
    assert 0.9 < seen.value < 1.0


def test_a_likeness_points_at_the_item_and_leaves_it_out() -> None:
    intent = referred(Constraint("similar_to", "like", {"name": "山野"}))
    assert likened(intent) == {"far"}
    assert intent.tastes is not None and intent.tastes.shape == (1, 4)
    assert np.allclose(np.linalg.norm(intent.tastes, axis=1), 1)
    assert referred(Constraint("similar_to", "like", {"name": "无此店"})).tastes is None


def test_other_intents_are_left_alone() -> None:
    plain = Intent("find_place", {"poi": 1.0}, (Constraint("price", "lte", 80),))
    assert refer(plain, world(), ASKED) is plain


def test_reading_a_text_grounds_the_comparison() -> None:
    intent = read(Query(TENANT, "比城中便宜的咖啡店"), world(), NOW)
    assert [c.value for c in intent.constraints if c.slot == "price"] == [89.99]
