"""Which allowed rows have the highest scores, without sorting them all?"""

from typing import Final

import numpy as np

from engine.types import F32, I64, Mask

#: A bar for the scores is guessed from every so-and-so-many-th row, where there are so many rows at least.
_STEP: Final = 61
_MANY: Final = 50_000
#: Of fewer allowed rows than one in so many, all are looked at.
_FEW: Final = 64


def best(scores: F32, allowed: Mask, k: int) -> I64:
    """The k best allowed rows with a score above 0, best first; of equal scores the lower row."""
    count = int(np.count_nonzero(allowed))
    if count * _FEW < len(allowed):
        rows = np.flatnonzero(allowed)
    else:
        bar = _bar(scores, allowed, k)
        rows = _above(scores, allowed, bar)
        if len(rows) < k and bar > 0:
            rows = _above(scores, allowed, 0.0)
    kept = scores[rows]
    rows, kept = rows[kept > 0], kept[kept > 0]
    if len(rows) > k:
        last = np.partition(kept, len(kept) - k)[len(kept) - k]
        rows, kept = rows[kept >= last], kept[kept >= last]
    return rows[np.lexsort((rows, -kept))][:k]


def _bar(scores: F32, allowed: Mask, k: int) -> float:
    """A score that some few times k allowed rows reach, as far as a sample can tell."""
    if len(scores) < _MANY:
        return 0.0
    sample = scores[::_STEP][allowed[::_STEP]]
    rank = max(8, 3 * k // _STEP)
    if rank >= len(sample):
        return 0.0
    return float(np.partition(sample, len(sample) - rank)[len(sample) - rank])


def _above(scores: F32, allowed: Mask, bar: float) -> I64:
    """The allowed rows that reach the bar, or have any score where there is no bar: compared first, since numpy finds
    what is True ten times as fast as what is not 0."""
    rows = np.flatnonzero(scores >= bar if bar > 0 else scores > 0)
    return rows[allowed[rows]]
