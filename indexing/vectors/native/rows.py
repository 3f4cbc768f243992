"""What are the dot products of scattered rows, the rows of packed words, and the best of some, in machine code?

Eight rows are fetched at once: a row alone waits for memory most of the time. Every row's sum is made in the same
order, so that equal rows score alike.
"""

from typing import Any, Final

import numba
import numpy as np

from engine.types import F32, I64
from indexing.vectors.among import U64
from indexing.vectors.native.blocks import pointer

_ONCE: Final = 8
#: Rows that fit into a processor's own memory.
_HELD: Final = 128
_SEQUENCE: Final = np.uint64(0x03F79D71B4CB0A89)
PLACE: Final = np.zeros(64, np.int64)
PLACE[[((1 << place) * int(_SEQUENCE) % 2**64) >> 58 for place in range(64)]] = np.arange(64)


def gather(matrix: F32, rows: I64, vector: F32) -> F32:
    """float32[len(rows)]: inner products of a C-contiguous matrix's rows with a vector."""
    out = np.empty(len(rows), np.float32)
    gather_(matrix, rows, vector, out)
    return out


def every(matrix: F32, vectors: F32) -> F32:
    """float32[n, rows]: inner products of all rows of a C-contiguous matrix with each of n vectors."""
    out = np.empty((len(vectors), len(matrix)), np.float32)
    _every(matrix, vectors, out)
    return out


def expand(words: U64, stride: int, count: int) -> I64:
    """int64[count]: the bits set in every stride-th word, ascending; there are `count` of them at most."""
    out = np.empty(count, np.int64)
    found: I64 = out[: _expand(words, stride, out)]
    return found


def common(sets: I64, words: int, room: int) -> I64:
    """The rows whose bits are set in all of some sets of so many packed words, each at an address: `room` at most."""
    out = np.empty(room, np.int64)
    found: I64 = out[: _common(sets, words, out)]
    return found


def best(rows: I64, scores: F32, k: int) -> tuple[I64, F32]:
    """As exact.best."""
    found: tuple[I64, F32] = best_(rows, scores, k)
    return found


def nearest(matrices: I64, starts: I64, rows: I64, vector: F32, k: int) -> tuple[I64, F32]:
    """The k best of rows (ascending through layers, each at an address) and their scores; ties by row."""
    found: tuple[I64, F32] = _nearest(matrices, starts, rows, vector, k)
    return found


def inside(matrices: I64, starts: I64, masks: I64, sizes: I64, count: int, vector: F32, k: int) -> tuple[I64, F32]:
    """The k best of the rows of all layers that are in packed words, and their scores; ties by row.

    masks int64[layers]: the address of each layer's words, 0 for all; sizes int64[layers]: the rows that each layer
    has; count: how many rows are in, over all layers.
    """
    found: tuple[I64, F32] = _inside(matrices, starts, masks, sizes, np.empty(count, np.int64), vector, k)
    return found


def count(words: U64) -> int:
    """How many bits are set."""
    return int(_count(words))


def address(words: U64) -> int:
    """Where the words lie: numpy says so too, in five times the time."""
    return int(_address(words))


def within(rows: I64, words: U64) -> I64:
    """Those of the rows whose bits are set."""
    out = np.empty(len(rows), np.int64)
    found: I64 = out[: _within(rows, words, out)]
    return found


def pack(rows: I64, size: int) -> U64:
    """uint64[size]: words with the rows' bits set."""
    words = np.zeros(size, np.uint64)
    _pack(rows, words)
    return words


def warm() -> None:
    """Compile, or read what was compiled before."""
    rows, ones = np.arange(2), np.ones(8, np.float32)
    for matrix in kinds(np.ones((2, 8), np.float32)):
        gather(matrix, rows, ones)
        every(matrix, np.ones((1, 8), np.float32))
    for words in kinds(np.ones(1, np.uint64)):
        expand(words, 1, 1)
        within(rows, words)
        count(words)
        address(words)
    pack(rows, 1)
    bit = np.ones(1, np.uint64)
    common(np.array([address(bit)]), 1, 1)
    one, none = np.array([ones.ctypes.data]), np.zeros(1, np.int64)
    nearest(one, none, rows[:1], ones, 1)
    inside(one, none, none, rows[1:], 1, ones, 1)
    best(rows, ones[:2], 1)


