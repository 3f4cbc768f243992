"""What does a point tell of its item, so that filters can be kept where the vectors are?

Numbers, places, value sets and opening hours come from the columns of the snapshot; `told` has what merchant and notes
come to together: "slot:attribute" for every attribute of the lexicon whose verdict is LIKELY or MET.
"""

import uuid
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from typing import Any, Final

import numpy as np

from engine.types import I64, Constraint, Kind, Verdict
from engine.understand.lexicon import load
from engine.vocabulary import APPLIES, MINED
from indexing import fetch
from indexing.columns.data import Columns
from indexing.columns.judge import rule
from indexing.columns.words import Naming
from indexing.shelf import Shelf

#: Value sets of the columns that a filter may ask for.
SETS: Final = (
    "category", "cuisine", "has", "brand", "name", "hotel_class", "trust", "currency", "province", "city", "district",
    "area", "address",
)  # fmt: skip
NUMBERS: Final = ("price", "rating", "shortest", "longest", "published", "popularity", "price_level", "km_from_center")
#: Payload field -> kind of index; made before any point comes, so that the graph gets their links.
INDEXES: Final[Mapping[str, str]] = {
    **dict.fromkeys((*SETS, "told"), "keyword"), **dict.fromkeys(NUMBERS, "float"), "at": "geo",
    "hours[].from": "integer", "hours[].to": "integer",
}  # fmt: skip
#: The key of the shard of what has no city, or one that few items have.
ELSEWHERE: Final = "elsewhere"


def point_id(item_id: str) -> str:
    """The same for an item wherever it is computed."""
    return str(uuid.UUID(bytes=blake2b(item_id.encode("utf-8", "surrogatepass"), digest_size=16).digest()))


def ids_of(shelf: Shelf, rows: I64) -> list[str]:
    """The items at rows."""
    return [str(i) for i in shelf.take(rows, lambda part, local: fetch.column(part, "id", local, 0.0))]


def payloads(shelf: Shelf, rows: I64) -> list[dict[str, Any]]:
    """One for each row."""
    out: list[dict[str, Any]] = [{"id": item_id} for item_id in ids_of(shelf, rows)]
    sieves = dict(zip(map(id, shelf.parts), shelf.sieves, strict=True))
    for at, part, local in shelf.split(rows):
        said = of_columns(sieves[id(part)].columns, shelf.naming, local)
        for place, told in zip(at.tolist(), said, strict=True):
            out[place] |= told
    return out


def of_columns(columns: Columns, naming: Naming, rows: I64) -> list[dict[str, Any]]:
    """What is stated, and what is told."""
    out = [_stated(columns, row) for row in rows.tolist()]
    for constraint in judged(columns.kind):  # straight: hundreds that nobody asks again are not to be remembered
        met = rule(columns, constraint, rows, naming).verdict >= Verdict.LIKELY
        for place in np.flatnonzero(met).tolist():
            out[place].setdefault("told", []).append(f"{constraint.slot}:{constraint.value}")
    return out


@cache
def judged(kind: Kind) -> Sequence[Constraint]:
    """What is judged of every item of a kind when it is put: the attributes of the lexicon."""
    entries = load().entries.values()
    return [Constraint(e.slot, "has", e.id) for e in entries if e.slot in MINED and kind in APPLIES[e.slot]]


@cache
def judged_names(kind: Kind) -> frozenset[str]:
    """As they stand in `told`."""
    return frozenset(f"{c.slot}:{c.value}" for c in judged(kind))


def _stated(columns: Columns, row: int) -> dict[str, Any]:
    said: dict[str, Any] = {name: values for name in SETS if (values := columns.tags[name].at(row))}
    said |= {n: float(columns.numbers[n][row]) for n in NUMBERS if not np.isnan(columns.numbers[n][row])}
    lat, lon = (float(columns.numbers[name][row]) for name in ("lat", "lon"))
    if not np.isnan(lat + lon):
        said["at"] = {"lat": lat, "lon": lon}
    code = int(columns.hours.code[row])
    if code >= 0:
        said["hours"] = stretches(columns.hours.open[code])
    return said


def stretches(week: Any) -> list[dict[str, int]]:
    """bool[672] -> the quarter hours from .. (but not) to in which it is open."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], week.astype(np.int8), [0]]))).tolist()
    return [{"from": start, "to": stop} for start, stop in list(pairwise(edges))[::2]]
