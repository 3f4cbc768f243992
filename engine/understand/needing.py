"""Which words must a text hold for a regular expression to match it? They follow from the expression itself."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

#: More words than this tell nothing: some will be there.
_MOST: Final = 400
#: Stand for any digit and any letter from a to z; no text holds them, since folding drops control characters.
DIGIT, LETTER = "\0digit", "\0letter"
_SAYS: Final[Mapping[str, int]] = {DIGIT: 0, LETTER: -1, " ": -1}
#: Words that weigh so much are rare enough.
_ENOUGH: Final = 6
#: At most so many texts are made of parts that stand side by side.
_JOINED: Final = 48
_NO_WIDTH: Final = frozenset({"AT", "ASSERT", "ASSERT_NOT"})
#: A character class of at most this many characters is a choice of words.
_CLASS: Final = 80

Words = frozenset[str]
_NOTHING: Final = frozenset({""})


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
    """The most telling of the requirements of a sequence's parts; parts side by side whose texts are few are joined."""
    choices: list[Words | None] = []
    run = _NOTHING
    for op, value in sequence:
        texts = _texts(str(op), value)
        if texts is None or len(run) * len(texts) > _JOINED:
            choices.append(run)
            run = _NOTHING if texts is None else texts
        else:
            run = frozenset(before + text for before in run for text in texts)
        if texts is None or str(op) == "ASSERT":
            choices.append(_of_part(str(op), value))
    choices.append(run)
    return max((_shortest(words) for words in choices if words and "" not in words), key=_telling, default=None)


def _telling(words: Words) -> tuple[int, int]:
    """Long words say more than short ones, those more than digits, these more than letters; then the fewer."""
    return min(_SAYS.get(word, min(_ENOUGH, _weight(word))) for word in words), -len(words)


def _weight(word: str) -> int:
    """A character that is no letter of a Latin word says as much as two that are; a space says nothing."""
    return sum(1 if character.isascii() and character.isalpha() else 2 for character in word if character != " ")


def _shortest(words: Words) -> Words:
    """Without those that hold another: where they stand, that one does."""
    return frozenset(w for w in words if not any(other in w for other in words if other != w))


def _texts(op: str, value: Any) -> Words | None:
    """All texts that a part can match, when they are few; None when they are many, or not known."""
    if op == "LITERAL":
        return frozenset({chr(value)})
    if op in _NO_WIDTH:
        return _NOTHING
    if op == "SUBPATTERN":
        return None if value[1] or value[2] else _all_texts(value[3])
    if op == "BRANCH":
        return _few(map(_all_texts, value[1]))
    if op in ("MAX_REPEAT", "MIN_REPEAT") and value[1] == 1:
        return _few([_all_texts(value[2]), *([_NOTHING] if value[0] == 0 else [])])
    found = _any_of(map(_of_class, value)) if op == "IN" else None
    return None if found is None or not _SAYS.keys().isdisjoint(found - {" "}) else found


def _all_texts(sequence: Iterable[tuple[Any, Any]]) -> Words | None:
    """The same of a sequence; None where more is looked at, which may say more than the texts do."""
    run = _NOTHING
    for op, value in sequence:
        texts = None if str(op) == "ASSERT" else _texts(str(op), value)
        if texts is None or len(run) * len(texts) > _JOINED:
            return None
        run = frozenset(before + text for before in run for text in texts)
    return run


def _few(choices: Iterable[Words | None]) -> Words | None:
    found = _any_of(choices)
    return None if found is None or len(found) > _JOINED else found


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
