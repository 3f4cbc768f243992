"""What are the dot products of scattered rows, and the rows of packed words, in machine code? Needs the extra `fast`.

Eight rows are fetched at once: a row alone waits for memory most of the time. Every row's sum is made in the same
order, so that equal rows score alike. Compiled when vectors are opened, never during a request.
"""

from typing import Any, Final

import numba
import numpy as np

from engine.cache import default_cache
from engine.types import F32, I64
from indexing.vectors.among import U64

_ONCE: Final = 8
_SEQUENCE: Final = np.uint64(0x03F79D71B4CB0A89)
_PLACE: Final = np.zeros(64, np.int64)
_PLACE[[((1 << place) * int(_SEQUENCE) % 2**64) >> 58 for place in range(64)]] = np.arange(64)

setattr(numba.config, "CACHE_DIR", str(default_cache() / "kernels"))  # noqa: B010  declared nowhere


def gather(matrix: F32, rows: I64, vector: F32) -> F32:
    """float32[len(rows)]: inner products of a C-contiguous matrix's rows with a vector."""
    out = np.empty(len(rows), np.float32)
    _gather(matrix, rows, vector, out)
    return out


def expand(words: U64, stride: int, count: int) -> I64:
    """int64[count]: the bits set in every stride-th word, ascending; there are `count` of them at most."""
    out = np.empty(count, np.int64)
    found: I64 = out[: _expand(words, stride, out)]
    return found


def level(scores: F32, counts: I64, wanted: int, bins: int) -> float:
    """The score above which the lists hold so many rows, as effort.level."""
    return float(_level(scores, counts, wanted, bins))


def warm() -> None:
    """Compile, or read what was compiled before."""
    frozen = np.ones((2, 8), np.float32)
    frozen.flags.writeable = False  # as a memory-mapped file is
    for matrix in (np.ones((2, 8), np.float32), frozen):
        gather(matrix, np.arange(2), np.ones(8, np.float32))
    expand(np.ones(1, np.uint64), 1, 1)
    level(np.arange(3, dtype=np.float32), np.ones(3, np.int64), 2, 4)


@numba.njit(cache=True, nogil=True, fastmath=True)  # type: ignore[untyped-decorator]
def _gather(matrix: Any, rows: Any, vector: Any, out: Any) -> None:
    last = len(rows) - 1
    for first in range(0, len(rows), _ONCE):
        a, b = matrix[rows[first]], matrix[rows[min(first + 1, last)]]
        c, d = matrix[rows[min(first + 2, last)]], matrix[rows[min(first + 3, last)]]
        e, f = matrix[rows[min(first + 4, last)]], matrix[rows[min(first + 5, last)]]
        g, h = matrix[rows[min(first + 6, last)]], matrix[rows[min(first + 7, last)]]
        s = t = u = v = w = x = y = z = numba.float32(0)
        for j in range(len(vector)):
            q = vector[j]
            s += a[j] * q
            t += b[j] * q
            u += c[j] * q
            v += d[j] * q
            w += e[j] * q
            x += f[j] * q
            y += g[j] * q
            z += h[j] * q
        sums = (s, t, u, v, w, x, y, z)
        for k in range(min(_ONCE, len(rows) - first)):
            out[first + k] = sums[k]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _expand(words: Any, stride: int, out: Any) -> int:
    found, one = 0, np.uint64(1)
    for number in range(0, len(words), stride):
        word = words[number]
        while word:
            lone = word & (~word + one)
            out[found] = number * 64 + _PLACE[(lone * _SEQUENCE) >> np.uint64(58)]
            found += 1
            word ^= lone
    return found


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
