"""What was meant by words that nobody knows? Emoji, pinyin, joined and misspelt words, characters of the same sound.

A word that the lexicon, the index's names or English know is never touched, so a query without unknown words costs
a look at each word and nothing more. What is changed is said: each correction has its place in the query.
"""

import re
from collections.abc import Callable, Container, Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from msgspec.structs import replace

from engine.types import Constraint, Correction
from engine.understand.fold import Folded, fold
from engine.understand.misspelt import vocabulary
from engine.understand.patterns import Lazy, gated
from engine.understand.scan import Span
from engine.understand.sounds import data, is_han, is_pinyin, sounds

_WORD: Final = gated(r"[a-z]+(?:'(?!s\b)[a-z]+)?")
_LETTER: Final = Lazy(r"[a-z]")
#: So many letters may be read as pinyin at once; who types more writes no search.
_MOST: Final = 64


class Fix(NamedTuple):
    """[start, end) of a folded text, read as `word`."""

    start: int
    end: int
    word: str

    def cuts(self, span: Span) -> bool:
        """Would it take a part of the span and leave the rest?"""
        inside = self.start <= span.start and span.end <= self.end
        return self.start < span.end and span.start < self.end and not inside


def mend(query: str, folded: Folded, explained: Sequence[Span]) -> tuple[Folded, list[Fix]]:
    """-> the folded query as it was meant, and what was changed, in order; the very same text when nothing was.

    `explained`: what the lexicon and the index's names know; it is left as it is.
    """
    text = folded.text
    covered = bytearray(len(text))
    for span in explained:
        start, end = span.start, span.end
        covered[start:end] = b"\1" * (end - start)
    fixes = _letters(query, folded, covered)
    if not text.isascii():
        fixes += _emoji(text)
        fixes += _slips(text, covered, explained)
    if not fixes:
        return folded, fixes
    fixes.sort()
    return rewritten(folded, fixes), fixes


def warm() -> None:
    """Read the word lists now (about a second) instead of at the first unknown word."""
    sounds()
    vocabulary().known("")
    _dictionary()


def corrections(query: str, folded: Folded, fixes: Iterable[Fix]) -> tuple[Correction, ...]:
    """What was changed, in characters of the original query."""
    spans = [(folded.span(fix.start, fix.end), fix.word) for fix in fixes]
    return tuple(Correction(query[start:end], word.strip(), (start, end)) for (start, end), word in spans)


def told(constraints: tuple[Constraint, ...], corrected: Sequence[Correction]) -> tuple[Constraint, ...]:
    """The constraints, each with what its words were read as among its assumptions."""
    if not corrected:
        return constraints
    return tuple(_told(constraint, corrected) for constraint in constraints)


def _told(constraint: Constraint, corrected: Sequence[Correction]) -> Constraint:
    start, end = constraint.span or (0, 0)
    read = [c.read for c in corrected if c.span[0] < end and start < c.span[1]]
    return replace(constraint, assume={**(constraint.assume or {}), "read_as": " ".join(read)}) if read else constraint


def rewritten(folded: Folded, fixes: Iterable[Fix]) -> Folded:
    """The text with every fix in its place; a character of a fix comes from all that the fix replaced."""
    parts: list[str] = []
    origin: list[int] = []
    ends: list[int] = []
    at = 0
    for start, end, word in fixes:
        first, last = folded.span(start, end)
        parts += [folded.text[at:start], word]
        origin += [*folded.origin[at:start], *[first] * len(word)]
        ends += [*(o + 1 for o in folded.origin[at:start]), *[last] * len(word)]
        at = end
    parts.append(folded.text[at:])
    origin += folded.origin[at:]
    ends += [o + 1 for o in folded.origin[at:]]
    return Folded("".join(parts), tuple(origin), tuple(ends))


@lru_cache(maxsize=1)
def _meanings() -> tuple[re.Pattern[str], dict[str, list[str]]]:
    known = {fold(sign).text: words for sign, words in data()["emoji"].items()}
    return re.compile("|".join(sorted(map(re.escape, known), key=len, reverse=True))), known


@lru_cache(maxsize=1)
def _signs() -> re.Pattern[str]:
    """What each emoji that is known begins with."""
    return re.compile(f"[{re.escape(''.join({sign[0] for sign in _meanings()[1]}))}]")


def _emoji(text: str) -> list[Fix]:
    if not _signs().search(text):
        return []
    pattern, known = _meanings()
    chinese = any(map(is_han, text))
    return [
        Fix(m.start(), m.end(), known[m[0]][0] if chinese else _spaced(text, m.start(), m.end(), known[m[0]][1]))
        for m in pattern.finditer(text)
    ]


def _spaced(text: str, start: int, end: int, word: str) -> str:
    """A word with spaces where its neighbours leave none."""
    before = " " if start and text[start - 1] != " " else ""
    return before + word + (" " if text[end : end + 1] not in ("", " ") else "")


