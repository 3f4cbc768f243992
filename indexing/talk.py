"""Which items do notes talk about? Links by row, over all segments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from engine.types import F32, I64, KINDS, Kind, Links
from indexing.runs import begins, stretches
from indexing.segment import Segment
from indexing.where import Where


@dataclass(frozen=True)
class Talk:
    """The links to one kind: three parallel columns, ordered by note. `counts` int64: live notes about each row."""

    note: I64
    row: I64
    confidence: F32
    counts: I64

    @staticmethod
    def of(note: I64, row: I64, confidence: F32, count: int) -> "Talk":
        """Links in any order; what is said twice counts once."""
        order = np.lexsort((confidence, row, note))
        note, row, confidence = note[order], row[order], confidence[order]
        fresh = begins(note, row, confidence)
        note, row, confidence = note[fresh], row[fresh], confidence[fresh]
        return Talk(note, row, confidence, np.bincount(row, minlength=count).astype(np.int64))

    @staticmethod
    def stored(arrays: Mapping[str, Any], kind: Kind) -> "Talk":
        """As `arrays` gave it."""
        return Talk(*(arrays[f"{kind}.{each.name}"] for each in fields(Talk)))

    def arrays(self, kind: Kind) -> dict[str, Any]:
        """Everything as named arrays."""
        return {f"{kind}.{each.name}": getattr(self, each.name) for each in fields(self)}

    def of_notes(self, notes: I64) -> Links:
        """The links of the given notes, note by note."""
        lo, hi = (np.searchsorted(self.note, notes, side=side) for side in ("left", "right"))
        at = stretches(lo, hi - lo)
        return Links(self.note[at], self.row[at], self.confidence[at])


def resolve(segments: Sequence[Segment], where: Where, counts: Mapping[Kind, int], start: int = 0) -> dict[Kind, Talk]:
    """The links of the segments' live notes to live items.

    `counts`: rows of each kind; `start`: the row of the first segment's first note.
    """
    none = np.empty(0, np.int64)
    found: list[tuple[I64, I64, F32, I64]] = [(none, none, none.astype(np.float32), none)]
    for segment in segments:
        notes, items = (segment.links.column(name).combine_chunks() for name in ("note_id", "item_id"))
        (kinds, at), (of, rows) = where.places(notes), where.places(items)
        live = (kinds == KINDS.index("note")) & (at == segment.linking + start) & (of >= 0)
        confidence = segment.links.column("confidence").to_numpy()
        found.append((at[live], rows[live], confidence[live], of[live].astype(np.int64)))
        start += len(segment.parts["note"])
    note, row, confidence, kind = (np.concatenate(column) for column in zip(*found, strict=True))
    mine = {name: kind == KINDS.index(name) for name in counts}
    return {name: Talk.of(note[m], row[m], confidence[m], counts[name]) for name, m in mine.items()}


def carry(talk: Mapping[Kind, Talk], moved: Mapping[Kind, I64], live: Mapping[Kind, Talk]) -> dict[Kind, Talk]:
    """The links of a base, and those of live notes beside them.

    `moved` int64 over the base's rows: where each row is now (itself, its newer self, or -1: gone). A note that was
    written anew says anew what it is about, so only links of notes that stayed are carried over.
    """
    out = {}
    for kind, old in talk.items():
        row = moved[kind][old.row]
        keep = (moved["note"][old.note] == old.note) & (row >= 0)
        new = live[kind]
        note = np.concatenate([old.note[keep], new.note])
        row = np.concatenate([row[keep], new.row])
        counts = np.bincount(row, minlength=len(new.counts)).astype(np.int64)
        out[kind] = Talk(note, row, np.concatenate([old.confidence[keep], new.confidence]), counts)
    return out
