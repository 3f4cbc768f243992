"""Which of the many regular expressions can match a text at all? One scan finds the words that each of them needs.

A reader writes `gated(r"步行|walk")` where it would write `re.compile`, or `Lazy(..)` for what is matched in one place
alone: both are compiled at their first use. The words without which an expression cannot match (步行, walk) are worked
out from the expression itself, never declared, and kept for the next start. `Text` scans a text once for the words of
all patterns together (one Aho-Corasick pass, some 5 microseconds); a pattern asked to search a `Text` that holds none
of its words answers at once (0.1 microseconds instead of some 10). So a rule that does not apply costs next to nothing,
provided that every way to match needs some word: `a?` and `[^,]+$` need none, and always run.

Answers are those of the plain expression, whatever text is searched; a plain `str` is searched without looking ahead,
so hand on `reading.text` and [start, end) rather than slices of it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, reduce
from operator import or_
from sys import maxsize as MAXSIZE
from threading import Lock
from typing import Any, ClassVar, Final

from ahocorasick_rs import AhoCorasick

from engine.understand.compiled import table
from engine.understand.needing import DIGIT, LETTER, is_digital, needed, parsed

#: The bits below this one are no pattern's: the lowest are gates', the others tell of other things that a text may hold
#: (pieces.py).
GATES, RESERVED = 64, 192
SPACE: Final = " "
_SETS: Final = {DIGIT: re.compile(r"\d"), LETTER: re.compile(r"[a-z]"), SPACE: re.compile(" ")}


class _Late:
    """What is compiled when it is first used: the methods of re.Pattern, which are not there until one is asked for."""

    __slots__ = ("findall", "fullmatch", "match", "pattern", "split", "sub")
    #: Where `search` and `finditer` of what was compiled are kept.
    _SEARCHES: ClassVar[tuple[str, str]]
    findall: Callable[..., list[Any]]
    match: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    split: Callable[..., list[str | Any]]
    sub: Callable[..., str]

    def __init__(self, expression: str) -> None:
        self.pattern: Final = expression

    def __getattr__(self, name: str) -> Any:
        """Reached once, before the methods are in their slots."""
        if name not in _Late.__slots__ and name not in self._SEARCHES:
            raise AttributeError(name)
        compiled = re.compile(self.pattern)
        for own, method in zip(self._SEARCHES, (compiled.search, compiled.finditer), strict=True):
            setattr(self, own, method)
        self.match, self.fullmatch, self.findall = compiled.match, compiled.fullmatch, compiled.findall
        self.split, self.sub = compiled.split, compiled.sub
        return object.__getattribute__(self, name)


class Lazy(_Late):
    """An expression (no flags) that is compiled when it is first used: a start compiles only what its questions touch.

    As fast as re.Pattern.
    """

    __slots__ = ("finditer", "search")
    _SEARCHES = ("search", "finditer")
    search: Callable[..., re.Match[str] | None]
    finditer: Callable[..., Iterable[re.Match[str]]]


class Pattern(_Late):
    """An expression that knows which words it needs, compiled at its first use, as Lazy is."""

    __slots__ = ("_finditer", "_hint", "_search", "bit")
    _SEARCHES = ("_search", "_finditer")
    _search: Callable[..., re.Match[str] | None]
    _finditer: Callable[..., Iterable[re.Match[str]]]

    def __init__(self, expression: str, number: int) -> None:
        super().__init__(expression)
        self.bit: Final = 1 << (RESERVED + number)
        self._hint: Any = None  # finds one of the words it needs, in a part of a text; made when first asked

    def lives(self, text: str) -> bool:
        """Can it match in the text, or in any part of it?"""
        return type(text) is not Text or bool(text.able & self.bit)

    def search(self, text: str, *place: int) -> re.Match[str] | None:
        """As re.Pattern.search."""
        if type(text) is Text and not text.able & self.bit:
            return None
        if not place:
            return self._search(text)
        return self._search(text, *place) if self._hinted(text, *place) else None

    def finditer(self, text: str, *place: int) -> Iterable[re.Match[str]]:
        """As re.Pattern.finditer."""
        if type(text) is Text and not text.able & self.bit:
            return ()
        if not place:
            return self._finditer(text)
        return self._finditer(text, *place) if self._hinted(text, *place) else ()

    def _hinted(self, text: str, start: int, end: int = MAXSIZE) -> bool:
        """Does this part of a text hold a word that it needs? Words that it looks behind for may stand before."""
        if not start and end >= len(text):
            return True
        if self._hint is None:
            needs, _ = _needs().get(self.pattern) or _worked_out(self.pattern)
            words = () if needs is None or "(?<=" in self.pattern else sorted(needs)
            self._hint = re.compile("|".join(_SETS[w].pattern if w in _SETS else re.escape(w) for w in words)).search
        return self._hint(text, start, end) is not None


_PATTERNS: Final[list[Pattern]] = []
_ADDING: Final = Lock()


@cache
def gated(expression: str) -> Pattern:
    """An expression (no flags) for texts to be searched."""
    with _ADDING:  # the number is the place
        made = Pattern(expression, len(_PATTERNS))
        _PATTERNS.append(made)
    return made


class Group:
    """Patterns that are asked together: one look tells which of them can match a text, before any is called.

    `mask` has their bits, as Text.able has.
    """

    __slots__ = ("_by_bit", "mask")

    def __init__(self, *patterns: Pattern) -> None:
        self._by_bit = {each.bit: each for each in patterns}
        self.mask: Final = reduce(or_, self._by_bit, 0)

    def __iter__(self) -> Iterator[Pattern]:
        return iter(self._by_bit.values())

    def lives(self, text: str) -> bool:
        """Can any of them match?"""
        return type(text) is not Text or bool(self.mask & text.able)

    def able(self, text: str) -> Iterable[Pattern]:
        """Those that may match, in order of their making."""
        if type(text) is not Text:
            return self._by_bit.values()
        left, found = self.mask & text.able, []
        while left:
            bit = left & -left
            found.append(self._by_bit[bit])
            left ^= bit
        return found


class Text(str):
    """A folded text that knows which patterns cannot match in it. Slices are plain strings."""

    __slots__ = ("able",)
    able: int  # a bit for each pattern but those that need words and have none here

    def __new__(cls, text: str, able: int | None = None) -> "Text":
        """`able`: as Needs.able() tells; None: the text is scanned for the words of all patterns."""
        made = str.__new__(cls, text)
        made.able = _scanned(text) if able is None else able
        return made


class Needs:
    """What the patterns made so far need: the words that each of them lives by."""

    def __init__(self, count: int) -> None:
        """Of the first `count` patterns; those made later are asked as if they needed no word."""
        users = dict.fromkeys(_SETS, 0)  # word -> a bit for each pattern that it serves
        barred = digital = 0
        known = _needs()
        for each in _PATTERNS[:count]:
            needs, is_digital = known.get(each.pattern) or _worked_out(each.pattern)
            for word in map(_looked_for, needs or ()):
                users[word] = users.get(word, 0) | each.bit
            barred |= each.bit if needs is not None else 0
            digital |= each.bit if is_digital else 0
        always = ~barred >> RESERVED << RESERVED
        digits, letters, spaces = users.pop(DIGIT), users.pop(LETTER), users.pop(SPACE)
        #: Word -> what it lets live in a text without a digit, and in one with: patterns, and the gates that they open.
        self.users = {word: (opening(bits & ~digital), opening(bits)) for word, bits in users.items()}
        self._always = opening(always & ~digital), opening(always | digits)
        self._letters = opening(letters & ~digital), opening(letters)
        self._spaces = opening(spaces & ~digital), opening(spaces)

    def able(self, text: str, living: Sequence[Sequence[int]], words: Iterable[int]) -> int:
        """The patterns that may match a text, and the gates that they open.

        `living`: for texts without a digit, and for those with, what each word lets live; `words`: places in these.
        """
        digit = _has_digit(text) is not None
        able = reduce(or_, map(living[digit].__getitem__, words), self._always[digit])
        if " " in text:
            able |= self._spaces[digit]
        return able | self._letters[digit] if _has_letter(text) else able


def _looked_for(word: str) -> str:
    """What tells that the word may be there: of one Latin letter or digit any of them; most texts hold several."""
    if len(word) > 1 or not word.isascii():
        return word
    return DIGIT if word.isdigit() else LETTER if "a" <= word <= "z" else word


_MASKS: Final[list[int]] = []


def gate(mask: int) -> int:
    """The place of a bit that whatever holds any bit of the mask has as well: many gates are asked at one look.

    To be made when modules are imported, before any text is read.
    """
    with _ADDING:
        _MASKS.append(mask)
    return len(_MASKS) - 1


def opening(bits: int) -> int:
    """The bits, and those of the gates that they open."""
    return bits | sum(1 << at for at, mask in enumerate(_MASKS) if mask & bits)


def gates() -> int:
    """How many gates there are by now."""
    return len(_MASKS)


_has_digit: Final = _SETS[DIGIT].search
_has_letter: Final = _SETS[LETTER].search


def made() -> int:
    """How many patterns there are by now."""
    return len(_PATTERNS)


@lru_cache(maxsize=1)
def _needs() -> Mapping[str, tuple[Sequence[str] | None, bool]]:
    """Expression -> the words it needs (None: it may match without any), and whether it needs a digit: of those there
    are at the first call, as an earlier start worked them out. Raises re.error."""
    expressions = [each.pattern for each in _PATTERNS]
    known = table("patterns", lambda: [[each, *_worked_out(each)] for each in expressions], "\n".join(expressions))
    return {expression: (words, digital) for expression, words, digital in known}


def _worked_out(expression: str) -> tuple[Sequence[str] | None, bool]:
    words = needed(expression)
    return None if words is None else sorted(words), is_digital(parsed(expression))


def _scanned(text: str) -> int:
    needs, living, find = _compiled(len(_PATTERNS))
    return needs.able(text, living, (found[0] for found in find(text, overlapping=True)))


@lru_cache(maxsize=1)
def _compiled(count: int) -> tuple[Needs, Sequence[Sequence[int]], Any]:
    needs = Needs(count)
    return needs, list(zip(*needs.users.values(), strict=True)), AhoCorasick(list(needs.users)).find_matches_as_indexes
