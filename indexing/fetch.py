"""How is a column read at some rows? Numbers as float64 with NaN, all else as objects with None."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa

from engine.coded import Coded, coded, those_of
from engine.types import F32, I64, Kind
from indexing.items import TITLE
from indexing.segment import Part
from indexing.validate import to_items

#: Where a number is kept when its name differs, by kind.
_NUMBERS: Final[dict[tuple[Kind, str], str]] = {("poi", "price_per_person"): "price", ("product", "price"): "price"}
#: Numbers that only the columns know, and those that notes take from their places.
_DERIVED: Final = frozenset(
    {"lat", "lon", "km_from_center", "popularity", "price_level", "text_length", "image_count", "author_note_count"}
)
#: Items kept as they are shown, per part: about 2 KB each.
MOST_SHOWN: Final = 4096
#: What notes take from their places and products, where they do not say so themselves.
_GIVEN: Final = frozenset({"category", "city", "district", "area", "province"})

#: Of a part of so few rows these are kept as objects, which are read in a tenth of the time: about 100 bytes each.
SMALL: Final = 65_536
_KEPT: Final = frozenset({"id", "folded_title"})
#: Texts that hardly two rows share: read where they lie, never all of them.
_OWN: Final = frozenset({"id", "name", "title", "body", "address"})


def column(part: Part, name: str, rows: I64, today: float) -> Any:
    """A column of items.py (stored or derived) at rows; all NaN for a name the kind lacks. `today` in epoch days."""
    name = TITLE[part.kind] if name == "title" else name
    if name in _KEPT and len(part) <= SMALL:
        return _small(part, name)[rows]
    if name in _READ:
        return _READ[name](part, rows)
    if name == "age_days":
        return today - part.columns.numbers["published"][rows]
    if name in _OWN and name in part.table.column_names:
        return _objects(part.table.column(name).take(pa.array(rows)))
    number = name if name in _DERIVED else _NUMBERS.get((part.kind, name))
    if number:
        return np.asarray(part.columns.numbers[number][rows], np.float64)
    return whole(part, name)[rows]


def numbers(part: Part, names: tuple[str, ...], today: float) -> F32:
    """Numeric columns of all rows side by side (rows, names), made once and kept: read-only. NaN for what it lacks."""
    made: F32 | None = part.kept.get((names, today))
    if made is None:
        made = np.empty((len(part), len(names)), np.float32)
        for number, name in enumerate(names):
            made[:, number] = column(part, name, np.arange(len(part)), today)
        part.kept[names, today] = made
    return made


def whole(part: Part, name: str) -> Any:
    """A stored column of all rows, made once and kept: read-only. float64, or objects; equal texts are one object."""
    made = part.kept.get(name)
    if made is None:
        made = part.kept[name] = (_given if name in _GIVEN else _stored)(part, name)
    return made


def texts(part: Part, name: str, rows: I64) -> Coded:
    """A text column that many rows share, as numbers: those of all rows are made once and kept."""
    made = part.kept.get(("coded", name))
    if made is None:
        values = whole(part, name)
        made = part.kept["coded", name] = coded(values.tolist() if values.dtype == object else [None] * len(part))
    return those_of(made.codes.take(rows), made.texts)


def _small(part: Part, name: str) -> Any:
    """One of _KEPT of all rows, made once."""
    made = part.kept.get(("all", name))
    if made is None:
        values = part.table.column(name) if name == "id" else None
        made = _titles(part, np.arange(len(part))) if values is None else _objects(values)
        part.kept["all", name] = made
    return made


def _stored(part: Part, name: str) -> Any:
    if name not in part.table.column_names:
        return np.full(len(part), np.nan)
    values = part.table.column(name)
    if pa.types.is_floating(values.type):
        return values.to_numpy()
    if pa.types.is_string(values.type):
        coded = values.combine_chunks().dictionary_encode()
        words = np.array([*coded.dictionary.to_pylist(), None], object)
        return words[coded.indices.fill_null(len(words) - 1).to_numpy()]
    return _objects(values)


def _stated(part: Part, rows: I64) -> Any:
    """The attributes and tags that are stated of each row."""
    return _listed([part.columns.tags["has"].at(row) for row in rows.tolist()])


def _listed(values: list[list[str]]) -> Any:
    """An object for each row: lists of equal length would else become a table."""
    out = np.empty(len(values), object)
    for at, value in enumerate(values):
        out[at] = value
    return out


def _objects(values: pa.ChunkedArray) -> Any:
    out = np.empty(len(values), object)
    out[:] = values.to_pylist()
    return out


def _titles(part: Part, rows: I64) -> Any:
    """The titles in the form in which names are compared; None for one of which nothing is left."""
    tags, out = part.columns.tags["name"], np.empty(len(rows), object)
    known = tags.known.at(rows)
    out[known] = tags.named(tags.codes[tags.starts[rows[known]]])
    return out


def _given(part: Part, name: str) -> Any:
    """As stored, else the first value among the row's tags."""
    stored, tags = name in part.table.column_names, part.columns.tags[name]
    out = _stored(part, name).copy() if stored else np.empty(len(part), object)
    rows = np.flatnonzero((out == None) & tags.known.mask())  # noqa: E711  elementwise
    out[rows] = tags.named(tags.codes[tags.starts[rows]])
    return out


def items(part: Part, rows: I64) -> list[Mapping[str, Any]]:
    """The items to show, as stored: read-only. Those shown last are kept, since a few are shown again and again."""
    if len(part.shown) > MOST_SHOWN:
        part.shown.clear()
    found = {row: part.shown.get(row) for row in rows.tolist()}
    if missing := [row for row, item in found.items() if item is None]:
        at = pa.array(np.array(missing, np.int64))  # of a list Arrow would look for optional packages each time
        made = dict(zip(missing, to_items(_told(part).take(at)), strict=True))
        part.shown.update(made)
        found |= made
    return [found[row] or {} for row in rows.tolist()]


def _told(part: Part) -> pa.Table:
    """The stored columns in which any row says something."""
    made: pa.Table | None = part.kept.get("told")
    if made is None:
        table = part.table
        made = table.select([name for name in table.column_names if table.column(name).null_count < len(part)])
        part.kept["told"] = made
    return made


#: Columns that are worked out for the rows asked for.
_READ: Final[Mapping[str, Callable[[Part, I64], Any]]] = {"folded_title": _titles, "has": _stated}
