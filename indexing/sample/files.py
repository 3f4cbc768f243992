"""Where is the sample, and how is it read? All of it is generated and invented (generate_*.py)."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from engine.types import Kind

TABLES: Final[dict[Kind, tuple[str, ...]]] = {
    "note": ("notes_places.jsonl", "notes_products.jsonl"),
    "product": ("products.jsonl",),
    "poi": ("pois.jsonl",),
}


def paths() -> dict[Kind, list[Path]]:
    """The JSONL files of each kind that the package holds."""
    root = Path(str(files("indexing.sample")))
    return {kind: [root / name for name in names if (root / name).is_file()] for kind, names in TABLES.items()}


def judgments() -> Path:
    """The graded queries to learn from; the sealed half is for acceptance alone."""
    return Path(str(files("indexing.sample"))) / "truth" / "queries_dev.jsonl"


def logged() -> Path:
    """The events file, as a table to ingest."""
    return Path(str(files("indexing.sample"))) / "events.jsonl"


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of one file of the sample, e.g. "events.jsonl" or "truth/links_products.jsonl"; [] when absent."""
    path = files("indexing.sample").joinpath(*name.split("/"))
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []


@cache
def _tables() -> dict[Kind, list[dict[str, Any]]]:
    return {kind: [row for name in names for row in rows(name)] for kind, names in TABLES.items()}


def load_tables() -> dict[Kind, list[dict[str, Any]]]:
    """Every item of the sample by kind; times are ISO strings in UTC. Read once: do not change the rows."""
    return dict(_tables())


def events() -> list[dict[str, Any]]:
    """What the simulated people did, oldest first (EVENTS of indexing/items.py, `at` an ISO string in UTC)."""
    return rows("events.jsonl")


def users() -> list[dict[str, Any]]:
    """The simulated people: id, language, cities, kids, pets, price level, tastes."""
    return rows("users.jsonl")
