"""Where in an item do the words of a query stand? Offsets in code points, found by the tokens of the index."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
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
        found = ((name, text, self.spans(text)) for name, text in fields.items())
        return tuple(_shown(name, text, spans) for name, text, spans in found if spans)

    def spans(self, text: str) -> list[Span]:
        """[start, end) of every word in a text, in order; those that touch are one."""
        folded = _folded(text)
        at = sorted(folded.span(start, end) for start, end in self._found(folded.text))
        return list(_joined(span for span in at if span[0] < span[1]))

    def _found(self, folded: str) -> Iterator[Span]:
        for word in self._han:
            at = folded.find(word)
            while at >= 0:
                yield at, at + len(word)
                at = folded.find(word, at + 1)
        if self._stems:
            for match in _LATIN.finditer(folded):
                if not self._stems.isdisjoint(stem(match[0])):
                    yield match.span()


@lru_cache(maxsize=2048)
def _folded(text: str) -> Folded:
    """The same few items are shown again and again; a text of some hundred characters takes 10 us."""
    return fold(text)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    start, end = -1, -1
    for span in spans:
        if span[0] > end:
            if end >= 0:
                yield start, end
            start, end = span
        end = max(end, span[1])
    if end >= 0:
        yield start, end


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
