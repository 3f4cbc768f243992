"""What is one kind of item, over all segments? Global rows in, the right segment's part asked, one answer out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from engine.types import F32, I64, Constraint, Found, Kind, Mask
from indexing.columns.judge import filters, rule
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

    @cached_property
    def starts(self) -> list[int]:
        """Where each part's rows begin."""
        return [0, *np.cumsum([len(p) for p in self.parts])[:-1].tolist()]

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
        parts = [(at, rule(part.columns, constraint, local, naming)) for at, part, local in self.split(rows)]
        return Ruling.joined(parts, len(rows))

    def allowed(self, constraints: Sequence[Constraint], naming: Naming) -> Mask:
        """bool[count]: the live rows that keep every constraint. Each looks only at what the ones before have left."""
        having = [c for c in constraints if filters(self.kind, c)]
        kept = self.alive.copy()
        for start, part in zip(self.starts, self.parts, strict=True):
            rows = np.flatnonzero(kept[start : start + len(part)])
            for constraint in having:
                rows = rows[rule(part.columns, constraint, rows, naming).filter(constraint.polarity)]
            kept[start : start + len(part)] = False
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
