"""Does a row keep a constraint? One function per slot; the filter and the judge both read its answer."""

from collections.abc import Callable, Mapping
from functools import partial, reduce
from operator import and_
from typing import Final, TypeAlias

import numpy as np

from engine.types import Constraint, Verdict
from engine.vocabulary import APPLIES, MINED
from indexing.columns import when, where
from indexing.columns.bits import Bits, Rows
from indexing.columns.data import Columns
from indexing.columns.judgement import ByRow, Judgement, Sets, Unheard
from indexing.columns.mined import OPEN, merge
from indexing.columns.ranges import bounds, stays, wanted_size, within
from indexing.columns.values import key
from indexing.columns.verdicts import Ruling
from indexing.columns.words import Naming

Rule: TypeAlias = Callable[[Columns, Constraint, Naming], Judgement]

#: These never filter: they steer what is looked for, and no row breaks them.
STEERING: Final = frozenset({"similar_to"})


def judgement(columns: Columns, constraint: Constraint, naming: Naming) -> Judgement:
    """How the constraint stands with the rows, as if it were wanted (polarity not yet counted).

    A slot that does not apply to the kind is UNKNOWN. Raises ValueError, KeyError or TypeError for a value
    that is not of the form of engine.vocabulary, at the latest when rows are looked at.
    """
    if not filters(columns.kind, constraint) or _ungrounded(constraint):
        return Unheard(columns.count)
    return _RULES.get(constraint.slot, attribute)(columns, constraint, naming)


def rule(columns: Columns, constraint: Constraint, rows: Rows, naming: Naming) -> Ruling:
    """The ruling over some rows: see `judgement`."""
    return judgement(columns, constraint, naming).ruling(rows)


def filters(kind: str, constraint: Constraint) -> bool:
    """Does the constraint have a say over this kind at all?"""
    return kind in APPLIES.get(constraint.slot, frozenset()) and constraint.slot not in STEERING


def _ungrounded(constraint: Constraint) -> bool:
    """Compared with a name of which nothing is known here."""
    return isinstance(constraint.value, Mapping) and "ref" in constraint.value


def _wanted(c: Constraint) -> list[str]:
    return [str(v) for v in c.value] if isinstance(c.value, list | tuple) else [str(c.value)]


