"""Which rows were refused at the last ingest of each table, and why?"""

from collections import Counter
from pathlib import Path
from typing import Any, Final

import msgspec

from indexing.ingest import gist
from indexing.items import TABLES

#: Rows of a table that are shown, and characters of each; rows that are read to count reasons.
SHOWN, LONGEST, READ = 20, 300, 20_000
_ENDING: Final = ".rejects.jsonl"


def rejects(tables: Path) -> list[dict[str, Any]]:
    """-> {table, at, refused, by_reason, rows: [{file, line, field, reason, row}]} of each table that refused some."""
    paths = [(table, tables / f"{table}{_ENDING}") for table in TABLES]
    return [_told(table, path) for table, path in paths if path.exists()]


def _told(table: str, path: Path) -> dict[str, Any]:
    reasons: Counter[str] = Counter()
    rows: list[dict[str, Any]] = []
    refused, at = 0, None
    with path.open("rb") as lines:
        for line in lines:
            refused += 1
            if refused > READ:
                continue
            said = msgspec.json.decode(line)
            at = said["at"]
            reasons[gist(said["field"], said["reason"])] += 1
            if len(rows) < SHOWN:
                shown = {name: said[name] for name in ("file", "line", "field", "reason")}
                rows.append(shown | {"row": msgspec.json.encode(said["row"]).decode()[:LONGEST]})
    return {"table": table, "at": at, "refused": refused, "by_reason": dict(reasons.most_common()), "rows": rows}
