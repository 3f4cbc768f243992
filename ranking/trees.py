"""What do a model's trees say of a whole list? LightGBM's own sums, to the last bit, without LightGBM.

QuickScorer (Lucchese et al., SIGIR 2015) over arrays: a split that sends a row to the right rules out the leaves on its
left; the leftmost leaf that no split rules out is where the row ends. All splits of many trees are met at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.types import F32, F64, I64, Mask

U8: TypeAlias = npt.NDArray[np.uint8]

#: Splits met at once: their outcomes for a list of some hundred rows fit the cache.
_AT_ONCE: Final = 1024
#: What LightGBM takes for zero, and how a split's decision_type tells missing values: by zero, by NaN.
ZERO: Final = np.float32(1e-35)
_BY_ZERO, _BY_NAN = 1, 2
#: The lowest set bit of a byte.
_LOWEST: Final = np.array([0, *((byte & -byte).bit_length() - 1 for byte in range(1, 256))], np.int64)


@dataclass(frozen=True)
class Tree:
    """One tree as its model file has it; children >= 0 are nodes, others are leaves (-1 - leaf)."""

    feature: I64
    threshold: F64
    decision: I64
    left: Sequence[int]
    right: Sequence[int]
    value: F64

    @staticmethod
    def of(text: str) -> "Tree":
        fields: Mapping[str, str] = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)

        def numbers(name: str, dtype: Any) -> Any:
            return np.array(fields.get(name, "").split(), dtype)

        return Tree(
            feature=numbers("split_feature", np.int64),
            threshold=numbers("threshold", np.float64),
            decision=numbers("decision_type", np.int64),
            left=numbers("left_child", np.int64).tolist(),
            right=numbers("right_child", np.int64).tolist(),
            value=numbers("leaf_value", np.float64),
        )

    def leaves(self) -> tuple[tuple[int, ...], list[tuple[int, ...]]]:
        """-> all leaves from left to right, and those on each node's left. Children are numbered after parents."""
        below: list[tuple[int, ...]] = [()] * len(self.left)

        def under(child: int) -> tuple[int, ...]:
            return below[child] if child >= 0 else (-1 - child,)

        for node in reversed(range(len(below))):
            below[node] = under(self.left[node]) + under(self.right[node])
        return below[0] if below else (0,), [under(child) for child in self.left]


@dataclass(frozen=True)
class Block:
    """Neighbouring trees as arrays: K splits each (those that a tree lacks send nothing to the right).

    `feature`, `bound`, `nan_right`, `zero_right`, `by_zero` (zeros are told apart): (K, trees). `kept` uint8
    (K, trees, bytes): the leaf bits left by going right. `value` float64 (trees, 8 * bytes), from left to right.
    """

    feature: I64
    bound: F32
    nan_right: Mask
    zero_right: Mask
    by_zero: Mask
    kept: U8
    value: F64

    @staticmethod
    def of(trees: Sequence[Tree], splits: int, size: int) -> "Block":
        """`splits`: most of any tree; `size`: bytes that the leaf bits of one tree take."""
        shape = (splits, len(trees))
        feature, threshold, decision = np.zeros(shape, np.int64), np.full(shape, np.inf), np.zeros(shape, np.int64)
        leaf_bits, value = np.ones((*shape, 8 * size), np.uint8), np.zeros((len(trees), 8 * size))
        for number, tree in enumerate(trees):
            count = len(tree.left)
            feature[:count, number], threshold[:count, number] = tree.feature, tree.threshold
            decision[:count, number] = tree.decision
            order, on_left = tree.leaves()
            value[number, : len(order)] = tree.value[list(order)]
            place = {leaf: at for at, leaf in enumerate(order)}
            for node, leaves in enumerate(on_left):
                leaf_bits[node, number, [place[leaf] for leaf in leaves]] = 0
        default_right, missing = (decision & 2) == 0, decision >> 2
        zero_right = np.where(missing == _BY_ZERO, default_right, threshold < 0)
        return Block(
            feature,
            _float32_below(threshold),
            np.where(missing == _BY_NAN, default_right, zero_right),  # elsewhere NaN is read as zero
            zero_right,
            missing == _BY_ZERO,
            np.packbits(leaf_bits, axis=2, bitorder="little"),
            value,
        )

    def add_to(self, sums: F64, columns: F32, nan: Mask) -> None:
        """Add the value of each tree in turn, as LightGBM does: floating-point sums depend on their order.

        `columns` (features, n) and where they are NaN.
        """
        right = columns[self.feature] > self.bound[:, :, None]
        right |= nan[self.feature] & self.nan_right[:, :, None]
        if self.by_zero.any():
            zero = (np.abs(columns) <= ZERO)[self.feature] & self.by_zero[:, :, None]
            right = np.where(zero, self.zero_right[:, :, None], right)
        stays = right.view(np.uint8) - np.uint8(1)  # 255 where a split rules out nothing
        left = np.full((*self.kept.shape[1:], len(sums)), 255, np.uint8)
        for kept, stay in zip(self.kept, stays, strict=True):
            left &= kept[:, :, None] | stay[:, None, :]
        first = (left != 0).argmax(axis=1)
        byte = left[:, 0] if left.shape[1] == 1 else np.take_along_axis(left, first[:, None], axis=1)[:, 0]
        leaf = 8 * first + _LOWEST[byte]
        for values in np.take_along_axis(self.value, leaf, axis=1):
            sums += values


def _float32_below(values: F64) -> F32:
    """The greatest float32 that is not above: a float32 is greater than it exactly when it is above the value."""
    with np.errstate(over="ignore"):
        rounded = values.astype(np.float32)
    return np.where(rounded > values, np.nextafter(rounded, np.float32(-np.inf)), rounded).astype(np.float32)


class Trees:
    """All trees of a model. Thread-safe: only read."""

    def __init__(self, model: str) -> None:
        """`model`: text that ranking.guard has checked, or that LightGBM has just written."""
        trees = read(model)
        self.used = columns_used(trees)
        leaves = most_leaves(trees)
        step = max(1, _AT_ONCE // leaves)
        chunks = [trees[at : at + step] for at in range(0, len(trees), step)]
        self._blocks = [Block.of(chunk, leaves - 1, -(-leaves // 8)) for chunk in chunks]

    def sums(self, X: F32) -> F64:
        """Feature rows (n, features) -> (n,) float64: the sum of the leaves that the trees give."""
        columns = np.ascontiguousarray(X.T, np.float32)
        nan, out = np.isnan(columns), np.zeros(len(X))
        for block in self._blocks:
            block.add_to(out, columns, nan)
        return out


def read(model: str) -> list[Tree]:
    """The trees of a model's text."""
    return [Tree.of(part) for part in model.partition("end of trees")[0].split("Tree=")[1:]]


def columns_used(trees: Sequence[Tree]) -> frozenset[int]:
    """The columns that any split looks at."""
    return frozenset(int(feature) for tree in trees for feature in tree.feature)


def most_leaves(trees: Sequence[Tree]) -> int:
    """Of any tree."""
    return max((len(tree.value) for tree in trees), default=1)