def category(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """The node or anything below it; a row of a wider category may say so by its cuisines and tags."""
    wanted = {node for raw in _wanted(c) for node in (raw, *naming.categories(raw))}
    nodes = {n for node in wanted for n in naming.descendants(node)}
    tags, cuisines = columns.tags["category"], columns.tags["cuisine"]
    kept = tags.carrying(nodes)
    wider = tags.carrying({n for node in wanted for n in naming.ancestors(node)}) - kept
    kept |= wider & (cuisines.carrying(nodes) | columns.tags["has"].carrying(nodes))
    return Sets(kept, tags.known - (wider - cuisines.known))


def attribute(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """Merchant's yes and no merged with what notes tell (indexing/columns/mined.py has the rule).

    Of a list any value will do; no is said of it only when it is said of all.
    """
    if isinstance(c.value, Mapping) and "open" not in c.value:
        return sized(columns, c)
    opened = isinstance(c.value, Mapping)
    raws = [str(c.value["open"])] if opened else _wanted(c)
    each = [{raw, key(raw)} | (naming.direct(c.slot, raw) if not opened else frozenset()) for raw in raws]
    has, has_not = columns.tags["has"], columns.tags["has_not"]
    yes = has.containing(key(raws[0])) if opened else has.carrying(set().union(*each))
    no = reduce(and_, map(has_not.carrying, each)) - yes
    names = {OPEN + key(raws[0])} if opened else {name for ids in each for i in ids for name in naming.under(i)}

    def look(rows: Rows) -> Ruling:
        told = columns.mined.over(sorted(names), columns.numbered(rows), c.heard)
        verdict, probability, disagree = merge(yes.at(rows), no.at(rows), told)
        return Ruling(verdict, probability, told, disagree)

    def kept() -> Bits:
        spoken = columns.mined.spoken(names, c.heard)  # of other rows the merchant's word alone decides
        good = spoken[look(spoken).verdict >= Verdict.LIKELY]
        return (yes - Bits.of_rows(spoken, columns.count)) | Bits.of_rows(good, columns.count)

    return ByRow(look, kept)


def cuisine(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """The cuisine stated, or a category that stands for it; else what attributes and notes say."""
    ids = {n for raw in _wanted(c) for each in naming.direct("cuisine", raw) | {key(raw)} for n in naming.under(each)}
    nodes = {n for each in ids for n in naming.descendants(each)}
    tags = columns.tags["cuisine"]
    stated, said = tags.carrying(ids | nodes) | columns.tags["category"].carrying(nodes), attribute(columns, c, naming)

    def look(rows: Rows) -> Ruling:
        told = said.ruling(rows).verdict
        other = np.where(told > 0, told, np.where(tags.known.at(rows), Verdict.CONTRADICTED, Verdict.UNKNOWN))
        return Ruling.of(np.where(stated.at(rows), Verdict.MET, other))

    return ByRow(look, lambda: stated | said.filter(+1))


def sized(columns: Columns, c: Constraint) -> Judgement:
    """A size written in the item's attributes or text lies in the wanted range."""
    wanted = wanted_size(c.value)
    if wanted is None:
        return Unheard(columns.count)
    dimension, lo, hi = wanted
    tags, mark = columns.tags["size"], f"{dimension}:"
    of_kind = tags.where(mark, lambda word: word.startswith(mark))
    fits = tags.where(f"{mark}{lo}-{hi}", lambda word: word.startswith(mark) and lo <= float(word[len(mark) :]) <= hi)
    return Sets(fits, of_kind)


def dish(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """Every word of the value is part of one of the dishes' names; a note may also write it."""
    dishes, text = columns.tags["dish"], columns.tags["text"]
    words = [dishes.containing(word) | text.containing(word, columns.holders) for word in key(str(c.value)).split()]
    if not words:  # of invisible characters alone
        return Unheard(columns.count)
    return Sets(reduce(and_, words), dishes.known)


def listed(tag: str, slot: str | None = None) -> Rule:
    """A slot that compares a value set with the wanted ids or spellings."""

    def decide(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
        tags = columns.tags[tag]
        ids = {i for raw in _wanted(c) for i in ({raw, key(raw)} | (naming.direct(slot, raw) if slot else frozenset()))}
        return Sets(tags.carrying(ids), tags.known)

    return decide


def name(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """The name itself; a line of a brand is a part of the name, whatever it is called (assume "part_of_name")."""
    tags, parts = columns.tags["name"], (c.assume or {}).get("part_of_name") or ()
    lines = [tags.containing(key(str(part))) for part in parts]
    return Sets(Bits.union([tags.carrying({str(c.value), key(str(c.value))}), *lines], columns.count), tags.known)


def number(column: str) -> Rule:
    """A slot that compares a number with a range."""

    def decide(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
        values = columns.numbers[column]

        def look(rows: Rows) -> Ruling:
            return Ruling.where(within(values[rows], c.op, c.value), ~np.isnan(values[rows]))

        return ByRow(look, partial(columns.orders[column].between, *bounds(c.op, c.value)))

    return decide


def price(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """In the range, for as many as assume says share it; a free item has no currency.

    Another currency than the one meant is UNKNOWN: nothing is converted.
    """
    people, currency = float((c.assume or {}).get("people", 1)), (c.assume or {}).get("currency")
    prices, order, tags = columns.numbers["price"], columns.orders["price"], columns.tags["currency"]
    same = tags.carrying([key(str(currency))]) | ~tags.known if currency else Bits.every(columns.count)

    def look(rows: Rows) -> Ruling:
        values = prices[rows] * people
        comparable = same.at(rows) | (values == 0)
        return Ruling.where(within(values, c.op, c.value) & comparable, ~np.isnan(values) & comparable)

    def kept() -> Bits:
        return order.between(*bounds(c.op, c.value)) & (same | order.zero)

    return ByRow(look, kept if people == 1 else None)  # a bound divided is rounded otherwise than a product


def duration(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """A usual visit takes the wanted time (engine.vocabulary says how intervals compare); of a trip it says nothing."""
    if (c.assume or {}).get("of"):
        return Unheard(columns.count, lenient=True)
    fits = stays(c.op, c.value)

    def look(rows: Rows) -> Ruling:
        kept = [within(columns.numbers[end][rows], "between", bounds_) for end, bounds_ in fits.items()]
        return Ruling.where(np.all(kept, axis=0), ~np.isnan(columns.numbers["shortest"][rows]))

    return ByRow(look, lambda: reduce(and_, (columns.orders[end].between(*bounds_) for end, bounds_ in fits.items())))


def language(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """The language is spoken there: "language:en=yes" or an attribute that says so."""
    value = str(c.value)
    yes = columns.tags["has"].carrying({value, f"language:{value}", f"speaks_{value}", f"service_{value}"})
    return Sets(yes, Bits.none(columns.count))


def unheard(columns: Columns, c: Constraint, naming: Naming) -> Judgement:
    """Nothing in the data speaks of it yet, so it filters nothing."""
    return Unheard(columns.count, lenient=True)


_RULES: Final[Mapping[str, Rule]] = {
    **dict.fromkeys(MINED, attribute),
    "category": category,
    "cuisine": cuisine,
    "dish": dish,
    "language": language,
    "brand": listed("brand", "brand"),
    "name": name,
    "hotel_class": listed("hotel_class", "hotel_class"),
    "trust": listed("trust"),
    "price": price,
    "price_level": number("price_level"),
    "rating": number("rating"),
    "popularity": number("popularity"),
    "duration": duration,
    "recency": when.recency,
    "time.open": when.opening,
    "time.when": when.calendar,
    "time.season": when.season,
    "place.admin": where.admin,
    "place.named": where.named,
    "place.zone": where.zone,
    "place.transit": where.transit,
    "place.relative": where.between,
    "distance": where.distance,
    "travel_time": where.travel,
    "party_size": unheard,
}
