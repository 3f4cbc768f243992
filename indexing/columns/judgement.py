"""How does a constraint stand with every row of a kind, and which rows keep it? Asked for a few rows, or for all.

A judgement is made of a constraint without a look at any row. `ruling` looks at the rows it is asked about; `filter`
gives the set of all rows that keep the constraint, by packed sets where the slot has them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import numpy as np

from engine.types import Verdict
from indexing.columns.bits import ALL, Bits, Rows
from indexing.columns.verdicts import Ruling


class Cost(IntEnum):
    """What does the set of all rows that keep a constraint cost?"""

    READY = 0  # it is at hand
    MADE = 1  # a look at some thousand rows at the ends of a range
    CIRCLE = 2  # a look at those on the rim, and all inside named
    WHOLE = 3  # a look at every row


class Judgement(Protocol):
    """A constraint held against the rows of one part, as if it were wanted."""

    @property
    def cost(self) -> Cost:
        """Of `filter`; `ruling` costs by the row."""
        ...

    def ruling(self, rows: Rows) -> Ruling:
        """Parallel to the rows."""
        ...

    def filter(self, polarity: int) -> Bits:
        """The rows that keep the constraint (see ports.Index.allowed)."""
        ...


@dataclass(frozen=True)
class Sets:
    """MET where kept (LIKELY where in `likely`), CONTRADICTED where known otherwise, else UNKNOWN."""

    kept: Bits
    known: Bits
    likely: Bits | None = None
    cost = Cost.READY

    def ruling(self, rows: Rows) -> Ruling:
        ruling = Ruling.where(self.kept.at(rows), self.known.at(rows))
        if self.likely is None:
            return ruling
        return Ruling.of(np.where(self.likely.at(rows), Verdict.LIKELY, ruling.verdict))

    def filter(self, polarity: int) -> Bits:
        return self.kept if polarity > 0 else ~self.kept


@dataclass(frozen=True)
class ByRow:
    """Every row is looked at by itself. `kept`: a quicker way to the rows whose verdict is LIKELY or MET, if any."""

    look: Callable[[Rows], Ruling]
    kept: Callable[[], Bits] | None = None
    made: Cost = Cost.MADE

    @property
    def cost(self) -> Cost:
        return Cost.WHOLE if self.kept is None else self.made

    def ruling(self, rows: Rows) -> Ruling:
        return self.look(rows)

    def filter(self, polarity: int) -> Bits:
        if self.kept is None:
            return Bits.of_mask(self.look(ALL).filter(polarity))
        return self.kept() if polarity > 0 else ~self.kept()


@dataclass(frozen=True)
class Unheard:
    """Nothing is known of any of `count` rows. `lenient`: see Ruling."""

    count: int
    lenient: bool = False
    cost = Cost.READY

    def ruling(self, rows: Rows) -> Ruling:
        count = self.count if isinstance(rows, slice) else len(rows)
        return Ruling.unknown(count, lenient=self.lenient)

    def filter(self, polarity: int) -> Bits:
        return Bits.none(self.count) if polarity > 0 and not self.lenient else Bits.every(self.count)
