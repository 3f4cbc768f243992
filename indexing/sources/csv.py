"""How is CSV read? A header of field names, UTF-8, comma separated; empty cells are missing."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from engine.errors import BadInput, BadRow
from indexing.items import TABLES, TableName
from indexing.sources.opened import opened


def read(path: Path) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    """-> (line on which the row ends, {column: text}), or the reason why the row cannot be read."""
    with opened(path) as stream, io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="") as text:
        rows = csv.reader(text)
        header = next(rows, [])
        if not header or len(set(header)) != len(header):
            raise BadInput(f"{path.name} must begin with a line of distinct column names")
        while True:
            try:
                cells = next(rows, None)
            except csv.Error as error:
                yield rows.line_num, BadRow(path.name, rows.line_num, "", f"is no CSV row: {error}")
                continue
            if cells is None:
                return
            if cells:
                yield rows.line_num, _row(path.name, rows.line_num, header, cells)


def _row(file: str, line: int, header: list[str], cells: list[str]) -> dict[str, Any] | BadRow:
    if len(cells) != len(header):
        return BadRow(file, line, "", f"has {len(cells)} cells, the header has {len(header)}")
    row = {name: cell for name, cell in zip(header, cells, strict=True) if cell.strip()}
    for name, cell in row.items():
        if not cell.isascii() and any("\udc80" <= sign <= "\udcff" for sign in cell):
            return BadRow(file, line, name, "is not UTF-8")
    return row


def typed(table: TableName, row: Mapping[str, Any]) -> dict[str, Any]:
    """Texts of a CSV whose columns are our fields -> our types: numbers, "a|b" as lists, "k=v|k=v" as maps.

    What does not read as its type stays text, so that validation refuses it by name.
    """
    types = {field.name: field.type for field in TABLES[table]}
    return {name: _typed(types.get(name), cell) for name, cell in row.items()}


def _typed(kind: pa.DataType | None, cell: str) -> Any:
    try:
        if kind is None or pa.types.is_string(kind) or pa.types.is_timestamp(kind):
            return cell
        if pa.types.is_floating(kind):
            return float(cell)
        if pa.types.is_integer(kind):
            return int(cell)
        parts = [part.strip() for part in cell.split("|") if part.strip()]
        if pa.types.is_map(kind):
            return dict(part.split("=", 1) for part in parts)
        return [float(part) for part in parts] if pa.types.is_floating(kind.value_type) else parts
    except ValueError:
        return cell
