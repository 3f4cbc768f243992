"""Which units, and which words that bound an amount, does the engine know? quantities.toml, compiled once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from engine.understand.patterns import Lazy, Pattern, gated
from engine.understand.phrases import table

Dimension: TypeAlias = Literal[
    "money",
    "points",
    "stars",
    "time",
    "length",
    "size",
    "area",
    "volume",
    "weight",
    "charge",
    "people",
    "age",
    "span",
    "",
]
_BOUNDS: Final = ("before", "after")


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor`: how much of the dimension's base one of it is ("" of no dimension: a bare number)."""

    id: str
    dimension: Dimension
    factor: float


BARE: Final = Unit("", "", 1.0)


@dataclass(frozen=True, slots=True)
class Words:
    """The compiled vocabulary. `unit` matches behind a numeral, `sign` before one; `spelled` tells which unit it is."""

    spelled: Mapping[str, Unit]
    unit: Lazy
    sign: Pattern
    before: Pattern
    after: Lazy


@lru_cache(maxsize=1)
def words() -> Words:
    """Read once per process."""
    data = table("quantities.toml")
    spelled: dict[str, Unit] = {}
    loose: list[str] = []
    tight: list[str] = []
    for dimension, units in data.items():
        if dimension in _BOUNDS:
            continue
        for name, unit in units.items():
            for word in (*unit["words"], *unit.get("tight", ())):
                spelled.setdefault(word, Unit(name, dimension, float(unit["factor"])))  # type: ignore[arg-type]
            loose += unit["words"]
            tight += unit.get("tight", ())
    money = [word for word, unit in spelled.items() if unit.dimension == "money" and not _han(word[0])]
    return Words(
        spelled,
        Lazy(rf"[ -]?({_any(loose)})|({_any(tight)})"),
        gated(rf"(?<![a-z])({'|'.join(map(re.escape, sorted(money, key=len, reverse=True)))}) ?$"),
        gated(rf"(?:{_named(data['before'])})[:的]? ?$"),
        Lazy(rf" ?(?:{_named(data['after'])})"),
    )


def _any(surfaces: Iterable[str]) -> str:
    return "|".join(map(_closed, sorted(set(surfaces), key=len, reverse=True)))


def _closed(word: str) -> str:
    """A word that no longer one swallows: "m" is not the beginning of "max", nor "$" that of another price."""
    ends = word[-1]
    tail = r"(?![a-z])" if ends.isascii() and ends.isalpha() else "" if ends.isalnum() or ends == '"' else r"(?! ?\d)"
    return re.escape(word).replace(r"\ ", "[ -]") + tail


def _named(ops: Mapping[str, Iterable[str]]) -> str:
    return "|".join(f"(?P<{op}>{'|'.join(_word(f) for f in fragments)})" for op, fragments in ops.items())


def _word(fragment: str) -> str:
    return rf"\b{fragment}" if fragment[0].isascii() and fragment[0].isalpha() else fragment


def _han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
