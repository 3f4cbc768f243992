"""Where are the real data sets, and how do they become tables? Never copied into the project; absent ones are named."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from engine.errors import BadInput
from engine.types import KINDS, Kind
from indexing.ingest import ingest
from indexing.jobs import tables_in
from indexing.sources.mapping import load

MAPPINGS = Path(__file__).parent / "mappings"
#: A fixed clock, so that the same files always give the same tables.
THEN = datetime(2026, 1, 1, tzinfo=UTC)


def folder() -> Path:
    """The folder named in LIFESTYLE_DATA, else ../shared/data beside the project."""
    named = os.environ.get("LIFESTYLE_DATA")
    return Path(named) if named else Path(__file__).parents[2].parent / "shared" / "data"


def need(*names: str) -> list[Path]:
    """The files, or BadInput that says where they were looked for."""
    paths = [folder() / name for name in names]
    for path in paths:
        if not path.exists():
            raise BadInput(f"{path} is not there; put the data set there or set LIFESTYLE_DATA to its folder")
    return paths


def tables(cache: Path, sources: Sequence[tuple[str, Sequence[str]]]) -> Mapping[Kind, pa.Table]:
    """Ingest (mapping, files) pairs into `cache` afresh; -> the tables."""
    for kind in KINDS:
        (cache / f"{kind}.parquet").unlink(missing_ok=True)
    for mapping_name, names in sources:
        mapping = load(MAPPINGS / f"{mapping_name}.toml")
        ingest(need(*names), mapping.table, mapping, cache, lambda: THEN)
    return tables_in(cache)
