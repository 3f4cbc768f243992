"""Which products does a text name by the first part of their title, as people do who know a thing by brand and line?

"Acme Featherweight" is enough for "Acme Featherweight Tent 2 persons green"; a line stands for all of its sizes.
"""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from weakref import ref

import numpy as np

from engine.ports import Index
from engine.types import I64
from engine.understand.fold import fold

#: Products that are looked at: those that share most words with the text.
REACH: Final = 60
#: Characters beyond the brand that tell a line: of words in Latin script, of others; without a brand more are needed.
LATIN, OTHER, BRANDLESS = 3, 2, 5
#: Texts that a thread remembers.
KEPT: Final = 8
_WORDS: Final = re.compile(r"[a-z0-9]+|\w")


@dataclass(frozen=True, slots=True)
class Called:
    """Characters [start, end) of the squeezed text (`squeezed`), and the rows of the products that they begin."""

    start: int
    end: int
    rows: I64


def squeezed(text: str) -> str:
    """A text folded, with its letters and figures alone: spaces and marks are written one way here, another there."""
    return "".join(_WORDS.findall(fold(text).text))


class _Recent(threading.local):
    """What a thread read last: a request asks for the same text up to three times. No index is kept alive by it."""

    def __init__(self) -> None:
        self.index: Callable[[], object] = lambda: None
        self.found: dict[tuple[str, str], tuple[Called, ...]] = {}


_RECENT: Final = _Recent()


def called(index: Index, tenant: str, text: str) -> tuple[Called, ...]:
    """What is named, in the order of the text, without overlaps: the longer first."""
    if _RECENT.index() is not index or len(_RECENT.found) >= KEPT:
        _RECENT.index, _RECENT.found = ref(index), {}
    found = _RECENT.found.get((tenant, text))
    if found is None:
        found = _RECENT.found[tenant, text] = tuple(_called(index, tenant, text))
    return found


def _called(index: Index, tenant: str, text: str) -> list[Called]:
    if index.count(tenant, "product") == 0:
        return []
    rows, asked = index.lexical(tenant, "product", text, None, REACH, exact=True).rows, squeezed(text)
    titles, brands = (index.column(tenant, "product", name, rows) for name in ("title", "brand"))
    ends: dict[tuple[int, int], list[int]] = {}
    for row, title, brand in zip(rows.tolist(), titles.tolist(), brands.tolist(), strict=True):
        span = _begun(str(title), brand if isinstance(brand, str) else "", asked)
        if span is not None:
            ends.setdefault(span, []).append(row)
    taken: list[Called] = []
    for (start, end), found in sorted(ends.items(), key=lambda each: (each[0][0] - each[0][1], each[0])):
        if all(end <= other.start or start >= other.end for other in taken):
            taken.append(Called(start, end, np.array(sorted(found), np.int64)))
    return sorted(taken, key=lambda each: each.start)


def _begun(title: str, brand: str, asked: str) -> tuple[int, int] | None:
    """Where the longest beginning of the title stands that says more than its brand; None without one."""
    begun, at = "", -1
    for word in _WORDS.findall(fold(title).text):
        found = asked.find(begun + word)
        if found < 0:
            break
        begun, at = begun + word, found
    known = squeezed(brand)
    line = begun.removeprefix(known) if known else begun
    least = (LATIN if line.isascii() else OTHER) if known and begun.startswith(known) else BRANDLESS
    return (at, at + len(begun)) if len(line) >= least else None
