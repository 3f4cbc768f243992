"""What does an explicit sort order by? One column per word of the vocabulary; missing values come last."""

from typing import Final

import numpy as np

from engine.geo import distance_km
from engine.ports import Index
from engine.types import F32, F64, I64, KINDS, Candidates, Kind, Query

#: sort -> (column, sign): +1 the largest first.
COLUMNS: Final = {
    "rating": ("rating", 1),
    "price": ("price", -1),
    "price_desc": ("price", 1),
    "saves": ("saves", 1),
    "recent": ("age_days", -1),
}


def ordered(index: Index, query: Query, candidates: Candidates, scores: F32, sort: str) -> I64:
    """Candidate positions by the sort, then by score; what had to be relaxed stays behind."""
    key = np.full(len(candidates), np.nan)
    for code, kind in enumerate(KINDS):
        mine = np.flatnonzero(candidates.kind == code)
        if len(mine):
            rows = candidates.row[mine]
            if sort == "distance":
                key[mine] = -_kilometres(index, query, kind, rows)
            elif sort == "value":
                key[mine] = _value(index, query, kind, rows)
            else:
                name, sign = COLUMNS[sort]
                name = "price_per_person" if name == "price" and kind == "poi" else name
                key[mine] = sign * np.asarray(index.column(query.tenant, kind, name, rows), np.float64)
    key = np.nan_to_num(key, nan=-np.inf)
    return np.lexsort((-scores, -key, candidates.relax_level)).astype(np.int64)


def _kilometres(index: Index, query: Query, kind: Kind, rows: I64) -> F64:
    if query.near is None:
        return np.full(len(rows), np.nan)
    lat = np.asarray(index.column(query.tenant, kind, "lat", rows), np.float64)
    lon = np.asarray(index.column(query.tenant, kind, "lon", rows), np.float64)
    return distance_km(lat, lon, query.near.lat, query.near.lon)


def _value(index: Index, query: Query, kind: Kind, rows: I64) -> F64:
    """Rating per price, on a log scale of price so that cheap alone does not win."""
    price_name = "price_per_person" if kind == "poi" else "price"
    price = np.asarray(index.column(query.tenant, kind, price_name, rows), np.float64)
    rating = np.asarray(index.column(query.tenant, kind, "rating", rows), np.float64)
    return np.asarray(rating / np.log(np.e + price), np.float64)
