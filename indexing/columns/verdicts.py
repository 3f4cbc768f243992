"""What is the ruling on one constraint over some rows, before and after its polarity is counted?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from engine.types import F32, F64, I8, I64, Judged, Mask, Verdict
from indexing.columns.mined import Told

#: The probability that a structured value stands for, by verdict.
_CERTAIN: Final = np.array([np.nan, 0.0, 0.7, 1.0], np.float32)
#: What is known, kept, both: see `Ruling.where`.
_KNOWN: Final = np.array([Verdict.UNKNOWN, Verdict.CONTRADICTED, Verdict.MET, Verdict.MET], np.int8)
#: Wanted -> unwanted: who has what is unwanted breaks it, who surely has not keeps it.
_FLIPPED: Final = np.array([Verdict.UNKNOWN, Verdict.MET, Verdict.CONTRADICTED, Verdict.CONTRADICTED], np.int8)


@dataclass(frozen=True)
class Ruling:
    """Parallel to the rows asked for, as if the constraint were wanted. `told` and `disagree`: of mined slots only.

    lenient: a row of which nothing is known stays in when the constraint filters (the data can hardly tell).
    """

    verdict: I8
    probability: F32
    told: Told | None = None
    disagree: Mask | None = None
    lenient: bool = False

    @staticmethod
    def of(verdict: Any) -> "Ruling":
        """A ruling from structured values alone."""
        verdict = np.asarray(verdict, np.int8)
        return Ruling(verdict, _CERTAIN[verdict])

    @staticmethod
    def unknown(count: int, *, lenient: bool = False) -> "Ruling":
        """Nothing is known of any row."""
        return Ruling(np.zeros(count, np.int8), np.full(count, np.nan, np.float32), lenient=lenient)

    @staticmethod
    def where(kept: Mask, known: Mask) -> "Ruling":
        """MET where kept, CONTRADICTED where known otherwise, else UNKNOWN."""
        return Ruling.of(_KNOWN[kept.view(np.int8) * 2 + known])

    def take(self, rows: I64) -> "Ruling":
        """The ruling on some of its rows."""
        told = None if self.told is None else self.told.take(rows)
        disagree = None if self.disagree is None else self.disagree[rows]
        return replace(
            self, verdict=self.verdict[rows], probability=self.probability[rows], told=told, disagree=disagree
        )

    def at(self, polarity: int) -> I8:
        """The verdicts with the polarity counted: MET means the person gets what they asked."""
        return self.verdict if polarity > 0 else np.asarray(_FLIPPED[self.verdict], np.int8)

    def judged(self, polarity: int, today: float) -> Judged:
        """The ruling as the engine sees it; `today` in epoch days."""
        at = self.told.at if self.told is not None else np.full(len(self.verdict), np.nan)
        age: F64 = np.maximum(today - at, 0.0)
        return Judged(*self.counted(polarity), age.astype(np.float32))

    def counted(self, polarity: int) -> tuple[I8, F32, I64, I64]:
        """Verdict, probability, sentences for and against, with the polarity counted."""
        if self.told is not None:
            yes, no = self.told.support, self.told.against
        else:
            yes = no = np.zeros(len(self.verdict), np.int64)
        if polarity > 0:
            return self.verdict, self.probability.astype(np.float32, copy=False), yes, no
        return self.at(polarity), (1 - self.probability).astype(np.float32, copy=False), no, yes

    def filter(self, polarity: int) -> Mask:
        """bool: rows that keep the constraint (see ports.Index.allowed)."""
        if polarity > 0 and not self.lenient:
            return np.asarray(self.verdict >= Verdict.LIKELY, bool)
        return np.asarray(self.at(polarity) != Verdict.CONTRADICTED, bool)

    @staticmethod
    def joined(parts: Sequence[tuple[I64, "Ruling"]], count: int) -> "Ruling":
        """Rulings of one constraint over disjoint positions (int64 each) of `count` rows -> one over them all."""
        if len(parts) == 1:
            return parts[0][1]
        verdict, probability = np.zeros(count, np.int8), np.full(count, np.nan, np.float32)
        told, disagree = vars(Told.nothing(count)).copy(), np.zeros(count, bool)
        told = {name: column.copy() for name, column in told.items()}
        for at, ruling in parts:
            verdict[at], probability[at] = ruling.verdict, ruling.probability
            if ruling.told is not None and ruling.disagree is not None:
                disagree[at] = ruling.disagree
                for name, column in vars(ruling.told).items():
                    told[name][at] = column
        return Ruling(verdict, probability, Told(**told), disagree, any(ruling.lenient for _, ruling in parts))


@dataclass(frozen=True)
class Ruled:
    """A ruling, and the rows (ascending) that it is on. Read-only: it is shared between requests."""

    rows: I64
    ruling: Ruling

    def of(self, rows: I64) -> Ruling | None:
        """The ruling on some of them; None where one is not among them."""
        if len(rows) == len(self.rows) and (rows == self.rows).all():
            return self.ruling
        if not len(self.rows):
            return None
        at = self.rows.searchsorted(rows)
        at[at == len(self.rows)] = 0
        return self.ruling.take(at) if (self.rows[at] == rows).all() else None
