"""Which of many long lists of alternatives can match a text? One scan finds the words that each alternative needs.

engine.understand.patterns does so for patterns written in code; here an alternative of a list is asked by itself, so
that of a list of hundreds those few are tried whose words stand in the text. The words are worked out from the
expressions. Answers to "does it match" are those of the joined list.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import Final

from ahocorasick_rs import AhoCorasick

from engine.understand.needing import DIGIT, LETTER, needed
from engine.understand.patterns import Lazy

#: Texts whose words are remembered: those of one sentence, its parts included, are asked for again and again.
_REMEMBERED: Final = 256
_MARKS: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|[()|]")


class Cue:
    """A list of alternatives (no flags, no groups referred to)."""

    def __init__(self, expressions: Sequence[str], first: int, able: Callable[[str], int]) -> None:
        """`first`: the number of its first alternative; `able`: text -> a bit for each alternative that may match."""
        self._whole = Lazy("|".join(expressions))
        self.match, self.sub = self._whole.match, self._whole.sub
        self._each = [Lazy(expression) for expression in expressions]
        self._first, self._able, self._mask = first, able, (1 << len(expressions)) - 1

    def search(self, text: str) -> bool:
        """Does any alternative match anywhere?"""
        left = self._able(text) >> self._first & self._mask
        while left:
            bit = left & -left
            if self._each[bit.bit_length() - 1].search(text):
                return True
            left ^= bit
        return False


def cues(lists: Mapping[str, Sequence[str]]) -> dict[str, Cue]:
    """Lists of regular expressions, by name, as cues that share one scan of a text. Raises re.error."""
    split = {name: [part for each in listed for part in alternatives(each)] for name, listed in lists.items()}
    users: dict[str, int] = {}
    always = number = 0
    first = {}
    for name, parts in split.items():
        first[name] = number
        for part in parts:
            words = _words(part)
            for word in words:
                users[word] = users.get(word, 0) | 1 << number
            always |= 0 if words else 1 << number
            number += 1
    able = _scanner(users, always)
    return {name: Cue(parts, first[name], able) for name, parts in split.items()}


def _words(expression: str) -> frozenset[str]:
    """Any of these stands in whatever the expression matches; empty: it may match without. Single Latin letters and
    digits tell next to nothing."""
    words = needed(expression)
    told = words and all((len(w) > 1 or not w.isascii()) and w not in (DIGIT, LETTER) for w in words)
    return frozenset(words or ()) if told else frozenset()


def _scanner(users: Mapping[str, int], always: int) -> Callable[[str], int]:
    find, masks = AhoCorasick(list(users)).find_matches_as_indexes, list(users.values())

    @lru_cache(maxsize=_REMEMBERED)
    def able(text: str) -> int:
        return reduce(or_, {masks[found[0]] for found in find(text, overlapping=True)}, always)

    return able


def alternatives(expression: str) -> Iterator[str]:
    """An expression cut at the bars that stand in no bracket."""
    depth = begin = 0
    for mark in _MARKS.finditer(expression):
        depth += {"(": 1, ")": -1}.get(mark.group(), 0)
        if mark.group() == "|" and not depth:
            yield expression[begin : mark.start()]
            begin = mark.end()
    yield expression[begin:]
