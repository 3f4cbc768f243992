"""How do texts that many rows share lie side by side? As numbers into the different ones."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.types import I64


class Coded(NamedTuple):
    """`codes` (n,) into `texts`: different ones, and None as the last, whether there is a row without or not."""

    codes: I64
    texts: Sequence[str | None]


def coded(texts: Sequence[str | None]) -> Coded:
    """A text a row."""
    number: dict[str | None, int] = {}
    codes = [-1 if text is None else number.setdefault(text, len(number)) for text in texts]
    return Coded(np.array(codes, np.int64) % (len(number) + 1), [*number, None])


def those_of(codes: I64, texts: Sequence[str | None]) -> Coded:
    """The same with no more texts than some of the rows have: `codes` into many `texts`, the last of which is None."""
    there = np.zeros(len(texts), np.bool_)
    there[codes], there[-1] = True, True
    present = np.flatnonzero(there)
    number = np.empty(len(texts), np.int64)
    number[present] = np.arange(len(present))
    return Coded(number.take(codes), [texts[at] for at in present.tolist()])


def joined(count: int, parts: Sequence[tuple[I64 | slice, Coded]]) -> Coded:
    """(positions, their texts), which together are `count` rows -> all of them."""
    if len(parts) == 1:
        return parts[0][1]
    number: dict[str | None, int] = {}
    codes = np.zeros(count, np.int64)
    for where, (mine, texts) in parts:
        here = [*(number.setdefault(text, len(number)) for text in texts[:-1]), -1]
        codes[where] = np.array(here, np.int64).take(mine)
    codes[codes < 0] = len(number)
    return Coded(codes, [*number, None])
