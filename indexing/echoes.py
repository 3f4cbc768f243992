"""Which notes about one item are near-copies of each other, as bought praise is?"""

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.types import F64, I64, Mask
from engine.understand.fold import fold
from indexing.runs import begins

#: Two notes are copies from this estimated Jaccard similarity of their character n-grams on, when published this
#: close to each other. Independent notes about one place stay below 0.3.
SIMILAR: Final = 0.38
WITHIN_DAYS: Final = 14
GRAM: Final = 3
#: Hash functions; the estimate's standard error is at most 0.06.
HASHES: Final = 64
#: Each note is compared with this many notes about the same item that were published next.
REACH: Final = 24

#: Multiply-shift hashing (Dietzfelbinger et al. 1997): odd 64-bit factors, products that wrap, the upper half kept.
_RNG: Final = np.random.default_rng(20240601)
_TIMES: Final = _RNG.integers(0, 1 << 63, (HASHES, 1), np.uint64) * np.uint64(2) + np.uint64(1)
_PLUS: Final = _RNG.integers(0, 1 << 63, (HASHES, 1), np.uint64)
_HALF: Final = np.uint64(32)
_MARKS: Final = re.compile(r"[\W_]+")


def clusters(kind: I64, item: I64, note: I64, day: F64, author: I64, texts: Sequence[str]) -> I64:
    """Parallel int64 columns of (item, note) pairs, any order, repeats allowed; `texts` by note. `day`: NaN unknown.

    -> int64 per pair: a number >= 0 shared by the notes about one item that are copies of each other by different
    authors, else -1.
    """
    at, inverse = _once(kind, item, note)
    pairs = np.stack([kind[at], item[at], note[at]])
    order = np.lexsort((day[at], pairs[1], pairs[0]))
    left, right = _near(pairs[:, order], day[at][order], author[at][order])
    if not len(left):
        return np.full(len(note), -1, np.int64)
    notes = pairs[2][order]
    used, codes = np.unique(notes[np.concatenate([left, right])], return_inverse=True)
    prints = np.stack([fingerprint(texts[n]) for n in used.tolist()])
    alike = (prints[codes[: len(left)]] == prints[codes[len(left) :]]).mean(axis=1) >= SIMILAR
    found = np.full(len(order), -1, np.int64)
    found[order] = _joined(len(order), left[alike], right[alike])
    return found[inverse]


def _once(kind: I64, item: I64, note: I64) -> tuple[I64, I64]:
    """The first place of each different triple, in order, and which of them stands at each place."""
    order = np.lexsort((note, item, kind))
    new = begins(kind[order], item[order], note[order])
    inverse = np.empty(len(order), np.int64)
    inverse[order] = np.cumsum(new) - 1
    return order[new], inverse


def fingerprint(text: str) -> npt.NDArray[np.uint64]:
    """MinHash of a text's character n-grams without spaces and marks: uint64[HASHES]."""
    letters = _MARKS.sub("", fold(text).text)
    points = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    if len(points) < GRAM:
        return _SHORT
    grams = points[: len(points) - GRAM + 1].copy()
    for step in range(1, GRAM):
        grams = (grams * np.uint64(1_000_003) + points[step : len(points) - GRAM + 1 + step]) & np.uint64(0xFFFFFFFF)
    hashed: npt.NDArray[np.uint64] = (grams * _TIMES + _PLUS).min(axis=1) >> _HALF
    return hashed


#: The print of a text too short for any n-gram.
_SHORT: Final = np.full(HASHES, np.iinfo(np.uint64).max, np.uint64)


def _near(pairs: I64, day: F64, author: I64) -> tuple[I64, I64]:
    """Positions of two notes about one item, close in time, by different authors; pairs in order of item and day."""
    left, right = [], []
    most = int(np.diff(np.flatnonzero(np.append(begins(*pairs[:2]), True))).max(initial=1))  # notes about one item
    for step in range(1, min(REACH, most - 1) + 1):
        first = np.arange(len(day) - step)
        with np.errstate(invalid="ignore"):
            close: Mask = day[step:] - day[:-step] <= WITHIN_DAYS
        same = (pairs[:2, step:] == pairs[:2, :-step]).all(axis=0)
        keep = first[close & same & (author[step:] != author[:-step])]
        left.append(keep)
        right.append(keep + step)
    return (np.concatenate(left), np.concatenate(right)) if left else (np.empty(0, np.int64), np.empty(0, np.int64))


def _joined(count: int, left: I64, right: I64) -> Any:
    """Connected components of more than one position: the smallest position in each, else -1."""
    group = np.arange(count)
    while True:
        low = np.minimum(group[left], group[right])
        before = group.copy()
        np.minimum.at(group, left, low)
        np.minimum.at(group, right, low)
        if np.array_equal(before, group):
            break
    out = np.full(count, -1, np.int64)
    touched = np.concatenate([left, right])
    out[touched] = group[touched]
    return out
