"""Where does a person stand among the vectors of items, by what they did a moment ago? No training needed."""

import numpy as np

from engine.types import F32


def fold_in(items: F32, gains: F32, gram: F32, regularisation: float) -> F32:
    """-> (d,): the person's vector, the exact step of alternating least squares with the items held fast.

    items: (n, d) vectors of what they acted on; gains: (n,) at least 0, the confidence beyond the 1 that everybody has
    in everything; gram: (d, d), the sum of v v^T over all items (Hu, Koren and Volinsky 2008). Rows that are not
    finite (items without a vector) are left out; without any left the vector is all 0.
    """
    known = np.isfinite(items).all(axis=1) & (gains > 0)
    rows, weights = items[known].astype(np.float64), gains[known].astype(np.float64)
    if not len(rows):
        return np.zeros(len(gram), np.float32)
    system = gram + (rows * weights[:, np.newaxis]).T @ rows + regularisation * np.eye(len(gram))
    solved = np.linalg.solve(system, (1.0 + weights) @ rows)
    return solved.astype(np.float32)
