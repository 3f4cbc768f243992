"""What do a model's trees say, in machine code? The sums of ranking.trees, bit for bit, where numba is installed.

The code is made when a model whose trees have another size is loaded, never during a request, and kept in the cache
folder. Needs the extra `fast`.
"""

from typing import Any, Final

import numba
import numpy as np

from engine.cache import default_cache
from engine.types import F32, F64
from ranking.trees import ZERO, Block, columns_used, most_leaves, read

#: Rows met at once: their leaf bits and the features of a tree stay in the nearest cache.
_LANES: Final = 128
#: Where zeros go, for a split that takes them for numbers; else 0 (left) or 1.
_AS_IS: Final = -1
#: The place of a lone bit: De Bruijn's sequence, and where each of its windows says the bit is.
_SEQUENCE: Final = np.uint64(0x03F79D71B4CB0A89)
_PLACE: Final = np.zeros(64, np.int64)
_PLACE[[((1 << place) * int(_SEQUENCE) % 2**64) >> 58 for place in range(64)]] = np.arange(64)

#: Most leaves of a tree: a bit each, in so many bytes.
MOST_LEAVES: Final = 64
_SIZES: Final = (1, 2, 4, 8)

setattr(numba.config, "CACHE_DIR", str(default_cache() / "kernels"))  # noqa: B010  declared nowhere


class CompiledTrees:
    """All trees of a model, of at most MOST_LEAVES leaves each. Thread-safe, and without the interpreter's lock."""

    def __init__(self, model: str) -> None:
        """`model`: text that ranking.guard has checked, or that LightGBM has just written."""
        trees = read(model)
        self.used = columns_used(trees)
        leaves = most_leaves(trees)
        size = next(size for size in _SIZES if leaves <= 8 * size)
        block = Block.of(trees, leaves - 1, size)
        kept = block.kept.view(f"<u{size}")[:, :, 0]
        by_split = (block.feature, block.bound, block.nan_right, block.zero_right, block.by_zero, kept)
        self._arrays = [*(np.ascontiguousarray(array.T) for array in by_split), block.value]
        self.sums(np.zeros((1, max(self.used, default=0) + 1), np.float32))  # compiled here

    def sums(self, X: F32) -> F64:
        """Feature rows (n, features) -> (n,) float64: the sum of the leaves that the trees give."""
        out = np.zeros(len(X))
        _add(np.ascontiguousarray(X.T, np.float32), *self._arrays, out)
        return out


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _add(
    columns: F32,
    feature: Any,
    bound: F32,
    nan_right: Any,
    zero_right: Any,
    by_zero: Any,
    kept: Any,
    value: F64,
    out: F64,
) -> None:  # pragma: no cover  (compiled)
    """Add each tree's value in turn to `out` (n,). `columns` (features, n), `value` (trees, leaves).

    The others (trees, splits), as Block has them; `kept` unsigned: the leaf bits left by going right.
    """
    left = np.empty(_LANES, kept.dtype)
    for start in range(0, len(out), _LANES):
        width = min(_LANES, len(out) - start)
        for tree in range(feature.shape[0]):
            left[:] = ~kept.dtype.type(0)
            for split in range(feature.shape[1]):
                x = columns[feature[tree, split], start : start + width]
                zeros = zero_right[tree, split] if by_zero[tree, split] else _AS_IS
                _rule_out(left, x, bound[tree, split], kept[tree, split], nan_right[tree, split], zeros)
            for row in range(width):
                lowest = np.uint64(left[row]) & (~np.uint64(left[row]) + np.uint64(1))
                out[start + row] += value[tree, _PLACE[(lowest * _SEQUENCE) >> np.uint64(58)]]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _rule_out(left: Any, x: F32, bound: Any, kept: Any, nan_right: Any, zeros: Any) -> None:  # pragma: no cover
    """One split of one tree over some rows. Each loop is free of jumps, so that it becomes vector instructions."""
    if zeros != _AS_IS:
        for row in range(len(x)):
            zero = abs(x[row]) <= ZERO or x[row] != x[row]
            left[row] &= kept if (zeros if zero else x[row] > bound) else left[row]
    elif nan_right:
        for row in range(len(x)):
            left[row] &= left[row] if x[row] <= bound else kept
    else:
        for row in range(len(x)):
            left[row] &= kept if x[row] > bound else left[row]
