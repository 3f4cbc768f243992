"""Is one system better than another on the same queries, or is it chance?"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

_CHUNK: Final = 1000  # random draws held at once


class Difference(NamedTuple):
    """A paired comparison: `p` is the chance of a mean difference at least this large when only chance differs."""

    mean_new: float
    mean_old: float
    low: float  # 95% interval of the mean difference, paired bootstrap
    high: float
    p: float  # one-sided, new > old
    p_two_sided: float
    queries: int

    @property
    def gain(self) -> float:
        return self.mean_new - self.mean_old

    def __str__(self) -> str:
        return (
            f"{self.mean_new:.4f} against {self.mean_old:.4f} "
            f"({self.gain:+.4f}, 95% {self.low:+.4f} to {self.high:+.4f}, p={self.p:.4f}, {self.queries} queries)"
        )


def paired(new: npt.ArrayLike, old: npt.ArrayLike, *, seed: int = 7, draws: int = 10_000) -> Difference:
    """Paired randomisation test with a bootstrap interval over queries where both have a value (Smucker et al. 2007).

    Monte Carlo p-values count the observed sample too, so they are never 0.
    """
    a, b = np.asarray(new, dtype=np.float64), np.asarray(old, dtype=np.float64)
    both = np.isfinite(a) & np.isfinite(b)
    a, b = a[both], b[both]
    if not len(a):
        return Difference(float("nan"), float("nan"), float("nan"), float("nan"), 1.0, 1.0, 0)
    difference, rng = a - b, np.random.default_rng(seed)
    observed = difference.mean()
    above = beyond = 0
    means = np.empty(draws)
    for start in range(0, draws, _CHUNK):
        size = (min(_CHUNK, draws - start), len(difference))
        flipped = (rng.choice((-1.0, 1.0), size) * difference).mean(axis=1)
        above += int((flipped >= observed - 1e-12).sum())
        beyond += int((np.abs(flipped) >= abs(observed) - 1e-12).sum())
        means[start : start + size[0]] = difference[rng.integers(0, len(difference), size)].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    p, both_sides = (above + 1) / (draws + 1), (beyond + 1) / (draws + 1)
    return Difference(float(a.mean()), float(b.mean()), float(low), float(high), p, both_sides, len(a))
