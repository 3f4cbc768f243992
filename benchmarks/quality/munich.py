"""The Munich set: places of OpenStreetMap, and queries whose gold a separate program works out from the tags."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from api.judged import JudgedSet
from api.training import read_judgments
from benchmarks.quality.data import need, tables
from benchmarks.quality.munich_queries import make
from engine.types import Kind
from ranking.evaluate import JudgedQuery, Report

NAMES = ("bars", "cafes", "parks", "playgrounds", "pubs", "restaurants")
FILES = tuple(f"munich/{name}.geojson.gz" for name in NAMES)


def load(queries: Path | None, cache: Path) -> JudgedSet:
    """Gold is a set. The oracle (munich_queries/) shares no code with the engine; `queries`: judged ones instead."""
    kinds: tuple[Kind, ...] = ("poi",)
    asked = read_judgments(queries) if queries else [_judged(row) for row in make.judged(need(*FILES)[0].parent)]
    return JudgedSet("munich", tables(cache, (("munich", FILES),)), asked, kinds, True, learns=False)


def by_slot(report: Report, metric: str = "cs@10") -> dict[str, dict[str, float]]:
    """slot -> system -> mean of the metric over the queries that use the slot; queries of other sets are left out."""
    slots = {query["id"]: query["slots"] for query in make.queries()}
    asked = [slots.get(query.id, ()) for query in report.queries]
    chosen = {
        slot: np.array([slot in one for one in asked]) for slot in sorted({slot for one in asked for slot in one})
    }
    return {slot: {one.name: one.mean(metric, rows) for one in report.systems} for slot, rows in chosen.items()}


def _judged(row: Mapping[str, Any]) -> JudgedQuery:
    request = {name: row[name] for name in ("kinds", "near", "now") if row[name]}
    slots = tuple((slot, "", "", 1) for slot in row["slots"])  # which slots it uses, not what the parse should hold
    return JudgedQuery(row["id"], row["query"], row["lang"], row["grades"], request, slots)
