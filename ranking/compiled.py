"""What do ranking.among and ranking.held say, in machine code? The same numbers, bit for bit, in one pass.

Each function fills arrays that its caller made. Needs the extra `fast`.
"""

from typing import Any, Final

import numba
import numpy as np

from engine.cache import default_cache
from engine.types import F32, I64, Verdict

setattr(numba.config, "CACHE_DIR", str(default_cache() / "kernels"))  # noqa: B010  declared nowhere

_RETRIEVERS: Final = 3
_LIKELY: Final = int(Verdict.LIKELY)
_MET: Final = int(Verdict.MET)


def warm() -> None:
    """Compile all of it."""
    one, scores = np.zeros(1, np.int64), np.zeros((4, 1), np.float32)
    ones, kinds, verdict = np.zeros((1, 1), np.float32), np.zeros(1, np.int8), np.zeros((1, 1), np.int8)
    beside(scores, np.zeros(4, np.float32), scores.copy(), ones[0])
    ranked(ones, np.zeros((1, 1), np.int64), ones.copy())
    above(one, kinds, one, np.zeros(3, np.int64), 1, ones[0])
    kinds_above(kinds, one, np.zeros(3, np.int64), ones[0])
    counted(verdict, verdict == 1, ones, np.zeros((1, 4, 1), np.float32), ones.copy())
    chances(ones, ones[0], ones[0].copy())


@numba.njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def beside(scores: F32, tops: F32, shares: F32, hits: F32) -> None:  # pragma: no cover  (compiled)
    """The best of each score (4,); each as a share of it (4, n); how many retrievers found it (n,)."""
    hits[:] = 0
    for row in range(scores.shape[0]):
        top = np.float32(-np.inf)
        for at in range(scores.shape[1]):
            if np.isfinite(scores[row, at]):
                top = max(top, scores[row, at])
                if row < _RETRIEVERS:
                    hits[at] += np.float32(1)
        tops[row] = top
        whole = top if top > 0 else np.float32(np.nan)
        for at in range(scores.shape[1]):
            shares[row, at] = scores[row, at] / whole


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def ranked(scores: F32, order: I64, ranks: F32) -> None:  # pragma: no cover  (compiled)
    """Of each row: places from 1 on in an order by the scores, NaN last; equal scores share the better place."""
    for row in range(len(scores)):
        place = 0
        for at in range(scores.shape[1]):
            item = order[row, at]
            score = scores[row, item]
            if at == 0 or score != scores[row, order[row, at - 1]]:
                place = at + 1
            ranks[row, item] = np.float32(np.nan) if np.isnan(score) else np.float32(place)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def above(codes: I64, kinds: Any, order: I64, seen: I64, none: int, counted: F32) -> None:  # pragma: no cover
    """How many before it in the order have its code and kind; NaN for the code `none`. `seen`: zeros, a place for each
    code of each kind."""
    many = len(seen) // (none + 1)
    for at in range(len(order)):
        item = order[at]
        group = codes[item] * many + kinds[item]
        counted[item] = np.float32(np.nan) if codes[item] == none else np.float32(seen[group])
        seen[group] += 1


@numba.njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def kinds_above(kinds: Any, order: I64, seen: I64, shares: F32) -> None:  # pragma: no cover  (compiled)
    """Share of those before it in the order that are of its kind; NaN for the first. `seen`: zeros, one a kind."""
    for at in range(len(order)):
        kind = kinds[order[at]]
        shares[order[at]] = np.float32(np.nan) if at == 0 else np.float32(seen[kind] / at)
        seen[kind] += 1


@numba.njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def counted(verdict: Any, applies: Any, members: F32, counts: F32, shares: F32) -> None:  # pragma: no cover  (compiled)
    """How many constraints of each group an item keeps, of how many is known, how many apply, how many it keeps for
    sure: `counts` (groups, 4, n), zeros; those kept as a share of the known: `shares` (groups, n)."""
    one = np.float32(1)
    for group in range(members.shape[0]):
        kept, known, applying, sure = counts[group]
        for row in range(verdict.shape[0]):
            if members[group, row]:
                for at in range(verdict.shape[1]):
                    kept[at] += one if verdict[row, at] >= _LIKELY else np.float32(0)
                    known[at] += one if verdict[row, at] > 0 else np.float32(0)
                    applying[at] += one if applies[row, at] else np.float32(0)
                    sure[at] += one if verdict[row, at] == _MET else np.float32(0)
        for at in range(verdict.shape[1]):
            shares[group, at] = kept[at] / known[at]


@numba.njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def chances(probability: F32, mean: F32, least: F32) -> None:  # pragma: no cover  (compiled)
    """The mean of the finite probabilities of each item, and the least that is known; NaN without any."""
    for at in range(probability.shape[1]):
        total, count, low = np.float64(0), 0, np.float32(np.nan)
        for row in range(probability.shape[0]):
            chance = probability[row, at]
            if np.isfinite(chance):
                total += np.float64(chance)
                count += 1
            if not np.isnan(chance) and (np.isnan(low) or chance < low):
                low = chance
        mean[at] = np.float32(total / count) if count else np.float32(np.nan)
        least[at] = low
