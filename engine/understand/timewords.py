"""Which words about time are there, and which of those found in a text count? Those of time.toml and holidays.toml."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

import msgspec

from engine.understand.phrases import table
from engine.understand.scan import Word, plain

DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FILE: Final = "time.toml"
HOLIDAYS: Final = "holidays.toml"
_GROUPS: Final = {"SA_SU": ("SA", "SU"), "MO_FR": DAYS[:5], "MO_SU": DAYS}


class Token(msgspec.Struct, frozen=True, gc=False):
    """A word at [start, end): `kind` says what `value` is.

    open: "now" | "24_7" | "late" | "late_soft"; part: a key of time.toml; relative: "1_evening"; stretch: a rule of
    dates.py; day: (weekdays, weeks from now or None); season: an id or months; verb: open | close | shut | book;
    holiday: a key of holidays.toml; month: a hint of dates; shadow: nothing; date: Dates and clock: Clock, which
    grammars make.
    """

    start: int
    end: int
    kind: str
    value: Any


@cache
def times() -> Mapping[str, tuple[str, Any]]:
    """Every word of time -> (kind, value); the first to claim a word keeps it."""
    words: dict[str, tuple[str, Any]] = {}
    for word, kind, value in _entries():
        words.setdefault(plain(word), (kind, value))
    return words


def tokens(found: Iterable[Word]) -> list[Token]:
    """Of words whose meaning is (kind, value) those that none covers which begins earlier, or there and ends later.

    Shadows are left out.
    """
    out: list[Token] = []
    reached = 0
    for word in sorted(found, key=_longest_first):
        if word.start >= reached:
            reached = word.end
            kind, value = word.said
            if kind != "shadow":
                out.append(Token(word.start, word.end, kind, value))
    return out


def _longest_first(word: Word) -> tuple[int, int]:
    return word.start, -word.end


def _entries() -> Iterator[tuple[str, str, Any]]:
    """(word, kind, value); the first to claim a word keeps it."""
    data = table(FILE)
    yield from _each("shadow", {"": data["shadow"]["words"]})
    for kind in ("open", "relative", "stretch", "verb", "month"):
        yield from _each(kind, data[kind])
    for name, parts in data["built"].items():
        phrases = map("".join, itertools.product(parts["when"], parts["link"], parts["verb"]))
        yield from ((phrase, "open", name.partition("_")[0]) for phrase in phrases)
    yield from _each("part", {name: part["words"] for name, part in data["part"].items()})
    for name, words in data["season"].items():
        months = {"months": [int(m) for m in name.split("_")]} if name[0].isdigit() else name
        yield from ((word, "season", months) for word in words)
    yield from _each("holiday", {name: rule["words"] for name, rule in table(HOLIDAYS).items()})
    yield from _weekdays(data)


def _each(kind: str, groups: dict[str, Iterable[str]]) -> Iterator[tuple[str, str, Any]]:
    for value, words in groups.items():
        yield from ((word, kind, value) for word in words)


def _weekdays(data: Any) -> Iterator[tuple[str, str, Any]]:
    """Weekdays and groups of them, plain and with the week they are in: 周六, 下周六, this weekend, next friday."""
    week = data["week"]
    prefixes = enumerate((week["this"], week["next"], week["after"]))
    weeks = [("", None), *((prefix, n) for n, words in prefixes for prefix in words)]
    for prefix, offset in weeks:
        for name in week["names"]:
            for number, day in zip(week["days"] + "天", (*DAYS, "SU"), strict=True):
                yield f"{prefix}{name}{number}", "day", ((day,), offset)
    for group, words in data["day"].items():
        days = _GROUPS.get(group, (group,))
        for word in words:
            yield word, "day", (days, None)
            if word.isascii():
                yield f"this {word}", "day", (days, 0)
                yield f"next {word}", "day", (days, 1)
                yield f"this coming {word}", "day", (days, 0)
            else:
                for prefix, offset in weeks[1:]:
                    yield f"{prefix}{word}", "day", (days, offset)
