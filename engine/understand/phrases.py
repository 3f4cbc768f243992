"""What do the data files of the parser say, and how do their lists of words become one expression?"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from engine.errors import LifestyleError
from engine.understand import compiled
from engine.understand.patterns import Pattern, gated


class LexiconError(LifestyleError):
    """A file of words is wrong; names the file and, where it is an entry of the lexicon, the entry."""


@cache
def table(name: str) -> Mapping[str, Any]:
    """A TOML file of this package ("time.toml", "data/places.toml") as JSON values. Shared: do not change it.

    Read once and kept for the next start: TOML takes a hundred times as long to read as JSON. Raises LexiconError.
    """
    known: Mapping[str, Any] = compiled.table(name.replace("/", "-"), lambda: read(name))
    return known


def read(name: str) -> dict[str, Any]:
    """The same from the file itself."""
    try:
        return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{name}: {error}") from error


def named(groups: Mapping[str, Iterable[str]]) -> str:
    """{"walk": [..], "bike": [..]} -> one alternation; the group that matched tells which it was (`lastgroup`)."""
    return "|".join(f"(?P<{name}>{any_of(words)})" for name, words in groups.items())


def any_of(fragments: Iterable[str]) -> str:
    """Alternatives (no group around them); a Latin word must begin at a word's beginning."""
    return "|".join(rf"\b{f}" if f[0].isascii() and f[0].isalpha() else f for f in fragments)


def patterns(name: str, section: str, key: str | None = None, tail: str = "") -> Pattern:
    """A section of a file (all its keys in one expression, or one key alone), made when the module is imported."""
    words = table(name)[section]
    return gated(f"(?:{named(words) if key is None else any_of(words[key])}){tail}")
