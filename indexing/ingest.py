"""How do files become a table? Read, map, validate; refuse row by row; merge with what is there; write."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa

from engine.clock import utc_now
from engine.errors import BadInput, BadQuery, BadRow
from indexing.files import Disk, replace_file
from indexing.items import TABLES, TableName
from indexing.sources import parquet
from indexing.sources.csv import typed
from indexing.sources.formats import reader_of
from indexing.sources.mapping import FieldMap
from indexing.validate import Sieve, to_items, to_table

Clock = Callable[[], datetime]
_DISK: Final = Disk()


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What came of it. `by_reason` counts refusals by field and gist, `warnings` values that were dropped."""

    table: TableName
    path: Path
    rows: int  # good rows of this run
    total: int  # rows in the table afterwards
    refused: int
    skipped: int  # left out by the mapping's [skip]
    rejects_path: Path | None
    by_reason: Mapping[str, int] = field(default_factory=dict)
    warnings: Mapping[str, int] = field(default_factory=dict)


class _Run:
    """The counters of one ingest."""

    def __init__(self, table: TableName, now: str) -> None:
        self.sieve = Sieve(table)
        self.now = now
        self.rejects: list[bytes] = []
        self.reasons: Counter[str] = Counter()
        self.warnings: Counter[str] = Counter()
        self.skipped = 0

    def refuse(self, error: BadRow, row: Any) -> None:
        told = {"file": error.file, "line": error.line, "field": error.field, "reason": error.reason}
        self.rejects.append(msgspec.json.encode({**told, "at": self.now, "row": row}, enc_hook=str))
        self.reasons[gist(error.field, error.reason)] += 1

    def take(self, row: Mapping[str, Any], path: Path, line: int, mapping: FieldMap | None) -> None:
        try:
            if mapping is None:
                self.sieve.take(row, path.name, line)
                return
            mapped = mapping.apply(row, file=path.name, line=line)
            self.warnings.update(gist(*each) for each in mapped.warnings)
            if mapped.row is None:
                self.skipped += 1
            else:
                self.sieve.take(mapped.row, path.name, line)
        except BadQuery as error:
            self.refuse(BadRow(path.name, line, error.field, error.reason), row)
        except BadRow as error:
            self.refuse(error, row)


def ingest(
    files: Sequence[Path], table: TableName, mapping: FieldMap | None, out_dir: Path, clock: Clock = utc_now
) -> IngestReport:
    """Read `files` into <out_dir>/<table>.parquet; a row of an id that is already there replaces it.

    Refused rows go to <out_dir>/<table>.rejects.jsonl (of this run alone). Raises BadInput when a whole file cannot be
    read; then nothing is written.
    """
    if mapping is not None and mapping.table != table:
        raise BadInput(f"the mapping makes {mapping.table} rows, not {table}")
    run = _Run(table, clock().astimezone(UTC).isoformat(timespec="seconds"))
    for path in files:
        for line, row in _rows(path, table, mapping):
            if isinstance(row, BadRow):
                run.refuse(row, None)
            else:
                run.take(row, path, line, mapping)
    out_dir.mkdir(parents=True, exist_ok=True)
    path = out_dir / f"{table}.parquet"
    items = _merged(path, table, run.sieve.items)
    write_table(path, to_table(table, items))
    rejects = out_dir / f"{table}.rejects.jsonl"
    if run.rejects:
        replace_file(_DISK, rejects, b"".join(line + b"\n" for line in run.rejects))
    else:
        _DISK.remove(rejects)
    return IngestReport(
        table=table,
        path=path,
        rows=len(run.sieve.items),
        total=len(items),
        refused=len(run.rejects),
        skipped=run.skipped,
        rejects_path=rejects if run.rejects else None,
        by_reason=dict(run.reasons.most_common()),
        warnings=dict(run.warnings.most_common()),
    )


def _rows(path: Path, table: TableName, mapping: FieldMap | None) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    name, read = reader_of(path, mapping.format if mapping else None)
    if name != "csv" or mapping is not None:
        return read(path)
    return ((line, row if isinstance(row, BadRow) else typed(table, row)) for line, row in read(path))


def _merged(path: Path, table: TableName, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the table holds, with `items` in place of older rows of the same id. Events have no id: all are kept."""
    old = to_items(read_table(path, table)) if path.exists() else []
    if table == "event":
        return old + items
    return list({item["id"]: item for item in (*old, *items)}.values())


def read_table(path: Path, table: TableName) -> pa.Table:
    """A table as `ingest` wrote it; raises BadInput when it is missing, damaged or of another schema."""
    try:
        return parquet.whole(path).cast(TABLES[table])
    except FileNotFoundError:
        raise BadInput(f"there is no table {path}; ingest one first") from None
    except (pa.ArrowException, OSError, ValueError) as error:
        raise BadInput(f"{path.name} is no {table} table: {error}") from None


def write_table(path: Path, table: pa.Table) -> None:
    """All or nothing: a reader sees the old table or the new one."""
    replace_file(_DISK, path, parquet.packed(table))


def gist(field_name: str, reason: str) -> str:
    """A refusal without its particulars, to count by: "price: must be within 0 and more"."""
    field_name = field_name.split("[", maxsplit=1)[0].split(".", maxsplit=1)[0]
    for mark in (": ", "; ", ", is ", " ("):
        reason = reason.split(mark, maxsplit=1)[0]
    return f"{field_name}: {reason:.100}" if field_name else f"{reason:.100}"
