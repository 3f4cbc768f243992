"""How would another order, or other settings, answer the same question? Two ways side by side, and grades for both.

Nothing of it is logged, counted or remembered: nobody was shown these pages.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from msgspec import structs

from api.asking import filters_of, place_of
from api.guard import Caller
from api.layout import Layout
from api.render import page
from api.schemas_console import CompareBody, Question, Way
from api.state import State
from engine.budget import Budget
from engine.errors import BadQuery
from engine.live import View
from engine.ports import Ranker
from engine.search import Engine
from engine.types import Query, Results
from indexing.judgments import Judgments
from ranking.model import HandWeighted, KeepOrder, LightGbmRanker
from ranking.registry import Registry

#: Time for an answer that nobody waits for impatiently.
UNHURRIED_MS = 2000.0


def judgments(parts: State) -> Judgments:
    """The grades of the live store."""
    return Judgments(parts.views.layout.store, parts.clock)


def compared(parts: State, caller: Caller, body: CompareBody) -> dict[str, Any]:
    """-> {sides: two pages, shared: how many items both show, grades: those given for this question}."""
    query = to_query(body, caller, body.limit)
    sides = [answer(parts, query, way) for way in (body.left, body.right)]
    left, right = ({hit.id for hit in side.hits} for side in sides)
    return {
        "sides": [page(side, uuid4().hex) for side in sides],
        "shared": len(left & right),
        "grades": judgments(parts).grades(caller.tenant, body.as_judged()),
    }


def judged(parts: State, caller: Caller, question: Mapping[str, Any], grades: Mapping[str, int | None]) -> int:
    """Keep grades; -> how many the question has now. BadQuery names an item that is none."""
    for item, grade in grades.items():
        if grade is not None and parts.views.item(caller.tenant, item) is None:
            raise BadQuery("grades", f"no item '{item:.80}'; it may have been deleted")
    return judgments(parts).put(caller.tenant, question, grades, caller.who)


def to_query(body: Question, caller: Caller, limit: int) -> Query:
    """The search that is judged; for nobody in particular."""
    return Query(
        tenant=caller.tenant,
        text=body.q,
        kinds=tuple(body.kinds),
        near=place_of(body.near),
        filters=filters_of(body.filters),
        at=body.now,
        limit=limit,
        lang=body.lang,
    )


def answer(parts: State, query: Query, way: Way) -> Results:
    """One way's page."""
    view = viewed(parts.views.now(query.tenant), parts.views.layout, query.tenant, way)
    engine = Engine(lambda _: view, parts.views.store, parts.clock)
    if not way.constraints:
        read = engine.understand(query, Budget(UNHURRIED_MS))
        query = structs.replace(query, parse=structs.replace(read, constraints=(), relax_order=()))
    return engine.search(query, Budget(UNHURRIED_MS))


def viewed(view: View, layout: Layout, tenant: str, way: Way) -> View:
    """The view that answers so; a trial has no part in it."""
    ranker = ordered(view, Registry(layout.models(tenant)), way.model)
    return replace(view, ranker=ranker, trial=None, rules=view.rules if way.rules else ())


def ordered(view: View, registry: Registry, model: str | int) -> Ranker:
    """The order of that name or number. Raises BadQuery, ModelError."""
    if isinstance(model, int):
        if model not in registry.numbers():
            raise BadQuery("model", f"there is no model {model}; there are {registry.numbers()}")
        return LightGbmRanker.load(registry.folder(model))
    by_name: Mapping[str, Ranker] = {"serving": view.ranker, "hand": HandWeighted(), "retrieval": KeepOrder()}
    return by_name[model]
