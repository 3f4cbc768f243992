"""How do lists of words in a data file become one expression? TOML of this package -> compiled patterns."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from engine.understand.patterns import Pattern, gated


@cache
def table(name: str) -> Mapping[str, Any]:
    """A TOML file beside this module, read once. Shared: do not change it."""
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


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
