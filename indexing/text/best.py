"""Which allowed rows have the highest scores, without sorting them all?"""

from typing import Final

import numpy as np

from engine.types import F32, I64, Mask

#: A bar for the scores is guessed from every so-and-so-many-th row, where there are so many rows at least.
_STEP: Final = 61
_MANY: Final = 50_000


def best(scores: F32, allowed: Mask, k: int) -> I64:
    """The k best allowed rows with a score above 0, best first; of equal scores the lower row."""
    count = int(np.count_nonzero(allowed))
    if count * 8 < len(allowed):
        rows = np.flatnonzero(allowed)
        kept = scores[rows]
    else:
        kept = scores if count == len(allowed) else scores * allowed
        rows = _above(kept, _bar(kept, k), k)
        kept = kept[rows]
    rows, kept = rows[kept > 0], kept[kept > 0]
    if len(rows) > k:
        last = np.partition(kept, len(kept) - k)[len(kept) - k]
        rows, kept = rows[kept >= last], kept[kept >= last]
    return rows[np.lexsort((rows, -kept))][:k]


def _bar(scores: F32, k: int) -> float:
    """A score that some few times k rows reach, as far as a sample can tell."""
    if len(scores) < _MANY:
        return 0.0
    sample = scores[::_STEP]
    rank = max(8, 3 * k // _STEP)
    if rank >= len(sample):
        return 0.0
    return float(np.partition(sample, len(sample) - rank)[len(sample) - rank])


def _above(scores: F32, bar: float, k: int) -> I64:
    """The rows that reach the bar; all with a score where the bar was too high."""
    rows = np.flatnonzero(scores >= bar) if bar > 0 else np.flatnonzero(scores)
    return rows if bar <= 0 or len(rows) >= k else np.flatnonzero(scores)
