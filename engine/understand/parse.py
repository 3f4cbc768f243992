"""What does a person want? Text -> Intent: the readers run, overlaps are settled, and the rest is put around them."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar

from msgspec.structs import replace

from engine.language import language
from engine.naming import Names
from engine.types import Constraint, Intent, Query
from engine.understand import (
    ages,
    areas,
    attributes,
    beside,
    by_intent,
    comparatives,
    countries,
    cuisines,
    dishes,
    homonyms,
    implied,
    lines,
    lookups,
    measures,
    money,
    near,
    openly,
    party,
    pieces,
    recency,
    relative,
    settle,
    signals,
    spelling,
    spoken,
    target,
    wants,
    when,
    where,
)
from engine.understand.counts import limit_of
from engine.understand.embed import denies, split
from engine.understand.fold import Folded, fold
from engine.understand.labels import label
from engine.understand.lexicon import Lexicon, load
from engine.understand.merge import merge, relax_order
from engine.understand.negate import negate
from engine.understand.patterns import GATES, gate
from engine.understand.pieces import NOTHING, Piece, Reading, resolve
from engine.understand.refine import refine
from engine.understand.regions import capitals

#: Longer texts are read up to here: a query is no essay.
MAX_CHARACTERS: Final = 512


def understand(query: Query, names: Names, now: datetime) -> Intent:
    """Read query.text; query.filters, query.kinds and query.sort win over what it says. Never raises on any text.

    With query.previous the text corrects that query (engine.understand.refine).
    """
    began = time.perf_counter()
    said = intent = _said(query.text, names, now, began)
    if (before := query.previous) is not None:
        intent = refine(_said(before, names, now, began) if isinstance(before, str) else before, intent)
    intent = merge(intent, query)
    if intent is said:
        return said
    return replace(intent, relax_order=relax_order(intent.constraints), parse_ms=_since(began))


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def _said(text: str, names: Names, now: datetime, began: float) -> Intent:
    """What the text alone says."""
    raw = text[:MAX_CHARACTERS]
    folded = fold(raw)
    lexicon = load()
    reading = Reading.of(folded.text, language(raw), lexicon, names, now)
    mended, fixes = spelling.mend(raw, folded, (*reading.mentions, *reading.names, *reading.spelt))
    corrected = spelling.corrections(raw, folded, fixes) if fixes else ()
    if corrected:
        folded = mended
        reading = Reading.of(folded.text, language(folded.text), lexicon, names, now)
    reading.capitals = capitals(raw, folded)
    found, hidden = read(reading)
    sort = signals.sort_of(reading.text)
    limit = limit_of(reading)
    asides = [found[1] for found in (sort, limit) if found]
    words, terms, residual = split(reading.text, found, hidden + asides)
    if settle.is_bare(reading.text) and not hidden and not denies(reading.text, found):
        words = terms = " ".join(reading.text.split())
    stated, segments = _stated(found, raw, folded, lexicon)
    constraints = spelling.told(stated, corrected)
    name, confidence, alternatives, kinds = wants.wanted(reading, constraints)
    return Intent(
        name=name,
        kinds=kinds,
        constraints=constraints,
        text=words,
        terms=terms,
        residual=residual,
        sort=sort[0] if sort else None,
        confidence=confidence,
        alternatives=alternatives,
        verticals=wants.verticals(constraints, lexicon),
        relax_order=relax_order(constraints),
        lang=reading.lang,
        query=text,
        normalized=folded.text,
        segments=segments,
        limit=limit[0] if limit else None,
        corrections=corrected,
        parse_ms=_since(began),
    )


#: So many gates are looked at together, by one place in a table.
_PART: Final = 7
_SOME: Final = (1 << _PART) - 1
F = TypeVar("F")
_Read: TypeAlias = Callable[[Reading], list[Piece]]
_Settle: TypeAlias = Callable[[list[Piece], Reading], list[Piece]]


class Reader(NamedTuple):
    """What finds pieces, and the signs (pieces.py) of which a text must hold one for it to find any."""

    read: _Read
    gate: int


READERS: Final = (
    Reader(measures.measures, measures.GATE),
    Reader(party.head_counts, party.GATE),
    Reader(money.free, money.FREE),
    Reader(when.when, when.GATE),
    Reader(where.where, where.GATE),
    Reader(countries.countries, countries.GATE),
    Reader(near.near, near.GATE),
    Reader(beside.beside, beside.GATE),
    Reader(target.targets, target.GATE),
    Reader(cuisines.cuisines, cuisines.GATE),
    Reader(attributes.from_lexicon, attributes.WORDED),
    Reader(attributes.from_names, attributes.NAMED),
    Reader(openly.unknown, openly.GATE),
    Reader(ages.ages, ages.GATE),
    Reader(recency.since, recency.GATE),
    Reader(signals.price_levels, signals.LEVELS),
    Reader(dishes.dishes, dishes.GATE),
    Reader(comparatives.comparatives, comparatives.GATE),
    Reader(lines.lines, lines.GATE),
    Reader(homonyms.homonyms, homonyms.GATE),
    Reader(spoken.spoken, spoken.GATE),
    Reader(relative.relative, relative.GATE),
    Reader(lookups.looked_up, lookups.GATE),
)


class Step(NamedTuple):
    """What settles pieces among themselves, and the signs of which a text must hold one for it to change any."""

    settle: _Settle
    gate: int


STEPS: Final = (
    Step(settle.diet_first, settle.DIET),
    Step(settle.one_category, target.GATE),
    Step(settle.nearest, near.GATE),
    Step(settle.fitting, settle.FITTING),
    Step(areas.areas, areas.JOINED),
    Step(settle.origins, where.GATE),
    Step(by_intent.for_intent, by_intent.GATE),
    Step(signals.harden, signals.FIRM),
    Step(settle.either, settle.EITHER),
    Step(settle.suppose, pieces.ALWAYS),
    Step(settle.catalogue, pieces.ALWAYS),
    Step(settle.once, pieces.ALWAYS),
    Step(implied.implied, pieces.ALWAYS),
)


class _Gated(Generic[F]):
    """Functions, each with the signs of which a text must hold one for it to be run."""

    def __init__(self, each: Iterable[tuple[F, int]]) -> None:
        functions = [(function, gate(mask)) for function, mask in each]
        self._first = functions[0][1]
        parts = [functions[at : at + _PART] for at in range(0, len(functions), _PART)]
        #: For some of them each: by which of their gates are open, those to be run.
        self._able = [
            [
                tuple(function for at, (function, _) in enumerate(part) if opened >> at & 1)
                for opened in range(1 << _PART)
            ]
            for part in parts
        ]

    def able(self, opened: int) -> list[F]:
        """Those to be run, in their order. `opened`: the lowest patterns.GATES bits of Reading.signs."""
        opened >>= self._first
        run: list[F] = []
        for part in self._able:
            run += part[opened & _SOME]
            opened >>= _PART
        return run


_READERS: Final = _Gated((reader.read, reader.gate) for reader in READERS)
_STEPS: Final = _Gated((step.settle, step.gate) for step in STEPS)
_OPEN: Final = (1 << GATES) - 1


def opened_by(reading: Reading) -> tuple[list[_Read], list[_Settle]]:
    """Who finds pieces in what the reading holds, and what settles them."""
    opened = reading.signs & _OPEN
    return _READERS.able(opened), _STEPS.able(opened)


def read(reading: Reading) -> tuple[list[Piece], list[tuple[int, int]]]:
    """-> settled pieces in order of the text, and spans to hide from the encoder (negation cues)."""
    readers, steps = opened_by(reading)
    found: list[Piece] = []
    for reader in readers:
        found += reader(reading)
    settled, hidden = negate(resolve(found), reading.text)
    for step in steps:
        settled = step(settled, reading)
    return settled, hidden


def _stated(
    pieces: list[Piece], raw: str, folded: Folded, lexicon: Lexicon
) -> tuple[tuple[Constraint, ...], tuple[tuple[str, str, tuple[int, int]], ...]]:
    """-> the constraints that pieces make, and where each of them stands in the query: (text, slot, span)."""
    constraints, segments = [], []
    even, lines = isinstance(folded.origin, range), lexicon.lines
    for piece in pieces:
        slot = piece.slot
        if slot == NOTHING:
            continue
        start, end, span = piece.start, piece.end, None
        if end > start:
            span = (start, end) if even else folded.span(start, end)
            segments.append((raw[span[0] : span[1]], slot, span))
        op, value, rule = piece.op, piece.value, piece.rule
        words = piece.label or label(slot, op, value, lexicon, piece.assume)
        made = Constraint(
            slot, op, value, piece.hardness, piece.polarity, piece.confidence, span,
            piece.assume, lines.get(rule, rule), words,
        )  # fmt: skip
        constraints.append(made)
    return tuple(constraints), tuple(segments)
