"""What is one kind of item, over all segments? Global rows in, the right segment's part asked, one answer out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from engine.types import F32, I64, Constraint, Found, Kind, Mask
from indexing.columns.data import Columns
from indexing.columns.judge import filters, rule
from indexing.columns.mined import Mined
from indexing.columns.verdicts import Ruling
from indexing.columns.words import Naming
from indexing.segment import Part

Search: TypeAlias = Callable[[Part, Mask], Found]


@dataclass(frozen=True)
class Shelf:
    """One kind: a part per segment, and which rows live. Immutable."""

    kind: Kind
    parts: Sequence[Part]
    alive: Mask
    mined: Sequence[Mined]  # of each part

    @cached_property
    def starts(self) -> list[int]:
        """Where each part's rows begin."""
        return [0, *np.cumsum([len(p) for p in self.parts])[:-1].tolist()]

    @cached_property
    def columns(self) -> list[Columns]:
        """Each part's columns, with what the notes of all segments say."""
        return [replace(part.columns, mined=mined) for part, mined in zip(self.parts, self.mined, strict=True)]

    def split(self, rows: I64) -> Iterator[tuple[I64, Part, I64]]:
        """(positions in `rows`, part, the part's own rows), for each part that has any."""
        if len(self.parts) == 1:
            yield np.arange(len(rows)), self.parts[0], rows
            return
        which = np.searchsorted(self.starts, rows, side="right") - 1
        for number, part in enumerate(self.parts):
            at = np.flatnonzero(which == number)
            if len(at) or number == 0:
                yield at, part, rows[at] - self.starts[number]

    def take(self, rows: I64, column: Callable[[Part, I64], Any]) -> Any:
        """A column of every part, laid along the rows."""
        parts = [(at, column(part, local)) for at, part, local in self.split(rows)]
        if len(parts) == 1:
            return parts[0][1]
        first = parts[0][1]
        out = np.empty((len(rows), *first.shape[1:]), first.dtype)
        for at, values in parts:
            out[at] = values
        return out

    def rule(self, constraint: Constraint, rows: I64, naming: Naming) -> Ruling:
        """One constraint over rows, polarity not yet counted."""
        columns = dict(zip(map(id, self.parts), self.columns, strict=True))
        parts = [(at, rule(columns[id(part)], constraint, local, naming)) for at, part, local in self.split(rows)]
        return Ruling.joined(parts, len(rows))

    def allowed(self, constraints: Sequence[Constraint], naming: Naming) -> Mask:
        """bool[count]: the live rows that keep every constraint. Each looks only at what the ones before have left."""
        having = [c for c in constraints if filters(self.kind, c)]
        kept = self.alive.copy()
        for start, columns in zip(self.starts, self.columns, strict=True):
            rows = np.flatnonzero(kept[start : start + columns.count])
            for constraint in having:
                rows = rows[rule(columns, constraint, rows, naming).filter(constraint.polarity)]
            kept[start : start + columns.count] = False
            kept[start + rows] = True
        return kept

    def search(self, allowed: Mask | None, k: int, search: Search) -> Found:
        """The k best over all parts; `search` asks one part under its own mask."""
        mask = self.alive if allowed is None else allowed & self.alive
        found = []
        for start, part in zip(self.starts, self.parts, strict=True):
            answer = search(part, mask[start : start + len(part)])
            found.append(Found(answer.rows + start, answer.scores, answer.plan))
        if len(found) == 1:
            return found[0]
        rows = np.concatenate([f.rows for f in found])
        scores: F32 = np.concatenate([f.scores for f in found])
        order = np.lexsort((rows, -scores))[:k]
        return Found(rows[order], scores[order], "+".join(f.plan for f in found))
