"""What shows that an item keeps a constraint? The measured value, or the best sentence of a note that lives."""

from typing import TYPE_CHECKING

import numpy as np

from engine.types import I64, Constraint, Evidence, Kind, Verdict
from indexing.measured import measured

if TYPE_CHECKING:
    from indexing.snapshot import Snapshot


def prove(index: "Snapshot", kind: Kind, constraint: Constraint, rows: I64, lang: str) -> list[Evidence]:
    """One Evidence per row; its `constraint` is left 0."""
    shelf = index.shelves[kind]
    ruling = shelf.rule(constraint, rows)
    judged = ruling.judged(constraint.polarity, index.today)
    values: list[str | None] = [None] * len(rows)
    for positions, part, local in shelf.split(rows):
        for at, said in zip(positions.tolist(), measured(part, constraint, local, lang, index.words), strict=True):
            values[at] = said if ruling.verdict[at] else None
    proofs = []
    for at in range(len(rows)):
        p, best = float(judged.probability[at]), -1 if ruling.told is None else int(ruling.told.best[at])
        sentence, note_id, note_date = index.testimony.sentence(best) if best >= 0 else (None, None, None)
        proofs.append(
            Evidence(
                constraint=0,
                verdict=Verdict(int(judged.verdict[at])),
                probability=None if np.isnan(p) else p,
                support=int(judged.support[at]),
                contradictions=int(judged.against[at]),
                sentence=sentence,
                note_id=note_id,
                note_date=note_date,
                measured=values[at],
                disagrees=bool(ruling.disagree is not None and ruling.disagree[at]),
            )
        )
    return proofs
