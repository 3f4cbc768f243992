"""Does a sentence state, or does it report what others say, speak of elsewhere, or of what is no longer?

The cues are data: doubt.toml.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from indexing.alternatives import Cue, cues

_CLAUSE: Final = re.compile(r"[,。!?;:]")
#: So far back, in characters, a cue can speak of a word.
_BACK: Final = 40


def elsewhere(folded: str, start: int) -> bool:
    """Is the clause of a word at `start` of a folded sentence about a neighbour, or about what was before?"""
    left = folded[max(0, start - _BACK) : start]
    return bool(cue("elsewhere").search(_CLAUSE.split(left)[-1]) or cue("once").search(left))


def reported(folded: str) -> bool:
    """Does the sentence give what others say, or what its author has not tried?"""
    return bool(cue("told").search(folded) or cue("untried").search(folded))


def changed(folded: str) -> bool:
    """Does it say that something is no longer as it was? What it denies was so before."""
    return bool(cue("changed").search(folded)) and not cue("still").search(folded)


def lost(folded: str, start: int, end: int) -> bool:
    """Does the text around a thing that is named at [start, end) of a folded sentence tell that it is no more?"""
    left, right = _CLAUSE.split(folded[max(0, start - _BACK) : start])[-1], folded[end : end + 2 * _BACK]
    return bool(cue("lost_behind").search(right) or cue("lost_before").search(left))


def asks(clause: str) -> bool:
    """Does a clause ask, though it may end without a mark?"""
    return bool(cue("asks").search(clause))


@cache
def cue(name: str) -> Cue:
    """A list of doubt.toml as one pattern over folded text."""
    return _book()[name]


@cache
def _book() -> Mapping[str, Cue]:
    data: dict[str, list[str]] = tomllib.loads((files(__package__) / "doubt.toml").read_text(encoding="utf-8"))
    return cues(data)
