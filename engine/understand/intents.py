"""What does a person want to do: find, compare, plan, book ...? Cues of the text weighed against what it names."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from typing import Final

import msgspec

from engine.understand.glossary import CUES
from engine.understand.lexicon import Mention
from engine.understand.offer import facility
from engine.understand.patterns import Pattern, gated
from engine.understand.phrases import table
from engine.understand.pieces import Reading
from engine.understand.scan import Word, longest

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


class Cues(msgspec.Struct, frozen=True, gc=False):
    """The cues of one text: intent -> weight, and the spans that gave them."""

    weights: Mapping[str, float]
    spans: tuple[tuple[str, int, int], ...] = ()


_NO_CUES: Final = Cues({})


_PATTERNS: Final = tuple(
    _Pattern(row["intent"], WEIGHTS[row["strength"]], gated(row["regex"]), row.get("needs", ""))
    for row in table(CUES)["pattern"]
)


class _Hit(msgspec.Struct, frozen=True, gc=False):
    """A cue at [start, end). It counts where a slot of `needs` is named, or where that is ""."""

    intent: str
    weight: float
    start: int
    end: int
    needs: str = ""


def cues(reading: Reading, slots: Set[str] = frozenset()) -> Cues:
    """Every cue of a text; `slots`: what is named in it, for patterns that need one."""
    if not reading.words.cues:
        return _NO_CUES
    hits, plain = reading.once(_scanned)
    if not slots or len(hits) == len(plain.spans):
        return plain
    return _cues([hit for hit in hits if not hit.needs or hit.needs in slots])


def _scanned(reading: Reading) -> tuple[Sequence[_Hit], Cues]:
    """-> every hit, and the cues that need no slot."""
    text, found = reading.text, reading.words.cues
    phrases = longest([word for word in found if isinstance(word.said[1], str)])
    kinds = [m for m in reading.mentions if m.slot == "category"]
    hits, barred = [], []
    for word in phrases:
        intent, strength = word.said
        if any(_inside(word, kind) for kind in kinds):
            continue
        if strength == _NOT:
            barred.append(word)
            continue
        point = _point(text, word.start, word.end) if strength == "some" else 0.0
        hits.append(_Hit(intent, WEIGHTS[strength] + point, word.start, word.end))
    for at in sorted({word.said[1] for word in found if isinstance(word.said[1], int)}):
        pattern = _PATTERNS[at]
        match = pattern.regex.search(text)
        if match and not _barred(barred, pattern.intent, match):
            hits.append(_Hit(pattern.intent, pattern.weight, match.start(), match.end(), pattern.needs))
    return hits, _cues([hit for hit in hits if not hit.needs])


def _inside(word: Word, kind: Mention) -> bool:
    """Is it a part of what a kind of thing is called? 笔记 in 笔记本."""
    return kind.start <= word.start and word.end <= kind.end and word.end - word.start < kind.end - kind.start


def _cues(hits: Sequence[_Hit]) -> Cues:
    return Cues(_summed(hits), tuple((hit.intent, hit.start, hit.end) for hit in hits))


def _barred(barred: Sequence[Word], intent: str, match: re.Match[str]) -> bool:
    return any(word.said[0] == intent and word.start < match.end() and match.start() < word.end for word in barred)


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
    if len(weights) == 1:
        return next(iter(weights)), 1.0, ()
    return _shares(tuple(weights.items()))


@lru_cache(maxsize=4096)  # few sums of few weights
def _shares(weights: tuple[tuple[str, float], ...]) -> tuple[str, float, tuple[tuple[str, float], ...]]:
    ranked = sorted(weights, key=lambda item: -item[1])
    total = sum(exp(1.5 * weight) for _, weight in ranked)
    shares = [(intent, round(exp(1.5 * weight) / total, 2)) for intent, weight in ranked[:3]]
    return shares[0][0], shares[0][1], tuple(share for share in shares[1:3] if share[1] >= 0.05)
