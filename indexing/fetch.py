"""How is a column read at some rows? Numbers as float64 with NaN, all else as objects with None."""

from typing import Any, Final

import numpy as np
import pyarrow as pa

from engine.types import I64, Kind
from indexing.items import TITLE
from indexing.segment import Part

#: Where a number is kept when its name differs, by kind.
_NUMBERS: Final[dict[tuple[Kind, str], str]] = {("poi", "price_per_person"): "price", ("product", "price"): "price"}
#: Numbers that only the columns know, and those that notes take from their places.
_DERIVED: Final = frozenset(
    {"lat", "lon", "km_from_center", "popularity", "price_level", "text_length", "image_count", "author_note_count"}
)
#: What notes take from their places and products, where they do not say so themselves.
_GIVEN: Final = frozenset({"category", "city", "district", "area", "province"})


def column(part: Part, name: str, rows: I64, today: float) -> Any:
    """A column of items.py (stored or derived) at rows; all NaN for a name the kind lacks. `today` in epoch days."""
    if name == "title":
        name = TITLE[part.kind]
    if name == "age_days":
        return today - part.columns.numbers["published"][rows]
    number = name if name in _DERIVED else _NUMBERS.get((part.kind, name))
    if number:
        return np.asarray(part.columns.numbers[number][rows], np.float64)
    if name in _GIVEN:
        return _given(part, name, rows)
    if name not in part.table.column_names:
        return np.full(len(rows), np.nan)
    return _stored(part, name, rows)


def _stored(part: Part, name: str, rows: I64) -> Any:
    values = part.table.column(name).take(pa.array(rows))
    if pa.types.is_floating(values.type):
        return np.array([np.nan if v is None else v for v in values.to_pylist()], np.float64)
    out = np.empty(len(rows), object)
    out[:] = values.to_pylist()
    return out


def _given(part: Part, name: str, rows: I64) -> Any:
    """As stored, else the first value among the row's tags."""
    stored = name in part.table.column_names
    out = _stored(part, name, rows) if stored else np.empty(len(rows), object)
    tags = part.columns.tags[name]
    for at in np.flatnonzero(out == None):  # noqa: E711  elementwise
        words = tags.at(int(rows[at]))
        out[at] = words[0] if words else None
    return out
