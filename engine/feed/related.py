"""What belongs to an item? A note's places and products, a place's notes, and what goes together with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.live import View
from engine.types import F32, I64, KINDS, Hit, Kind
from engine.why import liked

#: Group -> the kind of its items; `together` has all kinds.
GROUPS: Mapping[str, Kind] = {"places": "poi", "products": "product", "notes": "note"}
#: Notes whose other subjects are counted as going together.
WITNESSES = 200

Weighed = dict[tuple[Kind, int], float]


@dataclass(frozen=True, slots=True)
class Related:
    """An item and what belongs to it, the nearest first."""

    id: str
    kind: Kind
    groups: Mapping[str, Sequence[Hit]]


def related(view: View, tenant: str, item_id: str, place: tuple[Kind, int], limit: int, lang: str) -> Related:
    """`place`: where the item is (ports.Index.locate)."""
    kind, row = place
    notes = np.array([row]) if kind == "note" else _weightiest(view, tenant, view.index.about(tenant, kind, row))
    beside = _mentioned(view, tenant, notes, {place})
    groups: dict[str, list[Hit]] = {}
    if kind == "note":
        for name in ("places", "products"):
            mine = {at: weight for at, weight in beside.items() if at[0] == GROUPS[name]}
            groups[name] = _hits(view, tenant, mine, limit, lang)
    else:
        groups["notes"] = _hits(view, tenant, {("note", int(at)): -n for n, at in enumerate(notes)}, limit, lang)
    groups["together"] = _hits(view, tenant, _together(view, tenant, place, beside), limit, lang)
    return Related(item_id, kind, groups)


def _weightiest(view: View, tenant: str, notes: I64) -> I64:
    """The notes that most people like first; what is suspected comes last."""
    popularity = np.nan_to_num(view.index.numbers(tenant, "note", ("popularity",), notes)[:, 0], nan=0.0)
    trust = np.asarray(view.index.column(tenant, "note", "trust", notes), object)
    order = np.lexsort((-popularity, trust == "suspected"))
    return notes[order][:WITNESSES]


def _mentioned(view: View, tenant: str, notes: I64, but: set[tuple[Kind, int]]) -> Weighed:
    """Places and products that the notes talk about, by how sure and how often."""
    found: Weighed = {}
    for kind in ("poi", "product"):
        links = view.index.linked(tenant, np.sort(notes), kind)
        for row, confidence in zip(links.row.tolist(), links.confidence.tolist(), strict=True):
            if (kind, row) not in but:
                found[kind, row] = found.get((kind, row), 0.0) + confidence
    return found


def _together(view: View, tenant: str, place: tuple[Kind, int], beside: Weighed) -> Weighed:
    """What the same people chose; where nothing was learnt of that, what is told of in one breath.

    For a note that would be what it talks about, which stands in groups of its own: then notes nearest in meaning.
    """
    kinds, rows, weights = view.index.together(tenant, *place)
    chosen = {(KINDS[k], int(r)): float(w) for k, r, w in zip(kinds, rows, weights, strict=True)}
    if chosen or place[0] != "note":
        return chosen or beside
    vector: F32 = view.index.vectors(tenant, "note", np.array([place[1]]))[0]
    if not np.isfinite(vector).all():
        return {}
    found = view.index.dense(tenant, "note", vector, None, 20)
    pairs = zip(found.rows.tolist(), found.scores.tolist(), strict=True)
    return {("note", row): score for row, score in pairs if row != place[1]}


def _hits(view: View, tenant: str, weighed: Weighed, limit: int, lang: str) -> list[Hit]:
    best = sorted(weighed, key=lambda at: (-weighed[at], at))[:limit]
    items = [view.index.items(tenant, kind, np.array([row]))[0] for kind, row in best]
    return [
        Hit(str(item["id"]), at[0], round(weighed[at], 6), item, (), liked(item, lang))
        for at, item in zip(best, items, strict=True)
    ]
