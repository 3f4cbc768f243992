"""Does what Qdrant is asked for let in every row that keeps the constraints, and no other where it says so?"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.types import KINDS, Constraint, Kind
from indexing.columns.data import Columns
from indexing.columns.judge import filters, judgement
from indexing.columns.words import naming
from indexing.qdrant.conditions import Seen, native
from indexing.qdrant.payload import ELSEWHERE, INDEXES, of_columns, point_id, stretches
from indexing.qdrant.port import Point
from tests.indexing.filtered import CONSTRAINTS, table
from tests.indexing.qdrant.engines import EACH


@pytest.fixture(scope="module", params=EACH)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    made = request.param(tmp_path_factory.mktemp("qdrant"))
    for kind in KINDS:
        columns, _ = table(kind)
        payloads = of_columns(columns, naming(), np.arange(columns.count))
        made.create(kind, 2, INDEXES, [ELSEWHERE])
        made.put(kind, [Point(point_id(str(n)), {"id": str(n), **p}, [1.0, 0.0]) for n, p in enumerate(payloads)])
    yield made
    made.close()


def kept(columns: Columns, constraints: list[Constraint]) -> Any:
    mask = np.ones(columns.count, bool)
    for c in constraints:
        if filters(columns.kind, c):
            mask &= judgement(columns, c, naming()).filter(c.polarity).mask()
    return np.flatnonzero(mask)


@given(st.sampled_from(KINDS), st.lists(CONSTRAINTS, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_row_is_lost_and_none_is_too_much(engine: Any, kind: Kind, constraints: list[Constraint]) -> None:
    columns, _ = table(kind)
    rows = kept(columns, constraints)
    said, exact = native(Seen(kind, [columns], naming()), constraints)
    said = said or {}
    ids = {"has_id": [point_id(str(row)) for row in rows.tolist()]}
    let_in = engine.count(kind, {**said, "must": [*said.get("must", ()), ids]}) if len(rows) else 0
    assert let_in == len(rows)
    if exact:
        assert engine.count(kind, said or None) == len(rows)


def test_most_slots_are_said_exactly() -> None:
    columns, _ = table("poi")
    seen = Seen("poi", [columns], naming())
    exact = [
        Constraint("category", "eq", "cafe", polarity=-1),
        Constraint("amenity", "has", "lawn"),
        Constraint("amenity", "has", "lawn", polarity=-1),
        Constraint("price", "lte", 60, assume={"currency": "CNY"}),
        Constraint("rating", "gte", 4.2),
        Constraint("time.open", "open_at", {"day": "SU", "minute": 600}),
        Constraint("duration", "eq", 60),
    ]
    assert all(native(seen, [c])[1] for c in exact)
    beside = [Constraint("dish", "has", "肉饼"), Constraint("place.transit", "near", {"name": "2号线"})]
    assert all(native(seen, [c]) == (None, False) for c in beside)


def test_hours_are_stretches_of_quarter_hours() -> None:
    week = np.zeros(672, bool)
    week[[0, 1, 2, 40, 671]] = True
    assert stretches(week) == [{"from": 0, "to": 3}, {"from": 40, "to": 41}, {"from": 671, "to": 672}]
    assert stretches(np.zeros(672, bool)) == []
