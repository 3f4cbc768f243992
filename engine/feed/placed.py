"""What do the columns say of rows of several kinds, and where are the items of some ids?"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.ports import Index
from engine.types import F32, I8, I64, KINDS, Kind


def by_kind(kinds: I8, rows: I64) -> tuple[tuple[Kind, I64, I64], ...]:
    """Parallel columns -> (kind, positions, rows) of each kind that is among them."""
    places = ((kind, np.flatnonzero(kinds == code)) for code, kind in enumerate(KINDS))
    return tuple((kind, where, rows[where]) for kind, where in places if len(where))


@dataclass(frozen=True)
class Rows:
    """Items of several kinds: parallel columns, what is asked of them laid along."""

    index: Index
    tenant: str
    kind: I8  # index into KINDS
    row: I64

    def __len__(self) -> int:
        return len(self.row)

    @cached_property
    def by_kind(self) -> tuple[tuple[Kind, I64, I64], ...]:
        """(kind, positions, rows) of each kind that is among them."""
        return by_kind(self.kind, self.row)

    def vectors(self) -> F32:
        """-> (n, dim); NaN for an item without a vector yet. (0, 0) for none."""
        parts = [(where, self.index.vectors(self.tenant, kind, rows)) for kind, where, rows in self.by_kind]
        out = np.full((len(self), parts[0][1].shape[1] if parts else 0), np.nan, np.float32)
        for where, found in parts:
            out[where] = found
        return out

    def texts(self, name: str) -> list[str | None]:
        """A text column; None where missing, or where the kind has no such column."""
        out = np.full(len(self), None, object)
        for kind, where, rows in self.by_kind:
            found = self.index.column(self.tenant, kind, name, rows)
            if found.dtype == object:
                out[where] = found
        told: list[str | None] = out.tolist()
        return told

    def numbers(self, names: tuple[str, ...]) -> F32:
        """-> (n, len(names)), NaN where missing."""
        out = np.full((len(self), len(names)), np.nan, np.float32)
        for kind, where, rows in self.by_kind:
            out[where] = self.index.numbers(self.tenant, kind, names, rows)
        return out


@dataclass(frozen=True)
class Placed(Rows):
    """Live items of some ids. An id that is nowhere, or was deleted, is left out."""

    ids: tuple[str, ...]

    @staticmethod
    def of(index: Index, tenant: str, ids: Iterable[str]) -> "Placed":
        """In the order given."""
        found = [(item_id, place) for item_id in ids if (place := index.locate(tenant, item_id)) is not None]
        kinds = np.array([KINDS.index(place[0]) for _, place in found], np.int8)
        rows = np.array([place[1] for _, place in found], np.int64)
        return Placed(index, tenant, kinds, rows, tuple(item_id for item_id, _ in found))

    def take(self, keep: I64) -> "Placed":
        """Those at some positions."""
        return Placed(self.index, self.tenant, self.kind[keep], self.row[keep], tuple(self.ids[at] for at in keep))
