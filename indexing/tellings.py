"""What do notes tell without naming it? Word classes in order: a child, then joy, tells that a place suits children.

The lexicon knows the words that name an attribute, as queries use them. A note tells it otherwise: by what happened to
whom. Which classes tell what is data (indexing/tellings/*.toml): `yes` and `no` list patterns, each a row of classes
that stand near each other in this order ("+": right behind); `only` lists which of the lexicon's words prove the
attribute in a note (a child that is merely mentioned proves nothing); `not` lists words that only look like it.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from engine.understand.negation import scope
from engine.understand.scan import Forms, Span, plain, spelled
from indexing.doubt import changed

#: Two words of a pattern stand at most so far apart: a Chinese character counts as this many, others as one.
REACH: Final = 40
_WIDE: Final = 3
#: ... and where the pattern says "+" at most so far.
_CLOSE: Final = 9
#: Between two words of a pattern: the thought has turned, or the sentence is over.
_TURN: Final = re.compile(
    r"[。!?;\n]|但是?|不过|可是|只是|然而|却|\b(?:but|however|although|though|yet|while)\b|\.(?!\d)"
)
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
#: A pattern with this class speaks of absence itself: no denial before it turns it around.
_ABSENT: Final = "no"


class Telling(NamedTuple):
    """sign +1 or -1 of an attribute, told at [start, end) of the folded text."""

    attribute: str
    sign: int
    start: int
    end: int
    hedged: bool
    ended: bool
    turned: bool  # a denial made the sign


@dataclass(frozen=True)
class _Pattern:
    attribute: str
    sign: int
    classes: tuple[str, ...]
    reaches: tuple[int, ...]  # from each class to the one before


@dataclass(frozen=True)
class _Book:
    """All tables, compiled. `by_first`: the first class of patterns -> these."""

    forms: Forms
    classes: Sequence[Sequence[str]]  # of each form
    by_first: Mapping[str, Sequence[_Pattern]]
    only: Mapping[str, frozenset[str]]
    looks: Forms
    alike: Sequence[Sequence[str]]  # attributes that each form of `looks` is not about


@lru_cache(maxsize=1)
def _book() -> _Book:
    classes: dict[str, list[str]] = {}
    rows: dict[str, Any] = {}
    for file in sorted((files(__package__) / "tellings").iterdir(), key=lambda f: f.name):
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        classes |= data.pop("classes", {})
        rows |= data
    patterns = [
        _pattern(name, sign, pattern, classes)
        for name, row in rows.items()
        for sign, key in ((1, "yes"), (-1, "no"))
        for pattern in row.get(key, ())
    ]
    by_first: dict[str, list[_Pattern]] = {}
    for pattern in patterns:
        by_first.setdefault(pattern.classes[0], []).append(pattern)
    words = _turned(classes)
    alike = _turned({name: row["not"] for name, row in rows.items() if "not" in row})
    only = {
        name: frozenset(form for w in row["only"] for form in spelled(w)) for name, row in rows.items() if "only" in row
    }
    return _Book(Forms(words), list(words.values()), by_first, only, Forms(alike), list(alike.values()))


def _pattern(attribute: str, sign: int, written: str, classes: Mapping[str, Any]) -> _Pattern:
    words = written.split()
    names = tuple(word.lstrip("+") for word in words)
    if unknown := [name for name in names if name not in classes]:
        raise ValueError(f"indexing/tellings: {attribute}: '{written}' has no class {unknown}")
    return _Pattern(attribute, sign, names, tuple(_CLOSE if word.startswith("+") else REACH for word in words))


def _turned(lists: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """name -> words, turned: form -> names."""
    found: dict[str, list[str]] = {}
    for name, words in lists.items():
        for word in words:
            for form in spelled(word):
                known = found.setdefault(form, [])
                if name not in known:
                    known.append(name)
    return found


def attributes() -> frozenset[str]:
    """Which attributes of the lexicon have tables."""
    book = _book()
    told = {p.attribute for patterns in book.by_first.values() for p in patterns}
    return frozenset(told | book.only.keys() | {name for names in book.alike for name in names})


def proves(attribute: str, surface: str) -> bool:
    """Does this word of the lexicon, standing in a note, state the attribute?"""
    only = _book().only.get(attribute)
    return only is None or plain(surface) in only


@lru_cache(maxsize=16)  # every reader of a sentence asks
def lookalikes(folded: str) -> list[tuple[int, int, str]]:
    """(start, end, attribute): here stand words that look like the attribute and are not about it."""
    book = _book()
    return [(start, end, name) for start, end, form in book.looks.find(folded) for name in book.alike[form]]


def tellings(folded: str) -> list[Telling]:
    """What a folded sentence tells of attributes by patterns; questions and wishes tell nothing."""
    book, unlike = _book(), lookalikes(folded)
    places: dict[str, list[tuple[int, int]]] = {}
    for start, end, form in book.forms.find(folded):
        for name in () if _asked(folded, start) else book.classes[form]:
            places.setdefault(name, []).append((start, end))
    found: list[Telling] = []
    for first in places:
        for pattern in book.by_first.get(first, ()):
            if all(name in places for name in pattern.classes):
                found += _read(folded, pattern, places)
    return [t for t in found if not touched(t, t.attribute, unlike)]


def touched(span: Span, attribute: str, unlike: Sequence[tuple[int, int, str]]) -> bool:
    """Do words that only look like the attribute (as `lookalikes` gives them) stand within a span?"""
    return any(name == attribute and start < span.end and span.start < end for start, end, name in unlike)


def _asked(folded: str, start: int) -> bool:
    """ "有没有草坪" holds "没有草坪", and denies nothing."""
    return folded.startswith("没有", start) and folded.startswith("有", start - 1) and start > 0


def _read(folded: str, pattern: _Pattern, places: Mapping[str, Sequence[tuple[int, int]]]) -> Iterator[Telling]:
    """The first place where the classes stand in order; at most one telling."""
    for first in places[pattern.classes[0]]:
        rest = [(places[name], reach) for name, reach in zip(pattern.classes, pattern.reaches, strict=True)]
        spans = _chain(folded, rest[1:], [first])
        if spans and (telling := _weighed(folded, pattern, spans)):
            yield telling
            return


def _chain(
    folded: str, rest: Sequence[tuple[Sequence[tuple[int, int]], int]], spans: list[tuple[int, int]]
) -> list[tuple[int, int]] | None:
    """A word of each further class, each near behind the one before; None where there is none."""
    if not rest:
        return spans
    places, reach = rest[0]
    for start, end in places:
        if start < spans[-1][1] or not _near(folded[spans[-1][1] : start], reach):
            continue
        if done := _chain(folded, rest[1:], [*spans, (start, end)]):
            return done
    return None


def _near(between: str, reach: int) -> bool:
    return len(between) + (_WIDE - 1) * len(_HAN.findall(between)) <= reach and not _TURN.search(between)


def _weighed(folded: str, pattern: _Pattern, spans: Sequence[tuple[int, int]]) -> Telling | None:
    """With its sign in context; None where it is asked or wished for, or denied without telling the contrary."""
    scopes = [scope(_alone(folded, span, spans), *span) for span in (spans[0], spans[-1])]
    if any(s.question or s.wish for s in scopes):
        return None
    sign = pattern.sign
    if _ABSENT not in pattern.classes and any(s.sign < 0 for s in scopes):
        if sign < 0 and not any(s.ended for s in scopes):
            return None
        sign = -1
    ended = sign < 0 and (any(s.ended for s in scopes) or changed(folded))
    return Telling(pattern.attribute, sign, spans[0][0], spans[-1][1], scopes[-1].hedge, ended, sign != pattern.sign)


def _alone(folded: str, kept: tuple[int, int], spans: Sequence[tuple[int, int]]) -> str:
    """The text with the words of the pattern but one blanked: what they say themselves denies none of them."""
    for start, end in spans:
        if (start, end) != kept:
            folded = folded[:start] + "~" * (end - start) + folded[end:]
    return folded
