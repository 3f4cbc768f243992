"""What shows that an item keeps a constraint? The measured value, or the best sentence of a note that lives."""

from math import isnan
from typing import TYPE_CHECKING, Final

import numpy as np

from engine.types import I64, Constraint, Evidence, Kind, Verdict
from indexing.measured import measured

if TYPE_CHECKING:
    from indexing.snapshot import Snapshot

_VERDICTS: Final = tuple(Verdict)
_NONE: Final = (None, None, None)
#: Rows of which it is kept how they stand with a constraint: some pages of it, about 200 bytes each.
MOST_ROWS: Final = 512


def prove(
    index: "Snapshot", kind: Kind, constraint: Constraint, rows: I64, lang: str, number: int = 0
) -> list[Evidence]:
    """One Evidence per row, of the constraint of that number. What was shown lately is kept as long as the shelf is."""
    kept = index.shelves[kind].proven.get(_key(constraint, lang, number), dict)
    wanted = rows.tolist()
    found = {row: kept.get(row) for row in wanted}
    if missing := [row for row, proof in found.items() if proof is None]:
        made = dict(
            zip(missing, _made(index, kind, constraint, np.array(missing, np.int64), lang, number), strict=True)
        )
        if len(kept) > MOST_ROWS:
            kept.clear()
        kept.update(made)
        found |= made
    return [proof for row in wanted if (proof := found[row]) is not None]


def _key(c: Constraint, lang: str, number: int) -> tuple[str | int, ...]:
    """Equal for constraints that are shown alike: of their labels, too."""
    heard = c.heard.by if c.heard is not None else ""
    return c.slot, c.op, repr(c.value), repr(c.assume), c.polarity, repr(c.label), heard, lang, number


def _made(index: "Snapshot", kind: Kind, constraint: Constraint, rows: I64, lang: str, number: int) -> list[Evidence]:
    shelf = index.shelves[kind]
    ruling = shelf.rule(constraint, rows)
    values: list[str | None] = [None] * len(rows)
    for positions, part, local in shelf.split(rows):
        for at, said in zip(positions.tolist(), measured(part, constraint, local, lang, index.words), strict=True):
            values[at] = said
    best = [-1] * len(rows) if ruling.told is None else ruling.told.best.tolist()
    disagree = [False] * len(rows) if ruling.disagree is None else ruling.disagree.tolist()
    columns = (column.tolist() for column in (ruling.verdict, *ruling.counted(constraint.polarity)))
    proofs = []
    for known, verdict, p, support, against, shown, said, disagrees in zip(
        *columns, best, values, disagree, strict=True
    ):
        sentence, note, day = index.testimony.sentence(shown) if shown >= 0 else _NONE
        chance, measure = None if isnan(p) else p, said if known else None
        proofs.append(
            Evidence(number, _VERDICTS[verdict], chance, support, against, sentence, note, day, measure, disagrees)
        )
    return proofs
