"""What does an intent ask of the search beyond its constraints? The named thing itself, its like, or a whole trip.

look up, book, check: the thing named is an answer, of whatever kind it is; compare: so are all that are named, and what
else is asked is no filter; like X: X is no answer, and a dupe costs less; itinerary: the duration is that of the trip,
not of each stop.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
from msgspec.structs import replace

from engine.called import Called, called, squeezed
from engine.ports import Index
from engine.refer import meant, mentioned, named
from engine.types import I64, KINDS, Candidates, Constraint, Intent, Kind, Query
from engine.understand.merge import relax_order

#: Intents to which the thing that is named is an answer.
NAMING = frozenset({"lookup", "book", "review_check"})

#: Intents that put some answers first, whatever their score.
FOREMOST = frozenset({"lookup", "review_check", "compare"})
#: What notes weigh beside the things that are compared, or beside the like of a thing.
_NOTES = 0.6


#: Slots that a name fills besides its own.
_OF_NAMES = frozenset({"name", "brand"})


def aimed(intent: Intent, index: Index, query: Query) -> Intent:
    """The intent with what it implies said."""
    if query.parse is None:
        intent = _of_its_own_kind(intent, index, query)
    if intent.name == "similar_to":
        return _like(intent, index, query)
    if intent.name == "itinerary":
        return _changed(
            intent, [replace(c, hardness="soft") if c.slot == "duration" else c for c in intent.constraints]
        )
    if intent.name == "compare":
        return _compared(intent, index, query)
    if intent.name == "book":
        intent = _booked(intent)
    return _named(intent, index, query) if intent.name in NAMING else intent


def _of_its_own_kind(intent: Intent, index: Index, query: Query) -> Intent:
    """With a category that was read in a product's name, and that nothing of its brand is in, put right by the
    product's own: a low chair for camping is no furniture, and a tent for the park is no park."""
    read = {c.slot: c for c in intent.constraints if c.slot in ("brand", "category") and c.span and c.polarity > 0}
    if len(read) < 2 or index.allowed(query.tenant, "product", list(read.values())).any():
        return intent
    line = _misread(read["category"], intent, index, query)
    own = [] if line is None else _same_kind(index, query, {"product": line.rows})
    if not own:
        return intent
    kinds = intent.kinds if query.kinds or "product" in intent.kinds else {"product": 1.0, "note": _NOTES}
    name = "find_product" if intent.name == "find_place" else intent.name
    kept = [c for c in intent.constraints if c is not read["category"]]
    return _changed(replace(intent, name=name, kinds=kinds), [*kept, *own])


def _misread(category: Constraint, intent: Intent, index: Index, query: Query) -> Called | None:
    """The products in whose name this category was read although none of them is in it; None when there are none."""
    text, (first, last) = query.text or intent.query, category.span or (0, 0)
    start, end = len(squeezed(text[:first])), len(squeezed(text[:last]))
    around = [line for line in called(index, query.tenant, text) if line.start <= start < end <= line.end]
    of_it = index.allowed(query.tenant, "product", [category])
    return next((line for line in around if not of_it[line.rows].any()), None)


def foremost(intent: Intent, index: Index, query: Query, candidates: Candidates, order: I64) -> I64:
    """The order with the very thing that was looked up first, or those compared; of notes that are checked, the newest.

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
    if intent.name == "compare":
        places = [candidates.place(*thing) for thing in mentioned(index, query, intent)]
        first = np.array([place for place in places if place is not None and place in order], np.int64)
        return np.concatenate([first, order[~np.isin(order, first)]])
    if intent.name == "review_check":
        return _newest(index, query, candidates, order)
    return order


def _booked(intent: Intent) -> Intent:
    """Without the words that ask for a booking; a table is had where one eats."""
    words = frozenset(_words("booking"))
    terms, text = (" ".join(w for w in said.split() if w.lower() not in words) for said in (intent.terms, intent.text))
    eats = Constraint("category", "eq", "restaurant", "soft", rule="aim.table")
    named = any(c.slot in ("category", "cuisine", "name", "brand") for c in intent.constraints)
    wished = [eats] if not named and _pattern("tables").search(intent.normalized.lower()) else []
    return _changed(replace(intent, terms=terms, text=text), [*intent.constraints, *wished])


def _compared(intent: Intent, index: Index, query: Query) -> Intent:
    """The things that are named, and the notes about them; what was read in their names alone is not asked for."""
    things = mentioned(index, query, intent)
    if len(things) < 2:
        return intent
    names = [str(index.column(query.tenant, kind, "title", np.array([row], np.int64))[0]) for kind, row in things]
    label = {"zh": "、".join(names), "en": ", ".join(names)}
    name = Constraint("name", "eq", names[0], assume={"part_of_name": names}, rule="aim.compared", label=label)
    plain, text = [squeezed(each) for each in names], query.text or intent.query
    asked = [
        replace(c, hardness="soft")
        for c in intent.constraints
        if c.slot not in _OF_NAMES and not (c.span and any(squeezed(text[slice(*c.span)]) in each for each in plain))
    ]
    kinds: dict[Kind, float] = {kind: 1.0 for kind, _ in things}
    return replace(_changed(intent, [name, *asked]), kinds=kinds | {"note": _NOTES})


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
    if here and intent.name == "lookup" and name.hardness == "soft":
        intent = _changed(intent, [replace(c, hardness="hard") if c is name else c for c in intent.constraints])
    beside = {k: w for k, w in intent.kinds.items() if intent.name != "lookup" or k == "note"}
    return replace(intent, kinds={**beside, **here}) if here else intent


def _like(intent: Intent, index: Index, query: Query) -> Intent:
    """A thing that is named as an answer although its like is wanted becomes what the answers are like; its brand is
    not asked for."""
    likes = (c for c in intent.constraints if c.slot == "similar_to" and isinstance(c.value, Mapping))
    said = next(likes, None) or _name(intent) or _begun(intent, index, query)
    if said is None:
        return intent
    name = str(said.value.get("name") or "" if isinstance(said.value, Mapping) else said.value)
    known = meant(index, query, name)
    like = replace(said, slot="similar_to", op="like", value={"name": name}, hardness="soft")
    rest = [c for c in intent.constraints if c is not said]
    rest = [c for c in rest if c.slot != "category" or _misread(c, intent, index, query) is None]
    changed = [like, *(c for c in rest if c.slot != "brand" or squeezed(str(c.value)) not in squeezed(name))]
    changed += [] if any(c.slot == "category" for c in changed) else _same_kind(index, query, known)
    if known and _pattern("cheaper").search(intent.normalized) and not any(c.slot == "price" for c in changed):
        changed = [c for c in changed if c.slot != "price_level"]
        changed.append(Constraint("price", "lte", {"ref": name}, "hard", rule="aim.dupe"))
    notes: dict[Kind, float] = {"note": _NOTES} if "note" in intent.kinds else {}
    kinds = notes | dict.fromkeys(known, 1.0) if known else intent.kinds
    return replace(_changed(intent, changed), kinds=kinds)


def _begun(intent: Intent, index: Index, query: Query) -> Constraint | None:
    """A likeness to the product that the query names by a part of its title, where it says no more of it."""
    text = query.text or intent.query
    line = next(iter(called(index, query.tenant, text)), None)
    name = squeezed(text)[line.start : line.end] if line is not None else ""
    return Constraint("similar_to", "like", {"name": name}, "soft", rule="aim.like") if name else None


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
def _words(name: str) -> list[str]:
    words: list[str] = tomllib.loads(files("engine").joinpath("aims.toml").read_text("utf-8"))[name]
    return words


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in _words(name)))
