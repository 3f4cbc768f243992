"""What is known beside the question when it is asked? Who asks, and the moment after which nothing is known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.types import NOBODY, Profile


@dataclass(frozen=True, slots=True)
class Known:
    """What features may look at of people. NOBODY: the answer is not personal, and nothing of a person was read."""

    at: float  # seconds since 1970
    person: Profile = NOBODY

    @staticmethod
    def of(at: datetime, person: Profile = NOBODY) -> "Known":
        """At a moment."""
        return Known(at.timestamp(), person)


NOTHING: Final = Known(float("nan"))
