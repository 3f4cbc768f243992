"""What is known beside the question when it is asked? Who asks, what people did, and the moment it ends with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.counts import Counts
from engine.types import NOBODY, Profile


@dataclass(frozen=True, slots=True)
class Known:
    """What features may look at of people. NOBODY: the answer is not personal, and nothing of a person was read.

    counts: None where nothing was counted, or only later than `at`.
    """

    at: float  # seconds since 1970
    person: Profile = NOBODY
    counts: Counts | None = None

    @staticmethod
    def of(at: datetime, person: Profile = NOBODY, counts: Counts | None = None) -> "Known":
        """At a moment; counts of later are left out, since they would tell what came of the answer."""
        moment = at.timestamp()
        return Known(moment, person, counts if counts is not None and counts.until <= moment else None)


NOTHING: Final = Known(float("nan"))
