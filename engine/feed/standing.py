"""What does a feed look up that is the same whoever asks? Orders of all items, made once for each state of an index."""

from collections.abc import Callable
from functools import cached_property
from weakref import WeakKeyDictionary, ref

import numpy as np

from engine.ports import Index
from engine.types import F32, I64, KINDS, Kind

#: Notes older than so many days are new to nobody.
OLDEST_DAYS = 90.0
#: Items of which it is remembered what was judged.
MOST_JUDGED = 50_000


class Standing:
    """Of one tenant of one index, which must outlive it; what changes makes a new index. For many threads."""

    def __init__(self, numbers: Callable[[Kind, str], F32]) -> None:
        self._numbers = numbers
        self._judged: dict[tuple[Kind, int], tuple[bool, ...]] = {}

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

    @property
    def judged(self) -> dict[tuple[Kind, int], tuple[bool, ...]]:
        """Which learnt attributes items have, as far as it was asked (engine/feed/learnt.py)."""
        if len(self._judged) > MOST_JUDGED:
            self._judged = {}
        return self._judged


_KNOWN: "WeakKeyDictionary[Index, dict[str, Standing]]" = WeakKeyDictionary()


def standing(index: Index, tenant: str) -> Standing:
    """Of a tenant of an index; made when it is asked for first."""
    of = _KNOWN.setdefault(index, {})
    if tenant not in of:
        of[tenant] = Standing(_reader(index, tenant))
    return of[tenant]


def _reader(index: Index, tenant: str) -> Callable[[Kind, str], F32]:
    """A column of all rows; it holds no index, which would then never go."""
    held = ref(index)

    def read(kind: Kind, name: str) -> F32:
        alive = held()
        assert alive is not None
        rows = np.arange(alive.count(tenant, kind))
        column: F32 = alive.numbers(tenant, kind, (name,), rows)[:, 0]
        return column

    return read
