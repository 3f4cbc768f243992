"""What shows that an item keeps a constraint? The measured value, or the best sentence of a note that lives."""

from math import isnan
from typing import TYPE_CHECKING, Final

from engine.types import I64, Constraint, Evidence, Kind, Verdict
from indexing.measured import measured

if TYPE_CHECKING:
    from indexing.snapshot import Snapshot

_VERDICTS: Final = tuple(Verdict)


def prove(index: "Snapshot", kind: Kind, constraint: Constraint, rows: I64, lang: str) -> list[Evidence]:
    """One Evidence per row; its `constraint` is left 0."""
    shelf = index.shelves[kind]
    ruling = shelf.rule(constraint, rows)
    judged = ruling.judged(constraint.polarity, index.today)
    values: list[str | None] = [None] * len(rows)
    for positions, part, local in shelf.split(rows):
        for at, said in zip(positions.tolist(), measured(part, constraint, local, lang, index.words), strict=True):
            values[at] = said if ruling.verdict[at] else None
    best = [-1] * len(rows) if ruling.told is None else ruling.told.best.tolist()
    disagree = [False] * len(rows) if ruling.disagree is None else ruling.disagree.tolist()
    columns = (judged.verdict, judged.probability, judged.support, judged.against)
    proofs = []
    for at, (verdict, p, support, against) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        sentence, note_id, note_date = index.testimony.sentence(best[at]) if best[at] >= 0 else (None, None, None)
        proofs.append(
            Evidence(
                constraint=0,
                verdict=_VERDICTS[verdict],
                probability=None if isnan(p) else p,
                support=support,
                contradictions=against,
                sentence=sentence,
                note_id=note_id,
                note_date=note_date,
                measured=values[at],
                disagrees=disagree[at],
            )
        )
    return proofs
