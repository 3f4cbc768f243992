"""What does an intent ask of the search beyond its constraints? The named thing itself, its like, or a whole trip.

look up, book, check: the thing named is an answer, of whatever kind it is; like X: X is no answer, and a dupe costs
less; itinerary: the duration is that of the trip, not of each stop.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
from msgspec.structs import replace

from engine.ports import Index
from engine.refer import mentioned, named
from engine.types import I64, KINDS, Candidates, Constraint, Intent, Kind, Query
from engine.understand.merge import relax_order

#: Intents to which the thing that is named is an answer.
NAMING = frozenset({"lookup", "book", "review_check"})

#: Intents that put some answers first, whatever their score.
FOREMOST = frozenset({"lookup", "review_check"})


def aimed(intent: Intent, index: Index, query: Query) -> Intent:
    """The intent with what it implies said."""
    if intent.name == "similar_to":
        return _like(intent, index, query)
    if intent.name == "itinerary":
        return _changed(
            intent, [replace(c, hardness="soft") if c.slot == "duration" else c for c in intent.constraints]
        )
    return _named(intent, index, query) if intent.name in NAMING else intent


def foremost(intent: Intent, index: Index, query: Query, candidates: Candidates, order: I64) -> I64:
    """The order with the very thing that was looked up first; of notes that are checked, the newest.

    A sort that was asked for stays.
    """
    if query.sort is not None or intent.sort is not None:
        return order
    if intent.name == "lookup" and (name := _name(intent)) is not None:
        rows = named(index, query.tenant, str(name.value))
        exact = np.zeros(len(order), np.bool_)
        for kind, wanted in rows.items():
            exact |= (candidates.kind[order] == KINDS.index(kind)) & np.isin(candidates.row[order], wanted)
        return np.concatenate([order[exact], order[~exact]])
    if intent.name == "review_check":
        return _newest(index, query, candidates, order)
    return order


def _named(intent: Intent, index: Index, query: Query) -> Intent:
    """The one thing that is named, of its own kind too."""
    name = _name(intent)
    if name is None and len(things := mentioned(index, query, intent)) == 1:
        kind, row = things[0]
        title = index.column(query.tenant, kind, "title", np.array([row], np.int64))[0]
        name = Constraint("name", "eq", str(title), "hard", rule="aim.named")
        intent = _changed(intent, [*intent.constraints, name])
    if name is None or query.kinds:
        return intent
    here = dict.fromkeys(named(index, query.tenant, str(name.value)), 1.0)
    return replace(intent, kinds={**intent.kinds, **here}) if here else intent


def _like(intent: Intent, index: Index, query: Query) -> Intent:
    """A thing that is named as an answer although its like is wanted becomes what the answers are like."""
    name = _name(intent)
    if name is None or any(c.slot == "similar_to" for c in intent.constraints):
        return intent
    known = named(index, query.tenant, str(name.value))
    like = replace(name, slot="similar_to", op="eq", value={"name": str(name.value)}, hardness="soft")
    changed = [like if c is name else c for c in intent.constraints]
    changed += [] if any(c.slot == "category" for c in changed) else _same_kind(index, query, known)
    if known and _cheaper().search(intent.normalized) and not any(c.slot == "price" for c in changed):
        changed.append(Constraint("price", "lte", {"ref": str(name.value)}, "hard", rule="aim.dupe"))
    return replace(_changed(intent, changed), kinds={kind: 1.0 for kind in known} or intent.kinds)


def _same_kind(index: Index, query: Query, known: Mapping[Kind, I64]) -> list[Constraint]:
    """The category of the named thing, where the index tells by it."""
    for kind, rows in known.items():
        said = index.column(query.tenant, kind, "category", rows[:1])[0]
        wish = Constraint("category", "eq", str(said), "hard", rule="aim.like")
        if said is not None and index.allowed(query.tenant, kind, [wish])[rows[0]]:
            return [wish]
    return []


def _changed(intent: Intent, constraints: list[Constraint]) -> Intent:
    said = tuple(constraints)
    return replace(intent, constraints=said, relax_order=relax_order(said))


def _name(intent: Intent) -> Constraint | None:
    return next((c for c in intent.constraints if c.slot == "name" and c.op == "eq" and c.polarity > 0), None)


def _newest(index: Index, query: Query, candidates: Candidates, order: I64) -> I64:
    """The notes' own places on the page filled by the notes in the order of time; unknown dates last."""
    out, note = order.copy(), np.flatnonzero(candidates.kind[order] == KINDS.index("note"))
    age = np.asarray(index.column(query.tenant, "note", "age_days", candidates.row[order[note]]), np.float64)
    out[note] = order[note][np.argsort(np.nan_to_num(age, nan=np.inf), kind="stable")]
    return out


@cache
def _cheaper() -> re.Pattern[str]:
    words = tomllib.loads(files("engine").joinpath("aims.toml").read_text("utf-8"))["cheaper"]
    return re.compile("|".join(rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in words))
