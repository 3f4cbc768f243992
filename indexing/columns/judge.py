"""Does a row keep a constraint? One function per slot; the filter and the judge both read its answer."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias

import numpy as np

from engine.types import I64, Constraint, Verdict
from engine.vocabulary import APPLIES, MINED
from indexing.columns import where
from indexing.columns.data import Columns
from indexing.columns.hours import DAYS
from indexing.columns.mined import OPEN, merge
from indexing.columns.ranges import stay_fits, wanted_size, within
from indexing.columns.values import key
from indexing.columns.verdicts import Ruling
from indexing.columns.words import Naming

Rule: TypeAlias = Callable[[Columns, Constraint, I64, Naming], Ruling]

#: These never filter: they steer what is looked for, and no row breaks them.
STEERING: Final = frozenset({"similar_to"})
#: Longer ranges are judged by weekdays: which of sixty days was meant nobody says.
LONGEST_BY_DATE: Final = 10
_EPOCH: Final = date(1970, 1, 1)
_SEASONS: Final[Mapping[str, tuple[int, ...]]] = {
    "spring": (3, 4, 5),
    "summer": (6, 7, 8),
    "autumn": (9, 10, 11),
    "winter": (12, 1, 2),
}


def rule(columns: Columns, constraint: Constraint, rows: I64, naming: Naming) -> Ruling:
    """The ruling over rows as if the constraint were wanted (polarity not yet counted).

    A slot that does not apply to the kind is UNKNOWN. Raises ValueError, KeyError or TypeError for a value
    that is not of the form of engine.vocabulary.
    """
    if not filters(columns.kind, constraint) or _ungrounded(constraint):
        return Ruling.unknown(len(rows))
    return _RULES.get(constraint.slot, attribute)(columns, constraint, rows, naming)


def filters(kind: str, constraint: Constraint) -> bool:
    """Does the constraint have a say over this kind at all?"""
    return kind in APPLIES.get(constraint.slot, frozenset()) and constraint.slot not in STEERING


def _ungrounded(constraint: Constraint) -> bool:
    """Compared with a name of which nothing is known here."""
    return isinstance(constraint.value, Mapping) and "ref" in constraint.value


def _wanted(c: Constraint) -> list[str]:
    return [str(v) for v in c.value] if isinstance(c.value, list | tuple) else [str(c.value)]


def category(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """The node or anything below it; a row of a wider category may say so by its cuisines and tags."""
    wanted = {node for raw in _wanted(c) for node in (raw, *naming.categories(raw))}
    nodes = {n for node in wanted for n in naming.descendants(node)}
    tags, cuisines = columns.tags["category"], columns.tags["cuisine"]
    kept = tags.mask(nodes)
    wider = tags.mask({n for node in wanted for n in naming.ancestors(node)}) & ~kept
    kept |= wider & (cuisines.mask(nodes) | columns.tags["has"].mask(nodes))
    return Ruling.where(kept[rows], (tags.known & ~(wider & ~cuisines.known))[rows])


def attribute(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """Merchant's yes and no merged with what notes tell (indexing/columns/mined.py has the rule).

    Of a list any value will do; no is said of it only when it is said of all.
    """
    if isinstance(c.value, Mapping) and "open" not in c.value:
        return sized(columns, c, rows)
    opened = isinstance(c.value, Mapping)
    raws = [str(c.value["open"])] if opened else _wanted(c)
    each = [{raw, key(raw)} | (naming.direct(c.slot, raw) if not opened else frozenset()) for raw in raws]
    has, has_not = columns.tags["has"], columns.tags["has_not"]
    yes = has.containing(key(raws[0])) if opened else has.mask(set().union(*each))
    under = {OPEN + key(raws[0])} if opened else {name for ids in each for i in ids for name in naming.under(i)}
    told = columns.mined.over(sorted(under), rows)
    no = np.all([has_not.mask(ids) for ids in each], axis=0)[rows] & ~yes[rows]
    verdict, probability, disagree = merge(yes[rows], no, told)
    return Ruling(verdict, probability, told, disagree)


def cuisine(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """The cuisine stated, or a category that stands for it; else what attributes and notes say."""
    ids = {n for raw in _wanted(c) for each in naming.direct("cuisine", raw) | {key(raw)} for n in naming.under(each)}
    nodes = {n for each in ids for n in naming.descendants(each)}
    tags = columns.tags["cuisine"]
    kept = (tags.mask(ids | nodes) | columns.tags["category"].mask(nodes))[rows]
    said = attribute(columns, c, rows, naming)
    verdict = np.where(kept, Verdict.MET, np.where(said.verdict > 0, said.verdict, np.where(tags.known[rows], 1, 0)))
    return Ruling.of(verdict)


def sized(columns: Columns, c: Constraint, rows: I64) -> Ruling:
    """A size written in the item's attributes or text lies in the wanted range."""
    wanted = wanted_size(c.value)
    if wanted is None:
        return Ruling.unknown(len(rows))
    dimension, lo, hi = wanted
    tags, mark = columns.tags["size"], f"{dimension}:"
    of_kind = tags.where(mark, lambda word: word.startswith(mark))
    fits = tags.where(f"{mark}{lo}-{hi}", lambda word: word.startswith(mark) and lo <= float(word[len(mark) :]) <= hi)
    return Ruling.where(fits[rows], of_kind[rows])


