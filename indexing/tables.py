"""How are tables made of rows, written and read?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa


def table_of(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    """Rows as tuples -> a table."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def write_arrow(table: pa.Table, path: Path) -> None:
    """An Arrow IPC file of one batch."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())


def read_arrow(path: Path, *, checked: bool = False) -> pa.Table:
    """A memory-mapped Arrow IPC file. `checked`: native code follows its offsets, so each of them is looked at first;
    ArrowInvalid where one leads out of its column."""
    table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    if checked:
        table.validate(full=True)
    return table
