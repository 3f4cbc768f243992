"""Where do equal rows begin in sorted columns, and which rows are those of some stretches?"""

import numpy as np
import numpy.typing as npt

from engine.types import I64, Mask


def begins(*columns: npt.NDArray[np.generic]) -> Mask:
    """bool: the places where any of the columns (parallel, sorted together) has another value than right before."""
    new: Mask = np.ones(len(columns[0]), bool)
    new[1:] = False
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return new


def stretches(first: I64, count: I64) -> I64:
    """first[0], first[0] + 1, .., `count[0]` of them, then those of the next one."""
    return np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