def _letters(query: str, folded: Folded, covered: bytearray) -> list[Fix]:
    """Unknown Latin words: read as pinyin together with their neighbours, else each for itself."""
    if not _LETTER.search(folded.text) or vocabulary().knows(_WORD.findall(folded.text)):
        return []
    words, known = list(_WORD.finditer(folded.text)), vocabulary().known
    strange = [_unexplained(m, covered) and not known(m[0]) for m in words]
    if True not in strange:
        return []
    names = _proper(query, folded, words)
    strange = [s and not name for s, name in zip(strange, names, strict=True)]
    fixes: list[Fix] = []
    at = 0
    while any(strange[at:]):
        run = _run(folded.text, words, covered, at)
        if run > at and any(strange[at:run]) and (stop := _spoken(words, strange, at, run, fixes)):
            at = stop
            continue
        if strange[at] and (word := vocabulary().meant(words[at][0])):
            fixes.append(Fix(*words[at].span(), word))
        at += 1
    return fixes + _small(words, strange, fixes)


def _unexplained(word: re.Match[str], covered: bytearray) -> bool:
    start, end = word.span()
    return end - start > 2 and not (covered[start] and covered[end - 1])


def _proper(query: str, folded: Folded, words: Sequence[re.Match[str]]) -> list[bool]:
    """Which words are written as names: with a capital inside, or at the start where other words have none."""
    said = [query[slice(*folded.span(*m.span()))] for m in words]
    plain = any(word.islower() for word in said)
    return [
        (word[1:] != word[1:].lower() and not word.isupper()) or (plain and at > 0 and word[:1].isupper())
        for at, word in enumerate(said)
    ]


def _small(words: Sequence[re.Match[str]], strange: Sequence[bool], fixes: Sequence[Fix]) -> list[Fix]:
    """Where words were read as pinyin, those that say little are pinyin as well ("huoguo 100 yinei")."""
    if not any(is_han(fix.word[0]) for fix in fixes):
        return []
    left = [
        m
        for m, odd in zip(words, strange, strict=True)
        if odd and all(f.end <= m.start() or m.end() <= f.start for f in fixes)
    ]
    return [Fix(m.start() + s.start, m.start() + s.end, s.word) for m in left for s in sounds().read(m[0], small=True)]


def _run(text: str, words: Sequence[re.Match[str]], covered: bytearray, at: int) -> int:
    """The end of the run of words from `at` that may be pinyin: nothing but spaces between them."""
    end = at
    while end < len(words) and words[end].end() - words[at].start() <= _MOST:
        gap = text[words[end - 1].end() : words[end].start()] if end > at else ""
        if gap.strip(" '") or covered[words[end].start()] or not is_pinyin(words[end][0].replace("'", "")):
            break
        end += 1
    return end


def _spoken(words: Sequence[re.Match[str]], strange: Sequence[bool], start: int, end: int, fixes: list[Fix]) -> int:
    """The longest part of the run from its start that is pinyin goes into `fixes`; -> where it ends, 0 if none."""
    for stop in range(end, start, -1):
        if not any(strange[start:stop]):
            return 0
        letters, places = "", []
        for word in words[start:stop]:
            for offset, letter in enumerate(word[0]):
                if letter != "'":
                    letters += letter
                    places.append(word.start() + offset)
        found = sounds().read(letters)
        if found:
            fixes += [Fix(places[s.start], places[s.end - 1] + 1, s.word) for s in found]
            return stop
    return 0


def _slips(text: str, covered: bytearray, known: Sequence[Span]) -> list[Fix]:
    """Han characters typed for others of the same sound: only where no dictionary knows a word."""
    fixes: list[Fix] = []
    beside = _beside()
    for at, character in enumerate(text):
        if covered[at] or (sides := beside[character]) is None:
            continue
        if not (text[at - 1 : at] in sides[0] or text[at + 1 : at + 2] in sides[1]) or (fixes and at < fixes[-1].end):
            continue
        found = sounds().slip(text, at)
        if not found or _is_word(text, at) or any(map(Fix(*found).cuts, known)):
            continue
        if len(found.word) > 2 or _alone(text, found.start, found.end):
            fixes.append(Fix(*found))
    return fixes


def _alone(text: str, start: int, end: int) -> bool:
    """Is no character of a short stretch part of something else, be it in a word or common by itself?"""
    return not any(text[at] in _plain() or _is_word(text, at) for at in range(start, end))


class _Beside(dict[str, tuple[Container[str], Container[str]] | None]):
    """Character -> between what it may be a slip (Sounds.neighbours), None for those that are none; kept once asked."""

    def __missing__(self, character: str) -> tuple[Container[str], Container[str]] | None:
        self[character] = found = None if character in _plain() else sounds().neighbours(character)
        return found


@lru_cache(maxsize=1)
def _beside() -> _Beside:
    return _Beside()


@lru_cache(maxsize=1)
def _plain() -> frozenset[str]:
    """Han characters that say too much by themselves to be a slip."""
    return frozenset(data()["han"]["plain"])


@lru_cache(maxsize=1)
def _dictionary() -> Callable[[str], bool]:
    """Has a Chinese dictionary this word? Read at the first question."""
    from rjieba import has_word  # noqa: PLC0415  # it takes longer than all else that is imported

    known: Callable[[str], bool] = has_word
    return known


def _is_word(text: str, at: int) -> bool:
    """Is the character part of a word of the dictionary where it stands?"""
    has_word = _dictionary()
    return any(
        has_word(text[start : start + size])
        for size in (2, 3, 4)
        for start in range(max(0, at - size + 1), min(at, len(text) - size) + 1)
    )
