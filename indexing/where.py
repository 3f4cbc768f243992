"""Where is the item of an id? The base's ids, looked up where they lie, and what has changed since."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.types import I8, I64, KINDS, Kind
from indexing.columns.lexis import Lexis

Place: TypeAlias = tuple[Kind, int]  # kind, global row

#: More ids than this are looked up by one pass over all that the base has.
MANY: Final = 20_000
#: Ids of which it is remembered where the base has them.
KNOWN: Final = 1 << 17


@dataclass(frozen=True)
class Where:
    """`ids`: the base's, by kind; `moved`: ids that changed -> where they are now (None: gone). Immutable, but for what
    it remembers of the base, which all that is laid over one base (`after`) share. Safe for many threads.
    """

    ids: Mapping[Kind, Lexis]
    moved: Mapping[str, Place | None] = field(default_factory=dict)
    base: "Where | None" = None

    def after(self, moved: Mapping[str, Place | None]) -> "Where":
        """Over the same base, after other changes."""
        return Where(self.ids, moved, self.base or self)

    def get(self, item_id: str) -> Place | None:
        """Where a live item is."""
        return self.moved[item_id] if item_id in self.moved else self.first(item_id)

    @cached_property
    def first(self) -> Callable[[str], Place | None]:
        """Where the base has an item; the last ones asked for are remembered."""
        return self.base.first if self.base is not None else lru_cache(maxsize=KNOWN)(partial(_find, self.ids))

    def __getitem__(self, item_id: str) -> Place:
        found = self.get(item_id)
        if found is None:
            raise KeyError(item_id)
        return found

    def places(self, ids: pa.Array) -> tuple[I8, I64]:
        """Of each id its kind (index into KINDS; -1: it is nowhere) and its row."""
        return self._each(ids.to_pylist()) if len(ids) <= MANY else self._all(ids)

    def _each(self, ids: Sequence[str]) -> tuple[I8, I64]:
        """One by one: the ids of live changes come again with every write."""
        found = list(map(self.get, ids))
        kinds = [-1 if place is None else KINDS.index(place[0]) for place in found]
        return np.array(kinds, np.int8), np.array([-1 if place is None else place[1] for place in found], np.int64)

    def _all(self, ids: pa.Array) -> tuple[I8, I64]:
        kinds, rows = np.full(len(ids), -1, np.int8), np.full(len(ids), -1, np.int64)
        for kind, known in self.ids.items():
            found = known.numbers(ids)
            hit = found >= 0
            kinds[hit], rows[hit] = KINDS.index(kind), found[hit]
        changed = pc.is_in(ids, pa.array(list(self.moved), ids.type)) if self.moved else pa.array([], pa.bool_())
        for at in np.flatnonzero(np.asarray(changed)).tolist():
            place = self.moved[ids[at].as_py()]
            kinds[at], rows[at] = (-1, -1) if place is None else (KINDS.index(place[0]), place[1])
        return kinds, rows


def _find(ids: Mapping[Kind, Lexis], item_id: str) -> Place | None:
    return next(((kind, row) for kind, known in ids.items() if (row := known.number(item_id)) >= 0), None)