def dish(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """Every word of the value is part of one of the dishes' names; a note may also write it."""
    words = key(str(c.value)).split()
    if not words:  # of invisible characters alone
        return Ruling.unknown(len(rows))
    dishes, text = columns.tags["dish"], columns.tags["text"]
    kept = np.all([dishes.containing(w) | text.containing(w) for w in words], axis=0)
    return Ruling.where(kept[rows], dishes.known[rows])


def listed(tag: str, slot: str | None = None) -> Rule:
    """A slot that compares a value set with the wanted ids or spellings."""

    def decide(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
        tags = columns.tags[tag]
        ids = {i for raw in _wanted(c) for i in ({raw, key(raw)} | (naming.direct(slot, raw) if slot else frozenset()))}
        return Ruling.where(tags.mask(ids)[rows], tags.known[rows])

    return decide


def name(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """The name itself; a line of a brand is a part of the name, whatever it is called (assume "part_of_name")."""
    tags, parts = columns.tags["name"], (c.assume or {}).get("part_of_name") or ()
    kept = tags.mask({str(c.value), key(str(c.value))})
    for part in parts:
        kept = kept | tags.containing(key(str(part)))
    return Ruling.where(kept[rows], tags.known[rows])


def number(column: str) -> Rule:
    """A slot that compares a number with a range."""

    def decide(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
        values = columns.numbers[column][rows]
        return Ruling.where(within(values, c.op, c.value), ~np.isnan(values))

    return decide


def price(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """In the range, for as many as assume says share it; a free item has no currency.

    Another currency than the one meant is UNKNOWN: nothing is converted.
    """
    values = columns.numbers["price"][rows] * float((c.assume or {}).get("people", 1))
    kept, known = within(values, c.op, c.value), ~np.isnan(values)
    currency = (c.assume or {}).get("currency")
    if currency:
        tags = columns.tags["currency"]
        same = (tags.mask([key(str(currency))]) | ~tags.known)[rows] | (values == 0)
        kept, known = kept & same, known & same
    return Ruling.where(kept, known)


def duration(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """A usual visit takes the wanted time (engine.vocabulary says how intervals compare); of a trip it says nothing."""
    if (c.assume or {}).get("of"):
        return replace(Ruling.unknown(len(rows)), lenient=True)
    shortest, longest = columns.numbers["shortest"][rows], columns.numbers["longest"][rows]
    return Ruling.where(stay_fits(shortest, longest, c.op, c.value), ~np.isnan(shortest))


def recency(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """Published on or after the day."""
    published = columns.numbers["published"][rows]
    day = (date.fromisoformat(str(c.value)[:10]) - _EPOCH).days
    with np.errstate(invalid="ignore"):
        return Ruling.where(published >= day, ~np.isnan(published))


def opening(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """Open at a moment, round the clock, late, or during a window (see indexing/columns/hours.py)."""
    hours, value, assume = columns.hours, c.value, c.assume or {}
    if value == "24_7":
        return Ruling.of(hours.always(rows))
    if value == "late":
        return Ruling.of(hours.late(rows))
    if c.op == "open_during":
        return Ruling.of(hours.open_during(rows, value.get("days") or DAYS, value.get("from"), value.get("to")))
    if value == "now" and assume.get("at"):
        return Ruling.of(hours.open_now(rows, datetime.fromisoformat(str(assume["at"])), assume.get("tz")))
    moment = value if isinstance(value, Mapping) else assume
    if "day" not in moment:
        return Ruling.unknown(len(rows))
    on = date.fromisoformat(str(assume["date"])[:10]) if assume.get("date") else None
    return Ruling.of(hours.open_at(rows, moment["day"], int(moment["minute"]), on))


def calendar(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """Open on a day of the range, in the part of the day that assume names; without hours UNKNOWN, and kept."""
    days = _dates(c.value)
    start, end = (c.assume or {}).get("minutes") or (None, None)
    return replace(Ruling.of(columns.hours.open_during(rows, days, start, end)), lenient=True)


def _dates(span: Mapping[str, Any]) -> list[date] | list[str]:
    """The days of a range, those of the named weekdays alone; of a long one the weekdays, as in any week."""
    first, last = (date.fromisoformat(str(span[end])[:10]) for end in ("from", "to"))
    count = max((last - first).days + 1, 1)
    wanted = span.get("days") or DAYS
    days = [first + timedelta(days=n) for n in range(min(count, LONGEST_BY_DATE))]
    return [d for d in days if DAYS[d.weekday()] in wanted] if count <= LONGEST_BY_DATE else list(wanted)


def season(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """An attribute for places; a note written in the season is LIKELY about it."""
    months = c.value["months"] if isinstance(c.value, Mapping) else _SEASONS.get(str(c.value), ())
    seasons = [s for s, of in _SEASONS.items() if set(of) & set(months)]
    yes = columns.tags["has"].mask([*seasons, str(c.value)])[rows]
    published = columns.numbers["published"][rows]
    written = np.zeros(len(rows), bool)
    if columns.kind == "note":
        days = np.nan_to_num(published).astype("datetime64[D]")
        written = np.isin(days.astype("datetime64[M]").astype(np.int64) % 12 + 1, months) & ~np.isnan(published)
    return Ruling.of(np.where(yes, Verdict.MET, np.where(written, Verdict.LIKELY, Verdict.UNKNOWN)))


def language(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """The language is spoken there: "language:en=yes" or an attribute that says so."""
    value = str(c.value)
    yes = columns.tags["has"].mask({value, f"language:{value}", f"speaks_{value}", f"service_{value}"})
    return Ruling.where(yes[rows], np.zeros(len(rows), bool))


def unheard(columns: Columns, c: Constraint, rows: I64, naming: Naming) -> Ruling:
    """Nothing in the data speaks of it yet, so it filters nothing."""
    return replace(Ruling.unknown(len(rows)), lenient=True)


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
    "recency": recency,
    "time.open": opening,
    "time.when": calendar,
    "time.season": season,
    "place.admin": where.admin,
    "place.named": where.named,
    "place.zone": where.zone,
    "place.transit": where.transit,
    "place.relative": where.between,
    "distance": where.distance,
    "travel_time": where.travel,
    "party_size": unheard,
}
