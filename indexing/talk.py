"""Which items do notes talk about? Links by row, over all segments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.types import F32, I64, Kind, Links
from indexing.segment import Segment

Locate: TypeAlias = Mapping[str, tuple[Kind, int]]  # live id -> kind, global row


@dataclass(frozen=True)
class Talk:
    """The links to one kind: three parallel columns, ordered by note. `counts` int64: live notes about each row."""

    note: I64
    row: I64
    confidence: F32
    counts: I64

    @staticmethod
    def of(triples: Iterable[tuple[int, int, float]], count: int) -> "Talk":
        """(note row, item row, confidence), in any order."""
        ordered = sorted(set(triples))
        note, row = (np.array([t[n] for t in ordered], np.int64) for n in (0, 1))
        confidence = np.array([t[2] for t in ordered], np.float32)
        return Talk(note, row, confidence, np.bincount(row, minlength=count).astype(np.int64))

    def of_notes(self, notes: I64) -> Links:
        """The links of the given notes, note by note."""
        lo, hi = (np.searchsorted(self.note, notes, side=side) for side in ("left", "right"))
        lengths = hi - lo
        at = np.repeat(lo - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
        return Links(self.note[at], self.row[at], self.confidence[at])


def resolve(segments: Sequence[Segment], where: Locate, counts: Mapping[Kind, int], start: int = 0) -> dict[Kind, Talk]:
    """The links of the segments' live notes to live items.

    `counts`: rows of each kind; `start`: the row of the first segment's first note.
    """
    found: dict[Kind, list[tuple[int, int, float]]] = {kind: [] for kind in counts}
    for segment in segments:
        rows = segment.parts["note"].row_of
        for note_id, _, item_id, confidence in zip(*(c.to_pylist() for c in segment.links.columns), strict=True):
            note, item = where.get(note_id), where.get(item_id)
            if note is not None and item is not None and rows[note_id] + start == note[1]:
                found[item[0]].append((note[1], item[1], confidence))
        start += len(segment.parts["note"])
    return {kind: Talk.of(found[kind], counts[kind]) for kind in counts}


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
