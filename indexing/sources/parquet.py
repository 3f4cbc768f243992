"""How is Parquet read and written? In batches, row by row, or whole; maps become objects.

pyarrow's reader is loaded when a file is: a server, which reads none, starts without it (some 70 ms).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from engine.errors import BadInput, BadRow

_BATCH = 8192


def read(path: Path) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    """-> (row number from 1, {column: value})."""
    from pyarrow import parquet as pq  # noqa: PLC0415  # see above

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


def whole(path: Path) -> pa.Table:
    """All of a file. Raises FileNotFoundError, pa.ArrowException, OSError."""
    from pyarrow import parquet as pq  # noqa: PLC0415  # see above

    return pq.read_table(path)


def packed(table: pa.Table) -> bytes:
    """A table as the bytes of a file."""
    from pyarrow import parquet as pq  # noqa: PLC0415  # see above

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content
