"""How do lists score, down to which score do they hold enough, and which rows lie in near ones, in machine code?"""

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from engine.types import F32, I64, Mask
from indexing.vectors.among import U64
from indexing.vectors.native.rows import kinds


def scores(coarse: F32, axes: F32, vector: F32) -> F32:
    """float32[nlist]: coarse @ (axes @ vector)."""
    out = np.empty(len(coarse), np.float32)
    _scores(coarse, axes, vector, np.empty(len(axes), np.float32), out)
    return out


def level(scores: F32, counts: I64, wanted: int, bins: int) -> float:
    """The score above which the lists hold so many rows, as effort.level."""
    return float(_level(scores, counts, wanted, bins))


def probe(
    coarse: F32, axes: F32, vector: F32, counts: I64, wanted: int, bins: int, gap: float
) -> tuple[F32, float, I64]:
    """The scores, the level less a gap, and the lists from there on, ascending."""
    out, chosen = np.empty(len(coarse), np.float32), np.empty(len(coarse), np.int64)
    least, found = _probe(coarse, axes, vector, counts, wanted, bins, gap, out, chosen)
    return out, least, chosen[:found]


def tally(words: U64, stride: int, assign: npt.NDArray[np.uint16], nlist: int) -> I64:
    """int64[nlist]: rows of each list among the bits of every stride-th word, times the stride."""
    out = np.zeros(nlist + 1, np.int64)
    _tally(words, stride, assign, out)
    return out[:nlist]


def near(rows: I64, assign: npt.NDArray[np.uint16], inside: Mask) -> I64:
    """Those of the rows whose list is inside (bool[nlist])."""
    out = np.empty(len(rows), np.int64)
    found: I64 = out[: _near(rows, assign, inside, out)]
    return found


def warm() -> None:
    """Compile, or read what was compiled before."""
    ones, rows = np.ones((1, 8), np.float32), np.arange(1)
    for axes in kinds(ones):
        scores(ones, axes, ones[0])
        probe(ones, axes, ones[0], rows, 1, 4, 0.1)
    level(np.arange(3, dtype=np.float32), np.ones(3, np.int64), 2, 4)
    for assign in kinds(np.zeros(64, np.uint16)):
        near(rows, assign, np.ones(2, bool))
        for words in kinds(np.ones(1, np.uint64)):
            tally(words, 1, assign, 1)


@numba.njit(cache=True, nogil=True, fastmath=True)  # type: ignore[untyped-decorator]
def _products(matrix: Any, vector: Any, out: Any) -> None:
    """Four rows at once."""
    last = len(matrix) - 1
    for first in range(0, len(matrix), 4):
        a, b = matrix[first], matrix[min(first + 1, last)]
        c, d = matrix[min(first + 2, last)], matrix[min(first + 3, last)]
        s = t = u = v = numba.float32(0)
        for j in range(len(vector)):
            q = vector[j]
            s += a[j] * q
            t += b[j] * q
            u += c[j] * q
            v += d[j] * q
        sums = (s, t, u, v)
        for k in range(min(4, len(matrix) - first)):
            out[first + k] = sums[k]


@numba.njit(cache=True, nogil=True, fastmath=True)  # type: ignore[untyped-decorator]
def _scores(coarse: Any, axes: Any, vector: Any, turned: Any, out: Any) -> None:
    _products(axes, vector, turned)
    _products(coarse, turned, out)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _level(scores: Any, counts: Any, wanted: int, bins: int) -> Any:
    low, high = scores.min(), scores.max()
    if high <= low:
        return low
    step = (high - low) / bins
    held = np.zeros(bins + 1, np.int64)
    for each in range(len(scores)):
        held[int((scores[each] - low) / step)] += counts[each]
    above, place = 0, bins
    while place > 0:
        above += held[place]
        if above >= wanted:
            break
        place -= 1
    return low + step * place


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _probe(
    coarse: Any, axes: Any, vector: Any, counts: Any, wanted: int, bins: int, gap: float, out: Any, chosen: Any
) -> Any:
    _scores(coarse, axes, vector, np.empty(len(axes), np.float32), out)
    least, found = _level(out, counts, wanted, bins) - gap, 0
    for each in range(len(out)):
        if out[each] >= least:
            chosen[found] = each
            found += 1
    return least, found


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _tally(words: Any, stride: int, assign: Any, out: Any) -> None:
    for number in range(0, len(words), stride):
        word, row = words[number], 64 * number
        while word:
            if word & np.uint64(1):
                out[assign[row]] += stride
            word >>= np.uint64(1)
            row += 1


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _near(rows: Any, assign: Any, inside: Any, out: Any) -> int:
    found = 0
    for row in rows:
        out[found] = row
        found += int(inside[assign[row]])
    return found
