"""What becomes of rows when layers are laid over a base? Which live, where each item is now, what is heard anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from engine.types import I64, KINDS, Kind, Mask
from indexing.changes import Changes
from indexing.overlay import Layer
from indexing.segment import Segment
from indexing.talk import Talk, carry, resolve
from indexing.where import Place, Where


@dataclass(frozen=True)
class Turnover:
    """Rows are those of the base, then those of each layer.

    moved int64 over the base's rows: where each is now, -1: gone.
    """

    where: Where
    alive: Mapping[Kind, Mask]
    moved: Mapping[Kind, I64]

    @staticmethod
    def of(base: Segment, was: Where, layers: Sequence[Layer], changes: Changes) -> "Turnover":
        """The last layer that holds an item has its present state; older ones are dead rows. was: the base's places."""
        counts = {kind: len(base.parts[kind]) for kind in KINDS}
        places: dict[str, Place | None] = dict.fromkeys(changes.changed)
        dead: dict[Kind, list[int]] = {kind: [] for kind in KINDS}
        for layer in layers:
            for item_id, (kind, row) in layer.places.items():
                if (old := places.get(item_id)) is not None:
                    dead[old[0]].append(old[1])
                if item_id in changes.items:
                    places[item_id] = (kind, counts[kind] + row)
                else:
                    dead[kind].append(counts[kind] + row)
            counts = {kind: counts[kind] + len(layer.segment.parts[kind]) for kind in KINDS}
        moved = {kind: np.arange(len(base.parts[kind])) for kind in KINDS}
        numbers, rows = was.places(pa.array(list(places), pa.string()))
        for item_id, number, row in zip(places, numbers.tolist(), rows.tolist(), strict=True):
            if number >= 0:
                kind, newer = KINDS[number], places[item_id]
                dead[kind].append(row)
                moved[kind][row] = newer[1] if newer is not None and newer[0] == kind else -1
        alive = {kind: np.ones(counts[kind], bool) for kind in KINDS}
        for kind in KINDS:
            alive[kind][dead[kind]] = False
        return Turnover(was.after(places), alive, moved)

    def talk(self, base: Segment, talk: Mapping[Kind, Talk], layers: Sequence[Layer]) -> dict[Kind, Talk]:
        """The links of the base (`talk`) and those of the layers' notes, by row."""
        counts = {kind: len(alive) for kind, alive in self.alive.items()}
        live = resolve([layer.segment for layer in layers], self.where, counts, len(base.parts["note"]))
        return carry(talk, self.moved, live)


def affected(
    kind: Kind, kept: Mapping[Kind, int], before: tuple[Mapping[Kind, Mask], Mapping[Kind, Talk]],
    after: tuple[Mapping[Kind, Mask], Mapping[Kind, Talk]],
) -> Mask:  # fmt: skip
    """bool over the rows of a kind: dead since, new, or talked about by a note that died since or is new.

    before, after: which rows live, and the links; the first `kept` rows of each kind are the same in both.
    """

    def changed(of: Kind) -> Mask:
        mask = np.ones(len(after[0][of]), bool)
        mask[: kept[of]] = before[0][of][: kept[of]] != after[0][of][: kept[of]]
        return mask

    mask, notes = changed(kind), changed("note")
    was, now = before[1][kind], after[1][kind]
    mask[now.row[notes[now.note]]] = True
    gone = (was.row < kept[kind]) & ((was.note >= kept["note"]) | notes[np.minimum(was.note, len(notes) - 1)])
    mask[was.row[gone]] = True
    return mask
