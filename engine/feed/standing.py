"""What does a feed look up that is the same whoever asks? Orders of all items, made once for each state of an index."""

from functools import cached_property
from weakref import WeakKeyDictionary, ref

import numpy as np

from engine.ports import Index
from engine.types import F32, I64, KINDS, Kind

#: Notes older than so many days are new to nobody.
OLDEST_DAYS = 90.0
#: Items of which it is remembered what was judged.
MOST_JUDGED = 50_000
#: What fewer people chose is budding; of each kind those that were chosen most, and most lately.
BUDDING, MOST_BUDDING = 5, 300


class Standing:
    """Of one tenant of one index; what changes makes a new index. For many threads."""

    def __init__(self, index: Index, tenant: str) -> None:
        self._held, self._tenant = ref(index), tenant  # who holds this by the index must not hold the index by this
        self._judged: dict[tuple[Kind, int], tuple[bool, ...]] = {}

    @property
    def _index(self) -> Index:
        index = self._held()
        assert index is not None  # who asks has it
        return index

    @cached_property
    def popular(self) -> dict[Kind, tuple[I64, F32]]:
        """All rows of each kind, what most like first (of equals the first row), and their popularity, 0 for none."""
        found = {}
        for kind in KINDS:
            popularity = np.nan_to_num(self._numbers(kind, "popularity"), nan=0.0)
            rows = np.argsort(-popularity, kind="stable")
            found[kind] = rows, popularity[rows]
        return found

    @cached_property
    def newest(self) -> tuple[I64, F32]:
        """Notes of the last OLDEST_DAYS, the newest first, and their ages in days."""
        ages = self._numbers("note", "age_days")
        young = np.flatnonzero(ages <= OLDEST_DAYS)
        young = young[np.argsort(ages[young], kind="stable")]
        return young, np.maximum(ages[young], 0)

    @cached_property
    def budding(self) -> dict[Kind, tuple[I64, F32, F32]]:
        """Rows of each kind that few people chose so far, how often they are chosen, and their vectors."""
        found = {}
        for kind in KINDS:
            behind = self._index.behind(self._tenant, kind)
            rows = np.flatnonzero((behind > 0) & (behind < BUDDING))
            often = self._index.chosen(self._tenant, kind, rows)
            best = np.argsort(-often, kind="stable")[:MOST_BUDDING]
            vectors = self._index.vectors(self._tenant, kind, rows[best])
            known = np.isfinite(vectors).all(axis=1)
            found[kind] = rows[best][known], often[best][known], vectors[known]
        return found

    @property
    def judged(self) -> dict[tuple[Kind, int], tuple[bool, ...]]:
        """Which learnt attributes items have, as far as it was asked (engine/feed/learnt.py)."""
        if len(self._judged) > MOST_JUDGED:
            self._judged = {}
        return self._judged

    def _numbers(self, kind: Kind, name: str) -> F32:
        rows = np.arange(self._index.count(self._tenant, kind))
        column: F32 = self._index.numbers(self._tenant, kind, (name,), rows)[:, 0]
        return column


_KNOWN: "WeakKeyDictionary[Index, dict[str, Standing]]" = WeakKeyDictionary()


def standing(index: Index, tenant: str) -> Standing:
    """Of a tenant of an index; made when it is asked for first."""
    of = _KNOWN.setdefault(index, {})
    if tenant not in of:
        of[tenant] = Standing(index, tenant)
    return of[tenant]
