"""What would a plain hybrid stack answer? LanceDB: words (ICU), vectors and reciprocal rank fusion, filters in SQL."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import lancedb
import pyarrow as pa
from lancedb.rerankers import RRFReranker

from engine.types import F32, Constraint, Kind
from engine.understand.lexicon import load
from indexing.columns.words import naming
from indexing.items import TITLE
from indexing.passages import fields
from indexing.sample.scale import Row

#: How deep each of the two lists is, before they are fused.
_DEPTH: Final = 100
_COMPARED: Final = {"lte": "<=", "gte": ">=", "lt": "<", "gt": ">", "eq": "="}
#: Slot -> a column of numbers; slot -> a column of lists; slot -> a column of text in which the words must stand.
_NUMBERS: Final = {"price": "price", "rating": "rating"}
_LISTS: Final = {"category": "categories", "amenity": "amenities", "hotel_class": "hotel_class"}
_TEXTS: Final = {"dish": "dishes", "place.named": "nearby", "name": "name", "place.admin": "place", "brand": "brand"}
_SCHEMA: Final = pa.schema(
    [(name, pa.string()) for name in ("id", "kind", "text", "name", "dishes", "nearby", "place", "brand")]
    + [(name, pa.float64()) for name in ("price", "rating", "visit_low", "visit_high")]
    + [(name, pa.list_(pa.string())) for name in ("categories", "amenities", "hotel_class")]
)


class LanceHybrid:
    """A table of every kind's items: the same texts that our lexical index reads, the encoder's own vectors."""

    def __init__(self, folder: Path, rows: Sequence[tuple[Kind, Row]], vectors: F32) -> None:
        """`vectors` float32[n, dim]: of the same texts, as the encoder gives them."""
        table = pa.Table.from_pylist([described(kind, row) for kind, row in rows], schema=_SCHEMA)
        stored = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])
        self.table: Any = lancedb.connect(str(folder)).create_table(
            "items", table.append_column("v", stored), mode="overwrite"
        )
        self.table.create_fts_index("text", base_tokenizer="icu", stem=True, remove_stop_words=False)
        for column in ("kind", *_LISTS.values()):
            self.table.create_scalar_index(column, index_type="LABEL_LIST" if column != "kind" else "BITMAP")
        self.fusion = RRFReranker()

    def search(self, text: str, vector: F32, where: str, k: int) -> list[str]:
        """Ids, best first."""
        asked = self.table.search(query_type="hybrid", vector_column_name="v", fts_columns="text").vector(vector)
        asked = asked.text(text).distance_type("dot").where(where, prefilter=True).limit(_DEPTH)
        found: list[str] = asked.rerank(self.fusion).select(["id"]).to_arrow()["id"].to_pylist()
        return found[:k]


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
    for each in constraints:
        said = _condition(each) if each.hardness == "hard" else ""
        if said:
            parts.append(said if each.polarity > 0 else f"NOT ({said})")
    return " AND ".join(parts)


def _condition(constraint: Constraint) -> str:
    slot, value = constraint.slot, constraint.value
    if slot in _NUMBERS:
        return _range(_NUMBERS[slot], constraint.op, value)
    if slot == "duration":
        low, high = value if isinstance(value, list) else (value, value)
        return f"visit_low <= {low} AND visit_high >= {high}"
    words = [_word(each) for each in (value if isinstance(value, list) else [value])]
    if slot in _LISTS:
        return f"array_has_any({_LISTS[slot]}, [{', '.join(_quoted(word) for word in words)}])"
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
