"""How do items, and what our parser made of a query, become a table and a filter of another engine? In plain SQL."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from engine.types import Constraint, Kind
from engine.understand.lexicon import load
from engine.understand.unions import each
from indexing.columns.words import naming
from indexing.items import TITLE
from indexing.passages import fields
from indexing.sample.scale import Row

_COMPARED: Final = {"lte": "<=", "gte": ">=", "lt": "<", "gt": ">", "eq": "="}
#: Slot -> a column of numbers; slot -> a column of lists; slot -> a column of text in which the words must stand.
_NUMBERS: Final = {"price": "price", "rating": "rating"}
LISTS: Final = {"category": "categories", "amenity": "amenities", "hotel_class": "hotel_class"}
_TEXTS: Final = {"dish": "dishes", "place.named": "nearby", "name": "name", "place.admin": "place", "brand": "brand"}
SCHEMA: Final = pa.schema(
    [(name, pa.string()) for name in ("id", "kind", "text", "name", "dishes", "nearby", "place", "brand")]
    + [(name, pa.float64()) for name in ("price", "rating", "visit_low", "visit_high")]
    + [(name, pa.list_(pa.string())) for name in ("categories", "amenities", "hotel_class")]
)


def described(kind: Kind, row: Row) -> dict[str, Any]:
    """An item as a row of the table; values in the lexicon's words where it knows them, as in our own columns."""
    words, lexicon = naming(), load()
    low, high = row.get("visit_minutes") or (None, None)
    raw = row.get("category")
    named = [str(row[name]) for name in ("city", "district", "area", "address") if row.get(name)]
    return {
        "id": row["id"],
        "kind": kind,
        "text": fields(kind, row, words)["all"],
        "name": str(row[TITLE[kind]]),
        "dishes": "\n".join(row.get("dishes") or ()),
        "nearby": "\n".join(row.get("nearby") or ()),
        "place": " ".join(named),
        "brand": row.get("brand"),
        "price": row.get("price_per_person", row.get("price")),
        "rating": row.get("rating"),
        "visit_low": low,
        "visit_high": high,
        "categories": sorted({str(raw), *words.nodes(raw)}) if raw else [],
        "amenities": [lexicon.normalise("amenity", each) or each for each in row.get("amenities") or ()],
        "hotel_class": [lexicon.normalise("hotel_class", each) or each for each in [row.get("hotel_class")] if each],
    }


def sql(kinds: Sequence[Kind], constraints: Sequence[Constraint]) -> str:
    """The kinds, and those hard constraints that a column answers, as a filter; the others are left to the ranking."""
    parts = ["kind IN (" + ", ".join(_quoted(kind) for kind in kinds) + ")"]
    for one in constraints:
        said = _condition(one) if one.hardness == "hard" else ""
        if said:
            parts.append(said if one.polarity > 0 else f"NOT ({said})")
    return " AND ".join(parts)


def _condition(constraint: Constraint) -> str:
    slot, value = constraint.slot, constraint.value
    if slot in _NUMBERS:
        return _range(_NUMBERS[slot], constraint.op, value)
    if slot == "duration":
        low, high = value if isinstance(value, list) else (value, value)
        return f"visit_low <= {low} AND visit_high >= {high}"
    asked = value if isinstance(value, list) else each(value) if isinstance(value, Mapping) else [value]
    words = list(map(_word, asked))
    if slot in LISTS:
        return f"array_has_any({LISTS[slot]}, [{', '.join(_quoted(word) for word in words)}])"
    if slot in _TEXTS:
        return "(" + " OR ".join(f"{_TEXTS[slot]} LIKE {_quoted(f'%{word}%')}" for word in words) + ")"
    return ""


def _range(column: str, op: str, value: Any) -> str:
    if op == "between":
        return f"{column} >= {value[0]} AND {column} <= {value[1]}"
    return f"{column} {_COMPARED[op]} {value}" if op in _COMPARED else ""


def _word(value: Any) -> str:
    return str(value.get("name") or "") if isinstance(value, Mapping) else str(value)


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
