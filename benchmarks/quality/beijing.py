"""The Beijing set: what people really asked about real places, with every place that satisfies all they meant."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from api.judged import JudgedSet
from benchmarks.quality import slot_f1
from benchmarks.quality.data import need, tables
from engine.types import Intent, Kind
from indexing.checks import clean
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
    return JudgedSet("beijing", tables(cache, SOURCES), asked, kinds, binary=True, learns=False, slots=slots)


def slots(read: Sequence[tuple[JudgedQuery, Intent]]) -> dict[str, dict[str, float]]:
    """language -> F1 over all slots, then by slot."""
    out = {}
    for lang in ("zh", "en"):
        pairs = [(query.triples, slot_f1.intent_triples(intent)) for query, intent in read if query.lang == lang]
        score = slot_f1.compare(pairs)
        out[lang] = {"f1": score.f1, **{slot: part.f1 for slot, part in sorted(score.by_slot.items())}}
    return out


def _asked(line: str) -> Iterator[JudgedQuery]:
    row: Mapping[str, Any] = msgspec.json.decode(line)
    grades = {f"bj-{_ID[row['domain']]}-{clean(name)}": 1.0 for name in row["gold"]}
    number = f"{row['dialog']}-{row['turn']}"
    triples = tuple(slot_f1.gold_triples(row["constraints"], row["domain"]))
    yield JudgedQuery(number, row["query"], "zh", grades, triples=triples)
    if row.get("query_en"):
        yield JudgedQuery(f"{number}-en", row["query_en"], "en", grades, triples=triples)
