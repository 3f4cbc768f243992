"""Which rows of the chosen lists score best? 4-bit codes, then the vectors of the best; all layers at once.

A layer's rows are read right after those of the layer below in the same list: what has changed costs as many rows as
have changed. A filter is asked of the rows alone that would be kept: FAISS asks it of all. A list's own part of a score
is added in full, where FAISS rounds it.
"""

from typing import Any, Final, NamedTuple

import numba
import numpy as np

from engine.types import F32, I64
from indexing.vectors.native.blocks import MOST, ROWS, block, lowest, pointer, supported, table
from indexing.vectors.native.rows import best_, fetch_, gather_

_BINS: Final = 512
__all__ = ["Stack", "search", "supported", "warm"]


class Stack(NamedTuple):
    """Layers over each other in the same lists. Addresses are of what the layers hold as long as they live.

    codes, rows int64[layers, nlist]: each list's blocks, and its rows' numbers; sizes int64[layers, nlist];
    words float32[numbers, dim / numbers, 16]: what the values of each number of a code stand for; centroids
    float32[nlist, dim]; matrices, starts int64[layers]: each layer's vectors, and the number of its first row.
    """

    codes: I64
    rows: I64
    sizes: I64
    words: F32
    centroids: F32
    matrices: I64
    starts: I64


def search(stack: Stack, vector: F32, chosen: I64, masks: I64, few: bool, count: int, k: int) -> tuple[I64, F32, int]:
    """(rows through all layers, scores) of the k best, best first, ties by row; and how many were scored by codes.

    masks int64[layers]: the address of the packed rows that may answer, 0 for all; few: many blocks of 32 hold none.
    count: how many of the best by codes are scored again. Of equal coded scores at the end some are left out.
    """
    room = 2 * count + 4 * ROWS
    rows, scores = np.empty(room, np.int64), np.empty(room, np.float32)
    looked_up, sums = np.empty((len(stack.words), 16), np.uint8), np.empty(ROWS, np.uint16)
    found: tuple[I64, F32, int] = _search(*stack, vector, chosen, masks, few, count, k, looked_up, sums, rows, scores)
    return found


def warm() -> None:
    """Compile, or read what was compiled before."""
    one, vectors = np.zeros((1, 1), np.int64), np.ones((1, 2), np.float32)
    stack = Stack(one, one, one, np.ones((2, 1, 16), np.float32), vectors, one[0], one[0])
    search(stack, vectors[0], one[0], one[0], False, 1, 1)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _search(
    codes: Any, numbers: Any, sizes: Any, words: Any, centroids: Any, matrices: Any, starts: Any,
    vector: Any, chosen: Any, masks: Any, few: bool, count: int, k: int,
    looked_up: Any, sums: Any, rows: Any, scores: Any,
) -> Any:  # fmt: skip
    """looked_up, sums: room that the caller holds, since it is used by its address."""
    bias = np.empty(len(chosen), np.float32)
    gather_(centroids, chosen, vector, bias)
    found = _scan(
        codes, numbers, sizes, words, vector, chosen, bias, masks, few, starts, count, looked_up, sums, rows, scores
    )
    if found > count:
        found = _fewer(rows, scores, found, count)[0]
    again = np.sort(rows[:found])
    exact = np.empty(found, np.float32)
    fetch_(matrices, starts, again, vector, exact)
    kept, score = best_(again, exact, k)
    scanned = 0
    for each in chosen:
        for layer in range(len(starts)):
            scanned += sizes[layer, each]
    return kept, score, scanned


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _scan(
    codes: Any, numbers: Any, sizes: Any, words: Any, vector: Any, chosen: Any, bias: Any, masks: Any, few: bool,
    starts: Any, count: int, looked_up: Any, sums: Any, rows: Any, scores: Any,
) -> int:  # fmt: skip
    """Lists of the upper half of scores first, so that few rows of the others are kept for a while."""
    scale, base = table(words, vector, looked_up)
    found, least = 0, numba.float32(-np.inf)
    middle = (bias.max() + bias.min()) / numba.float32(2)
    for late in (False, True):
        for at in range(len(chosen)):
            if (bias[at] < middle) != late:
                continue
            each, add = chosen[at], bias[at] + base
            for layer in range(len(starts)):
                if sizes[layer, each]:
                    found, least = _list(
                        codes[layer, each], numbers[layer, each], sizes[layer, each], masks[layer], few, starts[layer],
                        len(words) // 2, add, scale, count, looked_up, sums, rows, scores, found, least,
                    )  # fmt: skip
    return found


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _list(
    codes: int, numbers: int, size: int, mask: int, few: bool, start: int, pairs: int, add: Any, scale: Any, count: int,
    looked_up: Any, sums: Any, rows: Any, scores: Any, found: int, least: Any,
) -> Any:  # fmt: skip
    """Those rows of one list that may answer and score at least `least` join the others found."""
    here = numba.carray(pointer(numbers), size, np.int64)
    limit = _limit(least, add, scale)
    for first in range(0, size, ROWS):
        if limit > MOST:
            break
        if few and mask != 0 and not _some(mask, here, first, min(size, first + ROWS)):
            continue
        passed = block(codes + first * pairs, looked_up.ctypes.data, pairs, limit, sums.ctypes.data)
        if size - first < ROWS:
            passed &= (1 << (size - first)) - 1
        while passed:
            place = lowest(passed)
            passed &= passed - 1
            row = here[first + place]
            if mask == 0 or _has(mask, row):
                rows[found], scores[found] = start + row, add + sums[place] / scale
                found += 1
        if found + ROWS > len(rows):
            found, least = _fewer(rows, scores, found, count)
            limit = _limit(least, add, scale)
    return found, least


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _some(mask: int, rows: Any, first: int, last: int) -> Any:
    words = numba.carray(pointer(mask), (rows[last - 1] >> 6) + 1, np.uint64)
    found = np.uint64(0)
    for at in range(first, last):
        found |= words[rows[at] >> 6] >> np.uint64(rows[at] & 63)
    return found & np.uint64(1) != np.uint64(0)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _has(mask: int, row: int) -> Any:
    word = numba.carray(pointer(mask + 8 * (row >> 6)), 1, np.uint64)[0]
    return (word >> np.uint64(row & 63)) & np.uint64(1) != np.uint64(0)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _limit(least: Any, add: Any, scale: Any) -> int:
    """The least sum of a list that is worth a score of `least`."""
    wanted = np.ceil((least - add) * scale)
    return int(min(max(wanted, numba.float32(0)), MOST + numba.float32(1)))


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _fewer(rows: Any, scores: Any, found: int, count: int) -> Any:
    """The `count` best to the front, to a 512th of their range; -> how many, and the least score worth keeping."""
    low = high = scores[0]
    for each in range(found):
        low, high = min(low, scores[each]), max(high, scores[each])
    if not low < high:
        return count, low
    held, step = np.zeros(_BINS + 1, np.int64), numba.float32(_BINS) / (high - low)
    for each in range(found):
        held[int((scores[each] - low) * step)] += 1
    above, last = 0, _BINS
    while above + held[last] < count:
        above += held[last]
        last -= 1
    room, kept = count - above, 0
    for each in range(found):
        place = int((scores[each] - low) * step)
        if place > last or (place == last and room > 0):
            if place == last:
                room -= 1
            rows[kept], scores[kept] = rows[each], scores[each]
            kept += 1
    return kept, low + numba.float32(last) / step
