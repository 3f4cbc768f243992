"""Which row of which shard is a row of the whole? Shard after shard, guests among them, which are never alive."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from engine.types import F32, I64, Found, Kind, Mask
from indexing.snapshot import Snapshot


@dataclass(frozen=True)
class Rows:
    """The rows of one kind. `homes`: of each shard which of its rows are at home there."""

    kind: Kind
    shards: Sequence[Snapshot]
    homes: Sequence[Mask]

    @cached_property
    def starts(self) -> I64:
        """Where each shard's rows begin, and where the last one's end."""
        return np.cumsum([0, *map(len, self.homes)]).astype(np.int64)

    @cached_property
    def alive(self) -> Mask:
        """The rows at home that live."""
        return np.concatenate(
            [home & s.shelves[self.kind].alive for s, home in zip(self.shards, self.homes, strict=True)]
        )

    def __len__(self) -> int:
        return int(self.starts[-1])

    def split(self, rows: I64) -> Iterator[tuple[I64, Snapshot, I64]]:
        """(positions in `rows`, shard, its own rows), for each shard that has any; the first one always comes."""
        which = np.searchsorted(self.starts[1:], rows, side="right")
        for number, shard in enumerate(self.shards):
            at = np.flatnonzero(which == number)
            if len(at) or number == 0:
                yield at, shard, rows[at] - self.starts[number]

    def each(self, mask: Mask | None) -> Iterator[tuple[int, Snapshot, Mask]]:
        """(start, shard, the rows of `mask` that live there); None: all that live."""
        mine = self.alive if mask is None else mask & self.alive
        for number, shard in enumerate(self.shards):
            yield int(self.starts[number]), shard, mine[self.starts[number] : self.starts[number + 1]]

    def take(self, rows: I64, ask: Callable[[Snapshot, I64], Any]) -> Any:
        """A column of every shard, laid along the rows."""
        parts = [(at, ask(shard, local)) for at, shard, local in self.split(rows)]
        first = parts[0][1]
        out = np.empty((len(rows), *first.shape[1:]), first.dtype)
        for at, values in parts:
            out[at] = values
        return out

    def listed(self, rows: I64, ask: Callable[[Snapshot, I64], Sequence[Any]]) -> list[Any]:
        """The same of lists."""
        out: list[Any] = [None] * len(rows)
        for at, shard, local in self.split(rows):
            for position, value in zip(at.tolist(), ask(shard, local), strict=True):
                out[position] = value
        return out

    def best(self, allowed: Mask | None, k: int, ask: Callable[[Snapshot, Mask], Found]) -> Found:
        """The k best of all shards, each asked under its own mask."""
        return merged([(start, ask(shard, mask)) for start, shard, mask in self.each(allowed)], k)

    def numbers(self, ids: pa.Array) -> I64:
        """The row of each id where it is at home; -1 for one that is nowhere."""
        found = np.full(len(ids), -1, np.int64)
        for number, (shard, home) in enumerate(zip(self.shards, self.homes, strict=True)):
            local = shard.base.parts[self.kind].ids.numbers(ids)
            hit = local >= 0
            hit[hit] = home[local[hit]]
            found[hit] = local[hit] + self.starts[number]
        return found

    def number(self, item_id: str) -> int:
        """The same of one."""
        for number, (shard, home) in enumerate(zip(self.shards, self.homes, strict=True)):
            local = shard.base.parts[self.kind].ids.number(item_id)
            if local >= 0 and home[local]:
                return int(self.starts[number]) + int(local)
        return -1


def merged(answers: Sequence[tuple[int, Found]], k: int) -> Found:
    """(where a shard's rows begin, its answer) -> the k best of all; equal scores in the order of rows."""
    rows = np.concatenate([found.rows + start for start, found in answers])
    scores: F32 = np.concatenate([found.scores for _, found in answers])
    order = np.lexsort((rows, -scores))[:k]
    plans = "+".join(dict.fromkeys(found.plan for _, found in answers if found.plan))
    scanned, recall = sum(found.scanned for _, found in answers), min(found.recall for _, found in answers)
    return Found(rows[order], scores[order], plans, scanned, recall)


def of_kinds(
    shards: Sequence[Snapshot], homes: Sequence[Mapping[Kind, Mask]], kinds: Sequence[Kind]
) -> dict[Kind, Rows]:
    """The rows of every kind."""
    return {kind: Rows(kind, shards, [home[kind] for home in homes]) for kind in kinds}
