"""How does a page to look around on show much, rather than much of the same? Worth against likeness, and caps.

Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998) over vectors, brands and categories: at each place the
item that is worth most less its likeness to those above it. For browsing alone: who asks for a thing wants the best of
it first. `benchmarks/quality/diversity.py` measures what it costs and gains.
"""

import numpy as np

from engine.fuse import normalised
from engine.ports import Index
from engine.types import F32, F64, I64, Candidates, Kind

#: What worth weighs against likeness, in [0, 1]; 1 changes nothing.
WORTH = 0.7
#: Places that are filled so; those looked at for them.
FILLED, REACH = 30, 120
#: Of each run of so many places, so many of one brand, author or category at most, while there are others.
WINDOW, PER_BRAND, PER_AUTHOR, PER_CATEGORY = 10, 2, 2, 4
#: How alike two items of one brand, or of one category, are at least.
SAME_BRAND, SAME_CATEGORY = 0.6, 0.3


def diverse(
    index: Index, tenant: str, kind: Kind, candidates: Candidates, order: I64, scores: F32, worth: float = WORTH
) -> I64:
    """The order of one kind with its first places spread; nothing is lost."""
    head = order[:REACH]
    if len(head) < 3 or worth >= 1:
        return order
    rows = candidates.row[head]
    groups = {name: _codes(index.column(tenant, kind, name, rows)) for name in ("brand", "author_id", "category")}
    likeness = _likeness(index.vectors(tenant, kind, rows), groups["brand"], groups["category"])
    caps = [
        (groups["brand"], PER_BRAND),
        (groups["author_id"], PER_AUTHOR),
        (groups["category"], PER_CATEGORY),
    ]
    taken = spread(normalised(scores[head].astype(np.float64)), likeness, caps, worth, FILLED)
    rest = np.setdiff1d(np.arange(len(head)), taken)
    return np.concatenate([head[taken], head[rest], order[REACH:]]).astype(np.int64)


def spread(worths: F64, likeness: F64, caps: list[tuple[I64, int]], worth: float, most: int) -> I64:
    """Positions, the best first: by worth less likeness to what is above, caps kept while anything keeps them.

    worths (n,), likeness (n, n) in [0, 1]; caps: (group of each, -1 for none; most of one group in a window).
    """
    left = np.ones(len(worths), np.bool_)
    nearest = np.zeros(len(worths))
    taken: list[int] = []
    while len(taken) < min(most, len(worths)):
        value = worth * worths - (1 - worth) * nearest
        allowed = left & _within(caps, taken, len(worths))
        pool = allowed if allowed.any() else left
        best = int(np.argmax(np.where(pool, value, -np.inf)))
        taken.append(best)
        left[best] = False
        nearest = np.maximum(nearest, likeness[best])
    return np.array(taken, np.int64)


def _within(caps: list[tuple[I64, int]], taken: list[int], n: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which items would not break a cap after those taken?"""
    fine = np.ones(n, np.bool_)
    recent = taken[-(WINDOW - 1) :]
    for group, most in caps:
        codes, counts = np.unique(group[recent], return_counts=True)
        full = codes[(counts >= most) & (codes >= 0)]
        fine &= ~np.isin(group, full)
    return fine


def _likeness(vectors: F32, brand: I64, category: I64) -> F64:
    """How alike each pair is, in [0, 1]: by meaning (above the median pair), at least so much for a shared name."""
    cosine: F64 = np.nan_to_num(vectors @ vectors.T, nan=0.0).astype(np.float64)
    middle = float(np.median(cosine))
    alike: F64 = np.clip((cosine - middle) / max(1.0 - middle, 1e-6), 0.0, 1.0)
    for codes, least in ((brand, SAME_BRAND), (category, SAME_CATEGORY)):
        alike = np.where((codes[:, np.newaxis] == codes) & (codes >= 0), np.maximum(alike, least), alike)
    return alike


def _codes(column: object) -> I64:
    """Equal texts as equal numbers; -1 for none."""
    names = [str(value) if isinstance(value, str) else None for value in np.asarray(column).tolist()]
    known = {name: number for number, name in enumerate(dict.fromkeys(names)) if name is not None}
    return np.array([-1 if name is None else known[name] for name in names], np.int64)
