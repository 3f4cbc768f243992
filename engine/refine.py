"""May a second reader improve this parse, and is what it says sound? It counts only inside the closed vocabulary.

The second reader (ports.Refiner: a language model, say) is slow and not to be trusted. It may change intent, sort,
limit and constraints, nothing else. Every constraint must have the form of its slot, stand in the query where it says,
and name what the lexicon knows or what the query itself says; who is kept safe by a constraint keeps it. An answer
that breaks one rule is refused whole, and the rules' parse stands.
"""

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, Final

from msgspec.structs import replace

from engine.errors import BadQuery
from engine.ports import Refiner
from engine.types import Constraint, Intent
from engine.understand import wire
from engine.understand.fold import fold
from engine.understand.gazetteer import gazetteer
from engine.understand.labels import label
from engine.understand.lexicon import load
from engine.understand.merge import kept_safe, relax_order
from engine.understand.unions import each
from engine.understand.wants import KINDS_OF

#: Answers remembered, by normalised text and parse.
MOST: Final = 2048
#: So many failures in a row, and nobody is asked for so many seconds.
FAILURES, PAUSE_S = 3, 30.0
_FIELDS: Final = frozenset({"intent", "constraints", "sort", "limit"})
_TOLD: Final = ("slot", "op", "hardness", "polarity", "span")
#: Parts of a grounded value that are ours to know: where things and people are.
_OURS: Final = frozenset({"points", "ids", "lat", "lon"})
_SURE: Final = 0.9
#: Slots whose text value is words of the query or a known place; in all others it is an id of the lexicon.
_WORDED: Final = frozenset(
    {"brand", "name", "dish", "ingredient", "similar_to", "place.named", "place.admin", "place.transit",
     "place.relative"}
)  # fmt: skip


class Refinery:
    """A refiner, and what it answered before. Safe to share between threads."""

    def __init__(self, refiner: Refiner, clock: Callable[[], float] = time.monotonic) -> None:
        self._refiner, self._clock = refiner, clock
        self._answers: OrderedDict[str, Any] = OrderedDict()
        self._lock = Lock()
        self._failures, self._resting_until = 0, 0.0

    def known(self, intent: Intent) -> bool:
        """Is the answer at hand, at no cost?"""
        return _key(intent) in self._answers

    @property
    def resting(self) -> bool:
        """Has it failed so often that nobody asks it for a while?"""
        return self._clock() < self._resting_until

    def refine(self, intent: Intent, timeout_ms: float) -> Intent:
        """The parse as the refiner would have it, `source` "llm". Raises what the refiner raises, or BadQuery."""
        key = _key(intent)
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return accept(self._answers[key], intent)
        try:
            answer = self._refiner.refine(intent.query, told(intent), timeout_ms)
            refined = accept(answer, intent)
        except Exception:
            self._count(self._failures + 1)
            raise
        self._count(0)
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)
        return refined

    def _count(self, failures: int) -> None:
        self._failures = failures
        if failures >= FAILURES:
            self._resting_until = self._clock() + PAUSE_S


def _key(intent: Intent) -> str:
    """The same for the same folded text that the rules read the same (names of the tenant and dates are in that)."""
    return json.dumps([intent.normalized, len(intent.query), told(intent)], sort_keys=True)


def told(intent: Intent) -> dict[str, Any]:
    """What a refiner is told of the parse: never where the person or anything else is."""
    constraints = wire.to_json(intent)["constraints"]
    return {
        "intent": intent.name,
        "constraints": [{k: c[k] for k in _TOLD if k in c} | {"value": _bare(c["value"])} for c in constraints],
        "sort": intent.sort,
        "limit": intent.limit,
    }


def _bare(value: Any) -> Any:
    return {k: v for k, v in value.items() if k not in _OURS} if isinstance(value, Mapping) else value


def accept(answer: Any, intent: Intent) -> Intent:
    """The parse with what the answer changes. Raises BadQuery that names what is wrong with the answer."""
    if not isinstance(answer, Mapping) or not answer.keys() <= _FIELDS:
        raise BadQuery("refined", f"must be an object of {', '.join(sorted(_FIELDS))} and nothing else")
    said = told(intent) | dict(answer)
    read = wire.from_json({**said, "intent": {"name": said["intent"]}})
    constraints = [_sound(c, f"refined.constraints[{i}]", intent) for i, c in enumerate(read.constraints)]
    kept = [c for c in intent.constraints if kept_safe(c) and not any(_same(c, other) for other in constraints)]
    refined = replace(
        intent,
        name=read.name,
        kinds=intent.kinds if read.name == intent.name else KINDS_OF[read.name],
        constraints=(*constraints, *kept),
        sort=read.sort,
        limit=read.limit,
        source="llm",
    )
    return _without_refused(replace(refined, relax_order=relax_order(refined.constraints)))


def _sound(c: Constraint, where: str, intent: Intent) -> Constraint:
    """The rules' own constraint where they read the same; else a checked one of the refiner's."""
    if own := next((o for o in intent.constraints if _same(o, c)), None):
        return own if kept_safe(own) else replace(own, hardness=c.hardness, polarity=c.polarity)
    if c.span is None or not 0 <= c.span[0] < c.span[1] <= len(intent.query):
        raise BadQuery(f"{where}.span", f"must lie within the {len(intent.query)} characters of the query")
    value = _known(c, intent.query, where)
    words = label(c.slot, c.op, value, load(), None)
    return replace(c, value=value, confidence=min(c.confidence, _SURE), assume=None, rule="llm", label=words)


def _same(one: Constraint, other: Constraint) -> bool:
    return (one.slot, one.op, _bare(one.value)) == (other.slot, other.op, _bare(other.value))


def _known(c: Constraint, query: str, where: str) -> Any:
    """The value with ids of the lexicon; BadQuery when its words are neither known nor said."""
    if isinstance(c.value, list):
        return [_word(c.slot, v, query, where) if isinstance(v, str) else v for v in c.value]
    if isinstance(c.value, str):
        return _word(c.slot, c.value, query, where) if c.slot in _WORDED or not c.slot.startswith(_TIMED) else c.value
    for value in each(c.value) if isinstance(c.value, Mapping) else ():
        for key in ("name", "open", "ref"):
            if key in value:
                _word("name" if key == "open" else c.slot, str(value[key]), query, where)
    return c.value


#: Slots whose text values engine.understand.forms judges whole.
_TIMED: Final = ("time.", "recency", "place.zone", "language")


def _word(slot: str, word: str, query: str, where: str) -> str:
    if known := load().normalise(slot, word):
        return known
    said = fold(word).text.strip()
    if slot in _WORDED and said and (said in fold(query).text or gazetteer().city(said)):
        return word
    raise BadQuery(f"{where}.value", f"'{word[:60]}' is no {slot} that the lexicon knows, nor said in the query")


def _without_refused(intent: Intent) -> Intent:
    """Words that are unwanted never enter what is encoded."""
    text, terms = intent.text, intent.terms
    for c in intent.constraints:
        if c.polarity < 0 and c.span:
            said = fold(intent.query[slice(*c.span)]).text
            text, terms = (" ".join(words.replace(said, " ").split()) for words in (text, terms))
    return replace(intent, text=text, terms=terms)
