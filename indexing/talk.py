"""Which items do notes talk about? Links by row, over all segments."""

from collections.abc import Iterable, Mapping
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


def resolve(segments: Iterable[Segment], locate: Locate, counts: Mapping[Kind, int]) -> dict[Kind, Talk]:
    """The links of all live notes of all segments to live items. A note that was written anew links anew."""
    found: dict[Kind, list[tuple[int, int, float]]] = {kind: [] for kind in counts}
    for number, segment in enumerate(segments):
        ids, kinds, items, confidences = (segment.links.column(n).to_pylist() for n in segment.links.column_names)
        for note_id, kind, item_id, confidence in zip(ids, kinds, items, confidences, strict=True):
            note, item = locate.get(note_id), locate.get(item_id)
            if note is None or item is None or item[0] != kind:
                continue
            base = len(segment.parts["note"])
            if number > 0 or (note[1] < base and segment.parts["note"].row_of.get(note_id) == note[1]):
                found[item[0]].append((note[1], item[1], confidence))
    return {kind: Talk.of(found[kind], counts[kind]) for kind in counts}
