"""The Beijing set: what people really asked about real places, with every place that satisfies all they meant."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from api.judged import JudgedSet
from benchmarks.quality.data import need, tables
from benchmarks.quality.slot_f1 import gold_triples
from engine.types import Kind
from ranking.evaluate import JudgedQuery

SOURCES = (
    ("beijing_attractions", ["beijing/attraction_db.json"]),
    ("beijing_restaurants", ["beijing/restaurant_db.json"]),
    ("beijing_hotels", ["beijing/hotel_db.json"]),
)
_ID = {"景点": "attraction", "餐馆": "restaurant", "酒店": "hotel"}


def load(queries: Path | None, cache: Path) -> JudgedSet:
    """Chinese queries, and their English twins where a human wrote one. Gold is a set: any order within it is right."""
    path = queries or need("beijing/queries_dev.jsonl")[0]
    asked = [each for line in path.read_text("utf-8").splitlines() if line.strip() for each in _asked(line)]
    kinds: tuple[Kind, ...] = ("poi",)
    return JudgedSet("beijing", tables(cache, SOURCES), asked, kinds, binary=True, learns=False)


def _asked(line: str) -> Iterator[JudgedQuery]:
    row: Mapping[str, Any] = msgspec.json.decode(line)
    grades = {f"bj-{_ID[row['domain']]}-{name}": 1.0 for name in row["gold"]}
    number = f"{row['dialog']}-{row['turn']}"
    triples = tuple(gold_triples(row["domain"], row["constraints"]))
    yield JudgedQuery(number, row["query"], "zh", grades, triples=triples)
    if row.get("query_en"):
        yield JudgedQuery(f"{number}-en", row["query_en"], "en", grades, triples=triples)
