"""Where in an item do the words of a query stand? Offsets in code points, found by the tokens of the index."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from engine.types import Highlight
from engine.understand.fold import Folded, fold
from indexing.tokens import LATIN, stem

Span: TypeAlias = tuple[int, int]
#: Characters of a field that are shown, and how many of them before the first word that is marked.
LENGTH, BEFORE = 100, 12
_LATIN: Final = re.compile(LATIN)


class Marker:
    """Marks a set of tokens (indexing/tokens.py) in texts."""

    def __init__(self, words: Collection[str]) -> None:
        """Single Han characters are marked only where there are no longer words."""
        self._stems = {word for word in words if word.isascii()}
        han = [word for word in words if not word.isascii()]
        self._han = [word for word in han if len(word) > 1] or han

    def mark(self, fields: Mapping[str, str]) -> tuple[Highlight, ...]:
        """The fields that hold any of the words, each cut to the part that holds most."""
        return tuple([_shown(name, text, spans) for name, text in fields.items() if (spans := self.spans(text))])

    def spans(self, text: str) -> list[Span]:
        """[start, end) of every word in a text, in order; those that touch are one."""
        folded = _folded(text)
        found = self._found(folded.text)
        if not isinstance(folded.origin, range):  # else each character is its own
            found = [span for start, end in found if (span := folded.span(start, end)) and span[0] < span[1]]
        return _joined(found) if found else found

    def _found(self, folded: str) -> list[Span]:
        found = []
        for word in self._han:
            if (at := folded.find(word)) < 0:
                continue
            size = len(word)
            while at >= 0:
                found.append((at, at + size))
                at = folded.find(word, at + 1)
        if self._stems:
            stems = _stems(folded)
            for word in self._stems:
                found += stems.get(word, ())
        return found


@lru_cache(maxsize=2048)
def _folded(text: str) -> Folded:
    """The same few items are shown again and again; a text of some hundred characters takes 10 us."""
    return fold(text)


@lru_cache(maxsize=2048)
def _stems(folded: str) -> dict[str, list[Span]]:
    """Where each English stem of a folded text stands; kept as `_folded` is."""
    found: dict[str, list[Span]] = {}
    for match in _LATIN.finditer(folded):
        for word in stem(match[0]):
            found.setdefault(word, []).append(match.span())
    return found


def _joined(spans: list[Span]) -> list[Span]:
    """Of one span or more, in any order."""
    spans.sort()
    joined, (start, end) = [], spans[0]
    for first, last in spans:
        if first > end:
            joined.append((start, end))
            start, end = first, last
        elif last > end:
            end = last
    joined.append((start, end))
    return joined


def _shown(name: str, text: str, spans: list[Span]) -> Highlight:
    """At most LENGTH characters, from a little before the span from which on most spans fit."""
    if len(text) <= LENGTH:
        return Highlight(name, text, 0, tuple(spans))
    starts = [max(0, min(start - BEFORE, len(text) - LENGTH)) for start, _ in spans]
    kept = [[s for s in spans if first <= s[0] and s[1] <= first + LENGTH] for first in starts]
    best = max(range(len(spans)), key=lambda at: (len(kept[at]), -at))
    first = starts[best]
    inside = kept[best] or [(spans[best][0], first + LENGTH)]
    return Highlight(name, text[first : first + LENGTH], first, tuple((a - first, b - first) for a, b in inside))
