"""How does a constraint stand with every row of a kind? Worked out once and kept: people ask for the same few."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from engine.types import I64, Constraint, Judged
from indexing.columns.verdicts import Ruling

#: Opening hours are kept by the quarter hour, so that all moments of one are alike; no clock of today is off by less.
QUARTER: Final = 15


@dataclass(frozen=True)
class Asked:
    """A constraint as a key: equal when two are judged alike, whatever span, certainty or label they have."""

    key: tuple[str, str, str, str, int, str]
    constraint: Constraint = field(compare=False)

    @staticmethod
    def of(constraint: Constraint) -> "Asked":
        """Values and assumptions may be lists and mappings: they are compared as they are written."""
        c = constraint
        assume = _by_the_quarter(c.assume) if c.slot == "time.open" and c.value == "now" and c.assume else c.assume
        heard = c.heard.by if c.heard is not None else ""
        return Asked((c.slot, c.op, repr(c.value), repr(assume), c.polarity, heard), c)


def _by_the_quarter(assume: Mapping[str, Any]) -> Mapping[str, Any]:
    """What "now" is taken to be, without what makes no difference."""
    try:
        at = datetime.fromisoformat(str(assume["at"]))
    except (KeyError, ValueError):
        return assume
    return {**assume, "at": at.replace(minute=at.minute // QUARTER * QUARTER, second=0, microsecond=0)}


@dataclass(frozen=True)
class Standing:
    """The ruling over all rows of a kind, and what follows from it. Read-only: it is shared between requests."""

    ruling: Ruling
    polarity: int
    today: float  # epoch days

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
