"""The Munich set: places of OpenStreetMap, and queries whose gold a separate program worked out from the tags."""

from pathlib import Path

from api.judged import JudgedSet
from api.training import read_judgments
from benchmarks.quality.data import tables
from engine.types import Kind

NAMES = ("bars", "cafes", "parks", "playgrounds", "pubs", "restaurants")
SOURCES = (("munich", [f"munich/{name}.geojson.gz" for name in NAMES]),)
QUERIES = Path(__file__).parent / "munich_queries" / "judged.jsonl"


def load(queries: Path | None, cache: Path) -> JudgedSet:
    """Gold is a set. The oracle and its queries (munich_queries/) share no code with the engine."""
    kinds: tuple[Kind, ...] = ("poi",)
    return JudgedSet("munich", tables(cache, SOURCES), read_judgments(queries or QUERIES), kinds, True, learns=False)
