"""What is a judged set? Items to index and queries whose good answers are known; `lifestyle evaluate NAME` runs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from engine.errors import BadQuery
from engine.types import Kind
from ranking.evaluate import JudgedQuery

GROUP = "lifestyle.judged_sets"


@dataclass(frozen=True)
class JudgedSet:
    """`tables`: parquet files of ingested items, one folder per set. `learns`: train by cross-validation on it too."""

    name: str
    tables: Mapping[Kind, Any]
    queries: Sequence[JudgedQuery]
    kinds: tuple[Kind, ...]
    binary: bool  # gold is a set; else grades
    learns: bool


def load(name: str, queries: Path | None, cache: Path) -> JudgedSet:
    """The set of that name, with other queries of the same format when a file is given."""
    known = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in known:
        raise BadQuery("name", f"'{name}' is not a judged set; there are {', '.join(sorted(known))}")
    made: JudgedSet = known[name].load()(queries=queries, cache=cache)
    return made
