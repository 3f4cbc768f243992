"""Which entries begin like this? A range of sorted keys; with one or two slips, the ranges of all that is near."""

from collections.abc import Iterable
from string import ascii_lowercase
from typing import Final, NamedTuple

import numpy as np
from rapidfuzz.distance import OSA

from engine.suggest.keys import BYTES, INITIALS, WORTH, squeezed
from engine.suggest.table import BLOCK, Table
from engine.types import I64

#: Entries looked at for one lookup, and keys for one with two slips.
MOST, NEAR = 48, 600
#: Letters from which one slip, and from which two, are forgiven; what such a match is worth.
ONE_SLIP, TWO_SLIPS = 4, 8
SLIPPED: Final = (1.0, 0.6, 0.45)


class Match(NamedTuple):
    """An entry, how well it fits (0..1], by which form of key, and what of it was typed."""

    entry: int
    quality: float
    form: int
    wanted: str


def begin(table: Table, typed: str) -> list[Match]:
    """Entries with a key that begins with what was typed: the MOST of highest worth."""
    found: dict[int, Match] = {}
    for wanted in dict.fromkeys((typed, squeezed(typed))):
        needle = wanted.encode()[:BYTES]
        if needle:
            (start,), (stop,) = _ranges(table, [needle])
            _note(table, found, _best(table, int(start), int(stop), MOST), wanted, 0)
    return list(found.values())


def nearly(table: Table, typed: str) -> list[Match]:
    """The same for Latin letters with one slip (from 8 letters on: two); the first letter is right."""
    wanted = squeezed(typed)
    if len(wanted) < ONE_SLIP or len(wanted) > BYTES - 2 or not (wanted.isascii() and wanted.isalpha()):
        return []
    found: dict[int, Match] = {}
    starts, stops = _ranges(table, sorted(map(str.encode, variants(wanted))))
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        if start < stop:
            _note(table, found, _best(table, start, stop, 8), wanted, 1)
    if len(wanted) >= TWO_SLIPS and not found:
        _two(table, found, wanted)
    return list(found.values())


def variants(letters: str) -> set[str]:
    """Every text one edit away: a letter left out, put in, changed, or two exchanged; none at the very start."""
    out: set[str] = set()
    for at in range(1, len(letters) + 1):
        head, tail = letters[:at], letters[at:]
        if tail:
            out.add(head + tail[1:])
        if len(tail) > 1:
            out.add(head + tail[1] + tail[0] + tail[2:])
        less = tail[1:]
        out.update([head + letter + tail for letter in ascii_lowercase])
        out.update([head + letter + less for letter in ascii_lowercase])
    out.discard(letters)
    return out


def _two(table: Table, found: dict[int, Match], wanted: str) -> None:
    """Two slips, at most one of them in the first half: those keys are few enough to be measured one by one."""
    half = wanted[: len(wanted) // 2]
    starts, stops = _ranges(table, sorted(map(str.encode, {half, *variants(half)})))
    left, close = NEAR, list[int]()
    for start, stop in zip(starts.tolist(), np.minimum(stops, starts + NEAR).tolist(), strict=True):
        keys = table.key[start : min(stop, start + left)].tolist()
        close += [at for at, key in enumerate(keys, start) if _near(wanted, key.decode("utf-8", "ignore"))]
        left -= len(keys)
    _note(table, found, sorted(close, key=lambda at: (-table.lead[at], at))[:MOST], wanted, 2)


def _near(wanted: str, key: str) -> bool:
    """Has some beginning of the key at most two slips?"""
    if OSA.distance(wanted, key[: len(wanted)], score_cutoff=4) > 4:
        return False
    sizes = range(len(wanted) - 2, len(wanted) + 3)
    return any(OSA.distance(wanted, key[:size], score_cutoff=2) <= 2 for size in sizes)


def _ranges(table: Table, needles: list[bytes]) -> tuple[I64, I64]:
    """[start, stop) of the keys that begin with each needle. 0xff is in no UTF-8 text."""
    low = np.array(needles, f"S{BYTES}")
    high = np.array([(needle + b"\xff")[:BYTES] for needle in needles], f"S{BYTES}")
    return np.searchsorted(table.key, low), np.searchsorted(table.key, high, side="right")


def _best(table: Table, start: int, stop: int, count: int) -> list[int]:
    """The `count` keys of [start, stop) with the highest lead; only the blocks that can hold one are looked at."""
    if stop - start <= count:
        return list(range(start, stop))
    if stop - start <= 2 * count * BLOCK:
        at = np.arange(start, stop)
    else:
        first, last = -(-start // BLOCK), stop // BLOCK
        peaks = table.peaks[first:last]
        blocks = first + np.argpartition(-peaks, min(count, len(peaks) - 1))[:count]
        inside = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        at = np.concatenate([np.arange(start, first * BLOCK), inside, np.arange(last * BLOCK, stop)])
    order = np.lexsort((at, -table.lead[at]))[:count]
    best: list[int] = at[order].tolist()
    return best


def _note(table: Table, found: dict[int, Match], at: Iterable[int], wanted: str, slips: int) -> None:
    """Put the best match of each entry into `found`."""
    for place in at:
        form, entry = int(table.form[place]), int(table.owner[place])
        whole = max(len(table.key[place].decode("utf-8", "ignore")), 1)
        if form == INITIALS and (len(wanted) < 2 or (slips and whole != len(wanted))):
            continue
        fit = 1.0 if whole == len(wanted) and not slips else 0.55 + 0.35 * min(1.0, len(wanted) / whole)
        quality = WORTH[form] * SLIPPED[slips] * fit
        if entry not in found or found[entry].quality < quality:
            found[entry] = Match(entry, quality, form, wanted)
