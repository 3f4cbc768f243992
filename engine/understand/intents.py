"""What does a person want to do: find, compare, plan, book ...? Cues of the text weighed against what it names."""

import re
import tomllib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp
from typing import Any, Final, NamedTuple

from engine.understand.offer import facility
from engine.understand.patterns import Pattern, gated
from engine.understand.scan import Mention, Scanner, Target, longest

#: What a cue weighs. 2.0 is what a named category weighs (engine.understand.wants).
WEIGHTS: Final[Mapping[str, float]] = {"strong": 3.0, "some": 1.5, "weak": 0.7}
#: A cue that is the point of the text: it ends a Chinese one, begins or ends an English one.
_POINT: Final = 0.8
#: A second cue of the same intent adds a little.
_AGAIN: Final = 0.3
_EDGE: Final = " ,。.!?、~的吗呢啊吧呀"
_NOT: Final = "not"


@dataclass(frozen=True, slots=True)
class _Pattern:
    intent: str
    weight: float
    regex: Pattern
    needs: str  # a slot that must be named for it to count; "" = none


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one text: intent -> weight, and the spans that gave them."""

    weights: Mapping[str, float]
    spans: tuple[tuple[str, int, int], ...] = ()


_NO_CUES: Final = Cues({})


@lru_cache(maxsize=1)
def _compiled() -> tuple[Scanner, tuple[_Pattern, ...]]:
    data: dict[str, Any] = tomllib.loads((files(__package__) / "intents.toml").read_text(encoding="utf-8"))
    patterns = data.pop("pattern")
    surfaces = [
        (word, Target(intent, strength))
        for intent, table in data.items()
        for strength, words in table.items()
        for word in words
    ]
    surfaces += [(word, Target(str(at), "pattern")) for at, row in enumerate(patterns) for word in row["when"]]
    compiled = tuple(
        _Pattern(row["intent"], WEIGHTS[row["strength"]], gated(row["regex"]), row.get("needs", "")) for row in patterns
    )
    return Scanner(surfaces), compiled


class _Hit(NamedTuple):
    """A cue at [start, end). It counts where a slot of `needs` is named, or where that is ""."""

    intent: str
    weight: float
    start: int
    end: int
    needs: str = ""


def cues(text: str, slots: Set[str] = frozenset()) -> Cues:
    """Every cue of a folded text; `slots`: what is named in it, for patterns that need one."""
    hits, plain = _scanned(text)
    if not slots or len(hits) == len(plain.spans):
        return plain
    return _cues([hit for hit in hits if not hit.needs or hit.needs in slots])


@lru_cache(maxsize=64)
def _scanned(text: str) -> tuple[Sequence[_Hit], Cues]:
    """-> every hit, and the cues that need no slot."""
    scanner, patterns = _compiled()
    found = scanner.scan(text)
    if not found:
        return (), _NO_CUES
    phrases = longest([m for m in found if m.slot != "pattern"])
    hits = [
        _Hit(m.id, WEIGHTS[m.slot] + (_point(text, m.start, m.end) if m.slot == "some" else 0.0), m.start, m.end)
        for m in phrases
        if m.slot != _NOT
    ]
    barred = [m for m in phrases if m.slot == _NOT]
    for at in sorted({int(m.id) for m in found if m.slot == "pattern"}):
        pattern = patterns[at]
        match = pattern.regex.search(text)
        if match and not _barred(barred, pattern.intent, match):
            hits.append(_Hit(pattern.intent, pattern.weight, *match.span(), pattern.needs))
    return hits, _cues([hit for hit in hits if not hit.needs])


def _cues(hits: Sequence[_Hit]) -> Cues:
    return Cues(_summed(hits), tuple((hit.intent, hit.start, hit.end) for hit in hits))


def _barred(barred: list[Mention], intent: str, match: re.Match[str]) -> bool:
    return any(m.id == intent and m.start < match.end() and match.start() < m.end for m in barred)


def _point(text: str, start: int, end: int) -> float:
    if facility(text, start):  # "with a set lunch": one of the things wanted
        return 0.0
    at_end = not text[end:].strip(_EDGE)
    at_start = text[start].isascii() and not text[:start].strip(_EDGE)
    return _POINT if at_end or at_start else 0.0


def _summed(hits: Sequence[_Hit]) -> dict[str, float]:
    """The heaviest cue of each intent, plus a little for further ones."""
    best: dict[str, float] = {}
    for hit in sorted(hits, key=_heaviest_first):
        best[hit.intent] = best[hit.intent] + _AGAIN if hit.intent in best else hit.weight
    return best


def _heaviest_first(hit: _Hit) -> float:
    return -hit.weight


def choose(weights: Mapping[str, float]) -> tuple[str, float, tuple[tuple[str, float], ...]]:
    """-> the heaviest intent, its confidence, and the others worth naming with theirs (softmax of the weights)."""
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    total = sum(exp(1.5 * weight) for _, weight in ranked)
    shares = [(intent, round(exp(1.5 * weight) / total, 2)) for intent, weight in ranked[:3]]
    return shares[0][0], shares[0][1], tuple(share for share in shares[1:3] if share[1] >= 0.05)
