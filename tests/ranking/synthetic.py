"""Lists with a known rule behind their grades, in the shape of the real feature matrix."""

from typing import Final

import numpy as np

from ranking.dataset import Dataset
from ranking.features import NAMES
from ranking.linear import NOTHING, WEIGHTS
from ranking.settings import Settings

#: As much as it takes to learn the rule; no orders by hand are tried below the trees, which costs seventeen models.
QUICK: Final = Settings(bases=(NOTHING,), few_trees=30, most_trees=30, patience=10)


def lists(count: int, seed: int, *, rows: int = 20, noise: float = 0.3) -> Dataset:
    """Grades follow cosine, minus contradictions, plus noise; all else is chance. 5% of the values are missing."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(count * rows, len(NAMES))).astype(np.float32)
    weighted = {name for weights in WEIGHTS.values() for name in weights}
    X[:, [NAMES.index(name) for name in weighted - {"cosine"}]] *= 0.02  # the orders by hand say next to nothing
    hidden = X[:, NAMES.index("cosine")] - X[:, NAMES.index("n_unknown")] + noise * rng.normal(size=len(X))
    X[rng.random(X.shape) < 0.05] = np.nan
    grades = np.digitize(hidden, (0.5, 1.5, 2.5)).astype(np.int64)
    ids = tuple(f"{seed}-{number}" for number in range(count))
    return Dataset(X, grades, np.full(count, rows, dtype=np.int64), ids)
