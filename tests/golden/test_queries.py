"""Are our own reviewed queries (tests/golden/queries.jsonl) still read as they were when a person looked at them?"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.types import Query
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "queries.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("row", ROWS, ids=[row["query"] for row in ROWS])
def test_a_golden_query_is_read_as_reviewed(row: dict[str, Any]) -> None:
    intent = understand(Query("default", row["query"]), NO_NAMES, datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert [[c.slot, c.op, c.value, c.hardness, c.polarity] for c in intent.constraints] == row["constraints"]
    assert (intent.name, intent.sort, intent.limit) == (row["intent"], row["sort"], row["limit"])
