"""How does a constraint stand with every row of a kind? Worked out once and kept: people ask for the same few."""

from dataclasses import dataclass, field
from functools import cached_property

from engine.types import I64, Constraint, Judged, Mask
from indexing.columns.verdicts import Ruling


@dataclass(frozen=True)
class Asked:
    """A constraint as a key: equal when two are judged alike, whatever span, certainty or label they have."""

    key: tuple[str, str, str, str, int]
    constraint: Constraint = field(compare=False)

    @staticmethod
    def of(constraint: Constraint) -> "Asked":
        """Values and assumptions may be lists and mappings: they are compared as they are written."""
        c = constraint
        return Asked((c.slot, c.op, repr(c.value), repr(c.assume), c.polarity), c)


@dataclass(frozen=True)
class Standing:
    """The ruling over all rows of a kind, and what follows from it. Read-only: it is shared between requests."""

    ruling: Ruling
    polarity: int
    today: float  # epoch days

    @cached_property
    def kept(self) -> Mask:
        """bool[rows]: see ports.Index.allowed."""
        return self.ruling.filter(self.polarity)

    @cached_property
    def judged(self) -> Judged:
        """Over all rows: see ports.Index.judge."""
        return self.ruling.judged(self.polarity, self.today)

    def judge(self, rows: I64) -> Judged:
        """The rows asked for alone."""
        j = self.judged
        return Judged(
            j.verdict.take(rows),
            j.probability.take(rows),
            j.support.take(rows),
            j.against.take(rows),
            j.age_days.take(rows),
        )
