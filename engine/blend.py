"""How does an order become a page? Kinds interleaved, repeats and self-promotion capped, evidence and reasons added."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.diverse import diverse
from engine.live import View
from engine.proof import Proofs
from engine.retrieve import Retrieved, wanted
from engine.sorting import ordered
from engine.spread import cap, paid_label
from engine.types import F32, I64, KINDS, Candidates, Highlight, Hit, Intent, Kind, Query, Results
from engine.why import reasons


def cut(view: View, intent: Intent, query: Query, found: Retrieved, scores: F32) -> I64:
    """Order, interleave, cap, cut: -> the candidate positions of the page that was asked for."""
    following = query.offset + _limit(intent, query)
    return order(view, intent, query, found.candidates, scores, following)[query.offset : following]


def show(
    view: View, intent: Intent, query: Query, found: Retrieved, scores: F32, page: I64, proofs: Proofs | None
) -> Results:
    """The page with its items, evidence, highlights and reasons; proofs None: without time for the first two."""
    following = query.offset + _limit(intent, query)
    return Results(
        hits=_hits(view, intent, query, found.candidates, scores, page, proofs),
        intent=intent,
        relaxed=found.relaxed,
        plan=dict(found.plan),
        versions=view.versions(),
        total=found.total,
        next_offset=following if following < len(found.candidates) else None,
    )


def language_of(intent: Intent, query: Query) -> str:
    """The language of reasons and measured values: the request's, else the query's."""
    return query.lang or ("en" if intent.lang == "en" else "zh")


def _limit(intent: Intent, query: Query) -> int:
    return min(query.limit, intent.limit or query.limit)


def order(view: View, intent: Intent, query: Query, candidates: Candidates, scores: F32, most: int) -> I64:
    """At least the `most` best positions, best first. A sort orders over all kinds; else kinds are interleaved."""
    sort = query.sort or intent.sort
    if sort is not None:
        best = ordered(view.index, query, candidates, scores, sort)
        notes = np.flatnonzero(candidates.kind[best] == KINDS.index("note"))
        best[notes] = cap(view.index, query.tenant, "note", candidates, best[notes], view.paid_share, most)
        return best
    lists: dict[Kind, I64] = {}
    for kind in wanted(intent, query):
        mine = np.flatnonzero(candidates.kind == KINDS.index(kind))
        best = mine[np.lexsort((-candidates.fused[mine], -scores[mine], candidates.relax_level[mine]))]
        if intent.name == "browse":
            best = diverse(view.index, query.tenant, kind, candidates, best, scores)
        # last: nothing may lift what it forbids
        lists[kind] = cap(view.index, query.tenant, kind, candidates, best, view.paid_share, most)
    weights = {kind: 1.0 if query.kinds else intent.kinds.get(kind, 0.1) for kind in lists}
    return interleave(lists, weights, most)


def interleave(lists: Mapping[Kind, I64], weights: Mapping[Kind, float], most: int | None = None) -> I64:
    """Smooth weighted round-robin: each kind appears in proportion to its weight, the most wanted first.

    `most`: stop after so many; None = all.
    """
    left = {kind: list(rows) for kind, rows in lists.items() if len(rows)}
    credit = dict.fromkeys(left, 0.0)
    out: list[int] = []
    while left and (most is None or len(out) < most):
        for kind in left:
            credit[kind] += weights[kind]
        kind = max(left, key=lambda k: credit[k])
        credit[kind] -= sum(weights[k] for k in left)
        out.append(left[kind].pop(0))
        if not left[kind]:
            del left[kind]
    return np.array(out, np.int64)


def _hits(
    view: View, intent: Intent, query: Query, candidates: Candidates, scores: F32, page: I64, proofs: Proofs | None
) -> list[Hit]:
    lang = language_of(intent, query)
    features = view.ranker.explain(view.index, intent, query, candidates) if query.explain else {}
    items, proven = _items(view, query.tenant, candidates, page), proofs or {}
    marked = _highlights(view, intent, query, candidates, page) if proofs is not None else {}
    return [
        Hit(
            id=str(items[at]["id"]),
            kind=KINDS[candidates.kind[at]],
            score=round(float(scores[at]), 6),
            item=items[at],
            evidence=proven.get(at, ()),
            why=reasons(intent, items[at], proven.get(at, ()), lang),
            features={name: float(values[at]) for name, values in features.items()} if features else None,
            highlights=marked.get(at, ()),
            label=paid_label(lang, items[at].get("trust")),
        )
        for at in page.tolist()
    ]


def _items(view: View, tenant: str, candidates: Candidates, page: I64) -> dict[int, Mapping[str, Any]]:
    """The stored items of a page, by candidate position: one look-up per kind."""
    out: dict[int, Mapping[str, Any]] = {}
    for kind, mine, rows in candidates.by_kind(page):
        out.update(zip(mine, view.index.items(tenant, kind, rows), strict=True))
    return out


def _highlights(
    view: View, intent: Intent, query: Query, candidates: Candidates, page: I64
) -> dict[int, tuple[Highlight, ...]]:
    """Where the words of the query stand in the items of a page, by candidate position."""
    out: dict[int, tuple[Highlight, ...]] = dict.fromkeys(page.tolist(), ())
    for kind, mine, rows in candidates.by_kind(page) if intent.terms else ():
        out.update(zip(mine, view.index.highlight(query.tenant, kind, intent.terms, rows), strict=True))
    return out
