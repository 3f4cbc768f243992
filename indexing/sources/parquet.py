"""How is Parquet read? In batches, row by row; maps become objects."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from engine.errors import BadInput, BadRow

_BATCH = 8192


def read(path: Path) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    """-> (row number from 1, {column: value})."""
    try:
        with pq.ParquetFile(path) as file:
            maps = [field.name for field in file.schema_arrow if pa.types.is_map(field.type)]
            number = 0
            for batch in file.iter_batches(_BATCH):
                for row in batch.to_pylist():
                    number += 1
                    yield number, {**row, **{name: dict(row[name]) for name in maps if row[name] is not None}}
    except FileNotFoundError:
        raise BadInput(f"there is no file {path}") from None
    except (pa.ArrowException, OSError) as error:
        raise BadInput(f"{path.name} is no readable Parquet file: {error}") from None
