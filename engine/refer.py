"""What do "cheaper than X" and "like X" stand for in this index? Names become figures, ids and a direction."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from msgspec.structs import replace

from engine.called import called, squeezed
from engine.geo import distance_km
from engine.ports import Index
from engine.types import F32, I64, KINDS, Constraint, Intent, Kind, Query
from engine.understand.fold import fold

#: Items drawn from one name: a chain's branches.
MOST: Final = 200
#: Vectors that stand for a name.
_VECTORS: Final = 5
_COLUMNS: Final[Mapping[str, Mapping[Kind, str]]] = {
    "price": {"poi": "price_per_person", "product": "price"},
    "rating": {"poi": "rating", "product": "rating"},
}
#: A figure to stay under is not reached, nor one to exceed.
_STEP: Final = 0.01


def refer(intent: Intent, index: Index, query: Query) -> Intent:
    """Tie comparisons and likenesses to the items of that name; what is unknown stays, softened, and says so."""
    if not any(_refers(c) or (c.slot == "similar_to" and isinstance(c.value, Mapping)) for c in intent.constraints):
        return intent
    tastes = intent.tastes
    constraints = []
    for c in intent.constraints:
        grounded, like = c, None
        if _refers(c):
            grounded = _figure(c, index, query)
        elif c.slot == "similar_to" and isinstance(c.value, Mapping):
            grounded, like = _likeness(c, intent, index, query)
        tastes = tastes if like is None else like
        constraints.append(grounded)
    return replace(intent, constraints=tuple(constraints), tastes=tastes)


def likened(intent: Intent) -> frozenset[str]:
    """The ids of what something is to be like: it is no answer itself."""
    values = (c.value for c in intent.constraints if c.slot == "similar_to" and isinstance(c.value, Mapping))
    return frozenset(str(i) for value in values for i in value.get("ids") or ())


def _refers(c: Constraint) -> bool:
    return isinstance(c.value, Mapping) and "ref" in c.value


def named(index: Index, tenant: str, name: str) -> dict[Kind, I64]:
    """The places and products of a name or brand, per kind; kinds without any are left out."""
    folded = fold(name).text
    spans = [s for s in index.names.find(folded) if s.slot in ("name", "brand") and s.end - s.start >= len(folded)]
    tests = [
        Constraint(slot, "eq", value) for slot in ("name", "brand") for value in {name, *(str(s.value) for s in spans)}
    ]
    found: dict[Kind, I64] = {}
    for kind in KINDS:
        if kind == "note" or index.count(tenant, kind) == 0:
            continue
        rows = np.flatnonzero(np.any([index.allowed(tenant, kind, [test]) for test in tests], axis=0))[:MOST]
        if len(rows):
            found[kind] = rows.astype(np.int64)
    return found


def meant(index: Index, query: Query, name: str) -> dict[Kind, I64]:
    """The items that a name said in the query stands for: those of that name; else, and where that is but a brand,
    the products whose title begins as the query has it there."""
    whole, part = named(index, query.tenant, name), squeezed(name)
    for text in (query.text, name):
        at = squeezed(text).find(part)
        for line in called(index, query.tenant, text) if part and at >= 0 else ():
            if line.start < at + len(part) and line.end > at and not _itself(index, query.tenant, whole, part):
                return {"product": line.rows}
    return whole


def mentioned(index: Index, query: Query, intent: Intent) -> list[tuple[Kind, int]]:
    """The items whose own names stand in the query, or the beginnings of products' titles, in its order; a name of
    several items stands for the first."""
    said = query.text or intent.query
    text = fold(said).text
    taken: list[tuple[int, int, Mapping[Kind, I64]]] = [
        (line.start, line.end, {"product": line.rows}) for line in called(index, query.tenant, said)
    ]
    for span in index.names.find(text):
        if span.slot == "name" and (rows := named(index, query.tenant, str(span.value))):
            taken.append((len(squeezed(text[: span.start])), len(squeezed(text[: span.end])), rows))
    found: list[tuple[int, int, tuple[Kind, int]]] = []
    for start, end, at in sorted(taken, key=lambda each: (each[0] - each[1], each[0])):
        kind = max(at, key=lambda kind: intent.kinds.get(kind, 0.0))
        thing = (kind, int(at[kind][0]))  # the longest first; what overlaps one that was taken is part of it
        if all((end <= begin or start >= stop) and thing != other for begin, stop, other in found):
            found.append((start, end, thing))
    return [thing for _, _, thing in sorted(found)]


def _itself(index: Index, tenant: str, rows: Mapping[Kind, I64], name: str) -> bool:
    """Is it the whole name of any of them, rather than their brand?"""
    return any(squeezed(str(t)) == name for kind, at in rows.items() for t in index.column(tenant, kind, "title", at))


def _figure(c: Constraint, index: Index, query: Query) -> Constraint:
    """The named thing's own price, rating or distance in place of its name."""
    name = str(c.value["ref"])
    figures = _figures(c.slot, meant(index, query, name), index, query)
    figures = figures[np.isfinite(figures)]
    if not len(figures):
        return replace(c, hardness="soft", assume={**(c.assume or {}), "ref": name, "figure": "unknown"})
    figure = float(figures.min()) if c.slot == "distance" else float(np.median(figures))
    value = round(figure + (-_STEP if c.op == "lte" else _STEP), 2)
    return replace(
        c,
        value=max(0.0, value),
        assume={**(c.assume or {}), "ref": name, "figure": round(figure, 2), "items": len(figures)},
    )


def _figures(slot: str, rows: Mapping[Kind, I64], index: Index, query: Query) -> Any:
    if slot == "distance":
        if query.near is None or "poi" not in rows:
            return np.empty(0)
        lat, lon = (
            np.asarray(index.column(query.tenant, "poi", axis, rows["poi"]), np.float64) for axis in ("lat", "lon")
        )
        return distance_km(lat, lon, query.near.lat, query.near.lon)
    columns = _COLUMNS.get(slot, {})
    parts = [
        np.asarray(index.column(query.tenant, kind, columns[kind], at), np.float64)
        for kind, at in rows.items()
        if kind in columns
    ]
    return np.concatenate(parts) if parts else np.empty(0)


def _likeness(c: Constraint, intent: Intent, index: Index, query: Query) -> tuple[Constraint, F32 | None]:
    """-> the constraint with the ids of what it names, and the (1, dim) direction of those items."""
    tenant, rows = query.tenant, meant(index, query, str(c.value.get("name") or ""))
    kinds = sorted(rows, key=lambda kind: -intent.kinds.get(kind, 0.0))
    if not kinds:
        return replace(c, assume={**(c.assume or {}), "items": 0}), None
    ids = [str(i) for kind in kinds for i in index.column(tenant, kind, "id", rows[kind])]
    vectors = index.vectors(tenant, kinds[0], rows[kinds[0]][:_VECTORS])
    vectors = vectors[np.isfinite(vectors).all(axis=1)]
    c = replace(c, value={**c.value, "ids": ids}, assume={**(c.assume or {}), "items": len(ids)})
    if not len(vectors):
        return c, None
    mean = vectors.mean(axis=0)
    return c, (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)[np.newaxis, :]
