"""Which reader reads a file? The mapping's `format`, or else the file's name, says it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

from engine.errors import BadInput, BadRow
from indexing.sources import csv, geojson, jsonl, parquet
from indexing.sources.opened import suffix

Reader: TypeAlias = Callable[[Path], Iterator[tuple[int, dict[str, Any] | BadRow]]]

READERS: Final[dict[str, Reader]] = {
    "jsonl": jsonl.read,
    "ndjson": jsonl.read,
    "json": jsonl.read_json,
    "csv": csv.read,
    "parquet": parquet.read,
    "geojson": geojson.read,
}


def reader_of(path: Path, said: str | None = None) -> tuple[str, Reader]:
    """-> (format, reader); raises BadInput for a format that nobody reads."""
    name = said or suffix(path)
    if name not in READERS:
        raise BadInput(f"{path.name}: format {name or 'unknown'!r} is none of {', '.join(READERS)}")
    return name, READERS[name]
