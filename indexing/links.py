"""Which places and products does each note talk about, and in which sentences? Ids, names, then coordinates."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa

from engine.types import KINDS, Kind
from indexing.namebook import NameBook
from indexing.nearest import Spot, nearest
from indexing.sentences import folded

#: LINKS: one row per (note, item). how: id | name | fuzzy | geo.
LINKS: Final = pa.schema(
    [
        ("note", pa.int64()),
        ("kind", pa.int8()),  # index into KINDS
        ("item", pa.int64()),
        ("confidence", pa.float32()),
        ("how", pa.string()),
    ]
)
#: NAMED: which sentences call an item by name.
NAMED: Final = pa.schema([("note", pa.int64()), ("number", pa.int32()), ("kind", pa.int8()), ("item", pa.int64())])

_COLUMN: Final[dict[Kind, str]] = {"poi": "poi_ids", "product": "product_ids"}
#: A note that stands this near to one place alone is about it, somewhat.
GEO_KM, GEO_CONFIDENCE = 0.08, 0.5


@dataclass
class Linked:
    """The two tables, and what could not be resolved: counts by reason."""

    links: pa.Table
    named: pa.Table
    counts: Counter[str] = field(default_factory=Counter)


def link(notes: pa.Table, sentences: pa.Table, items: dict[Kind, pa.Table]) -> Linked:
    """NOTES, their SENTENCES, and the tables of places and products -> who is meant, each with its confidence.

    A note with ids of its own is about those alone; its sentences are still searched for their names.
    """
    work = _Work(notes)
    for kind, column in _COLUMN.items():
        if kind in items:
            work.ids(kind, column, items[kind])
    plain = [folded(text) for text in sentences.column("text").to_pylist()]
    for kind in _COLUMN:
        if kind in items:
            work.names(kind, NameBook(kind, items[kind]), sentences, plain)
    if "poi" in items:
        work.coordinates(items["poi"])
    return work.done()


class _Work:
    def __init__(self, notes: pa.Table) -> None:
        self.notes = notes
        self.found: dict[tuple[int, int, int], tuple[float, str]] = {}
        self.spots: set[tuple[int, int, int, int]] = set()
        self.counts: Counter[str] = Counter()
        self.explicit: set[tuple[int, int]] = set()  # (note, kind) linked by id

    def add(self, note: int, kind: Kind, item: int, confidence: float, how: str) -> None:
        key = (note, KINDS.index(kind), item)
        if confidence > self.found.get(key, (0.0, ""))[0]:
            self.found[key] = (confidence, how)

    def ids(self, kind: Kind, column: str, table: pa.Table) -> None:
        rows = {name: row for row, name in enumerate(table.column("id").to_pylist())}
        for note, names in enumerate(self.notes.column(column).to_pylist()):
            for name in names or ():
                if (row := rows.get(name)) is None:
                    self.counts[f"unknown {kind} id"] += 1
                    continue
                self.add(note, kind, row, 1.0, "id")
                self.explicit.add((note, KINDS.index(kind)))

    def names(self, kind: Kind, book: NameBook, sentences: pa.Table, folded: list[str]) -> None:
        number_kind = KINDS.index(kind)
        cities = self.notes.column("city").to_pylist()
        notes, numbers = sentences.column("note").to_pylist(), sentences.column("number").to_pylist()
        whole: dict[int, str] = {}
        for note, text in zip(notes, folded, strict=True):
            whole[note] = whole[note] + "\n" + text if note in whole else text
        for note, number, text in zip(notes, numbers, folded, strict=True):
            for rows, surest, how in book.find(text, cities[note], whole[note]):
                explicit = (note, number_kind) in self.explicit
                for item in rows:
                    if explicit and (note, number_kind, item) not in self.found:
                        continue
                    if not explicit:
                        self.add(note, kind, item, surest, how)
                    self.spots.add((note, number, number_kind, item))
                if not rows:
                    self.counts[f"ambiguous {kind} name"] += 1

    def coordinates(self, places: pa.Table) -> None:
        """Notes about no place yet, with a position: the only place close by."""
        linked = {note for note, kind, _ in self.found}
        lats, lons = (self.notes.column(c).to_pylist() for c in ("lat", "lon"))
        waiting = [n for n in range(len(self.notes)) if n not in linked and lats[n] is not None and lons[n] is not None]
        at = Spot(*(np.array([c[n] for n in waiting], float) for c in (lats, lons)))
        stand = Spot(*(_numbers(places, c) for c in ("lat", "lon")))
        for note, item in zip(waiting, nearest(at, stand, GEO_KM), strict=True):
            if item >= 0:
                self.add(note, "poi", int(item), GEO_CONFIDENCE, "geo")
            else:
                self.counts["no single place near"] += 1

    def done(self) -> Linked:
        rows = [(*key, *value) for key, value in sorted(self.found.items())]
        self.counts["notes without a link"] = len(self.notes) - len({r[0] for r in rows})
        self.counts.update(f"by {row[4]}" for row in rows)
        return Linked(_table(rows, LINKS), _table(sorted(self.spots), NAMED), self.counts)


def _table(rows: list[Any], schema: pa.Schema) -> pa.Table:
    return (
        pa.table([list(column) for column in zip(*rows, strict=True)], schema=schema) if rows else schema.empty_table()
    )


def _numbers(table: pa.Table, column: str) -> Any:
    return np.array([float("nan") if v is None else v for v in table.column(column).to_pylist()], float)
