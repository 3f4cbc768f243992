"""What if one author wrote most of what a search found? Then others are looked for as well, so that a page has both."""

import numpy as np

from engine.ports import Index
from engine.types import I64, Mask

#: Authors of fewer notes cannot crowd anybody out, and cost no look at who wrote what.
LOUD = 40
#: The share of the notes found from which one author is a crowd.
SHARE = 0.4
_COUNT = "author_note_count"


def others(index: Index, tenant: str, rows: I64, pool: Mask) -> Mask | None:
    """The notes of the pool that are not by whoever wrote most of `rows`; None when nobody did.

    Authors are told apart by how many notes they have (a column of numbers, so that a pool of a million costs
    milliseconds): another with exactly as many is left out of this second look as well, and only of this one.
    """
    if not len(rows):
        return None
    counts = index.numbers(tenant, "note", (_COUNT,), rows)[:, 0]
    loud = counts >= LOUD
    if loud.sum() < SHARE * len(rows):
        return None
    authors = index.column(tenant, "note", "author_id", rows[loud])
    _, place = np.unique(np.asarray(authors, object).astype(str), return_inverse=True)
    crowding = np.flatnonzero(np.bincount(place) >= SHARE * len(rows))
    if not len(crowding):
        return None
    theirs = np.unique(counts[loud][np.isin(place, crowding)])
    everywhere = np.flatnonzero(pool)
    quiet: Mask = pool.copy()
    quiet[everywhere] = ~np.isin(index.numbers(tenant, "note", (_COUNT,), everywhere)[:, 0], theirs)
    return quiet if quiet.any() else None
