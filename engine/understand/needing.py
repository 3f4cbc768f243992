"""Which words must a text hold for a regular expression to match it? They follow from the expression itself."""

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

#: More words than this tell nothing: some will be there.
_MOST: Final = 400
#: Stand for any digit and any letter from a to z; no text holds them, since folding drops control characters.
DIGIT, LETTER = "\0digit", "\0letter"
_SAYS: Final = {DIGIT: 0, LETTER: -1, " ": -1}
#: Words of so many characters are rare enough.
_LONG: Final = 3
#: A character class of at most this many characters is a choice of words.
_CLASS: Final = 80

Words = frozenset[str]


@lru_cache(maxsize=1)
def parsed(expression: str) -> Any:
    """The parts of an expression, as the standard library parses it. Raises re.error."""
    return import_module("re._parser").parse(expression)


def is_digital(sequence: Iterable[tuple[Any, Any]]) -> bool:
    """Does every match hold a digit?"""
    return any(_digital_part(str(op), value) for op, value in sequence)


def _digital_part(op: str, value: Any) -> bool:
    if op == "BRANCH":
        return all(map(is_digital, value[1]))
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return value[0] > 0 and is_digital(value[2])
    if op == "SUBPATTERN":
        return is_digital(value[3])
    if op == "IN":
        return all(_of_class(part) == frozenset({DIGIT}) for part in value)
    return op == "LITERAL" and chr(value).isdigit()


def needed(expression: str) -> Words | None:
    """Words of which every match of the expression holds at least one; None where no such words are known."""
    parts = parsed(expression)
    words = None if parts.state.flags & re.IGNORECASE else _of_sequence(parts)
    return None if words is None or len(words) > _MOST else words


def _of_sequence(sequence: Iterable[tuple[Any, Any]]) -> Words | None:
    """The most telling of the requirements of a sequence's parts; literals side by side are one word."""
    choices, run = [], ""
    for op, value in sequence:
        if str(op) == "LITERAL":
            run += chr(value)
            continue
        choices += [frozenset({run})] if run else []
        run = ""
        part = _of_part(str(op), value)
        choices += [part] if part else []
    choices += [frozenset({run})] if run else []
    return max(choices, key=_telling, default=None)


def _telling(words: Words) -> tuple[int, int]:
    """Long words say more than short ones, those more than digits, these more than letters; then the fewer."""
    return min(_SAYS.get(word, min(_LONG, len(word))) for word in words), -len(words)


def _of_part(op: str, value: Any) -> Words | None:
    if op == "BRANCH":
        return _any_of(_of_sequence(branch) for branch in value[1])
    if op == "SUBPATTERN":
        return None if value[1] or value[2] else _of_sequence(value[3])
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _of_sequence(value[2]) if value[0] > 0 else None
    if op == "ATOMIC_GROUP":
        return _of_sequence(value)
    if op == "ASSERT":
        return _of_sequence(value[1])
    return _any_of(map(_of_class, value)) if op == "IN" else None


def _any_of(choices: Iterable[Words | None]) -> Words | None:
    """Needed words of alternatives: those of each together, unless one needs none."""
    found: set[str] = set()
    for words in choices:
        if words is None:
            return None
        found |= words
    return frozenset(found)


def _of_class(part: tuple[Any, Any]) -> Words | None:
    """The characters of one part of a character class, when they are few."""
    op, value = str(part[0]), part[1]
    if op == "LITERAL":
        return frozenset({chr(value)})
    if op == "RANGE" and value == (ord("a"), ord("z")):
        return frozenset({LETTER})
    if op == "RANGE" and value[1] - value[0] < _CLASS:
        return frozenset(map(chr, range(value[0], value[1] + 1)))
    return frozenset({DIGIT}) if op == "CATEGORY" and str(value) == "CATEGORY_DIGIT" else None