def kinds(array: Any) -> tuple[Any, Any]:
    """The array, and one like it that cannot be written, as those of a memory-mapped file are."""
    frozen = array.copy()
    frozen.flags.writeable = False
    return array, frozen


@numba.njit(cache=True, nogil=True, fastmath=True)  # type: ignore[untyped-decorator]
def gather_(matrix: Any, rows: Any, vector: Any, out: Any) -> None:
    """Inner products of some rows."""
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
def _every(matrix: Any, vectors: Any, out: Any) -> None:
    """Some rows after the other, which stay at hand for all vectors: a matrix product would move them first."""
    for first in range(0, len(matrix), _HELD):
        rows = np.arange(first, min(first + _HELD, len(matrix)))
        for at in range(len(vectors)):
            gather_(matrix, rows, vectors[at], out[at, first : first + len(rows)])


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def fetch_(matrices: Any, starts: Any, rows: Any, vector: Any, out: Any) -> None:
    """Inner products of rows (ascending through all layers), each layer's vectors at an address."""
    first = 0
    for layer in range(len(starts)):
        last = len(rows) if layer + 1 == len(starts) else np.searchsorted(rows, starts[layer + 1])
        if first < last:
            here = rows[first:last] - starts[layer]
            matrix = numba.carray(pointer(matrices[layer]), (here[-1] + 1, len(vector)), np.float32)
            gather_(matrix, here, vector, out[first:last])
        first = last


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _nearest(matrices: Any, starts: Any, rows: Any, vector: Any, k: int) -> Any:
    scores = np.empty(len(rows), np.float32)
    fetch_(matrices, starts, rows, vector, scores)
    return best_(rows, scores, k)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _inside(matrices: Any, starts: Any, masks: Any, sizes: Any, rows: Any, vector: Any, k: int) -> Any:
    """rows: room for all that are in."""
    found = 0
    for layer in range(len(starts)):
        first, size = found, sizes[layer]
        if masks[layer] == 0:
            found += size
            rows[first:found] = np.arange(size)
        else:
            words = numba.carray(pointer(masks[layer]), (size + 63) >> 6, np.uint64)
            found += _expand(words, 1, rows[first:])
        rows[first:found] += starts[layer]
    return _nearest(matrices, starts, rows[:found], vector, k)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _address(words: Any) -> Any:
    return words.ctypes.data


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _count(words: Any) -> Any:
    """By halves, quarters, bytes: the compiler makes vector instructions of it."""
    found = np.uint64(0)
    for word in words:
        pairs = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
        fours = (pairs & np.uint64(0x3333333333333333)) + ((pairs >> np.uint64(2)) & np.uint64(0x3333333333333333))
        octets = (fours + (fours >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
        found += (octets * np.uint64(0x0101010101010101)) >> np.uint64(56)
    return found


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _within(rows: Any, words: Any, out: Any) -> int:
    found = 0
    for row in rows:
        out[found] = row
        found += int((words[row >> 6] >> np.uint64(row & 63)) & np.uint64(1))
    return found


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _pack(rows: Any, words: Any) -> None:
    for row in rows:
        words[row >> 6] |= np.uint64(1) << np.uint64(row & 63)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _expand(words: Any, stride: int, out: Any) -> int:
    found, one = 0, np.uint64(1)
    for number in range(0, len(words), stride):
        word = words[number]
        while word:
            lone = word & (~word + one)
            out[found] = number * 64 + PLACE[(lone * _SEQUENCE) >> np.uint64(58)]
            found += 1
            word ^= lone
    return found


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _common(sets: Any, words: int, out: Any) -> int:
    found, one = 0, np.uint64(1)
    for number in range(words):
        word = ~np.uint64(0)
        for each in sets:
            word &= numba.carray(pointer(each), words, np.uint64)[number]
        while word:
            lone = word & (~word + one)
            out[found] = number * 64 + PLACE[(lone * _SEQUENCE) >> np.uint64(58)]
            found += 1
            word ^= lone
    return found


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def best_(rows: Any, scores: Any, k: int) -> Any:
    """The k best, best first; ties in the order given."""
    if len(scores) > 2 * k:
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        kept = np.flatnonzero(scores >= least)
        rows, scores = rows[kept], scores[kept]
    order = np.argsort(-scores, kind="mergesort")[:k]
    return rows[order], scores[order]
