"""When is a request sent again, and how long is waited before? What may be done twice, as long as the server says."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from lifestyle_search_client.errors import LifestyleError, Refused, Unreachable

#: What passes by itself.
PASSING: Final = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class Retries:
    """At most `attempts` in all; a Retry-After is kept, unless it is longer than `most` seconds: then nothing is
    awaited. Without one: up to `base` seconds, twice as much each time, drawn by lot (so that clients spread).
    """

    attempts: int = 4
    base: float = 0.25
    most: float = 30.0
    lot: Callable[[], float] = random.random

    def wait(self, error: LifestyleError, attempt: int, repeatable: bool) -> float | None:
        """Seconds to wait after failed attempt number `attempt` (from 1 on); None: give up."""
        if attempt >= self.attempts or not self._may(error, repeatable):
            return None
        told = error.retry_after if isinstance(error, Refused) else None
        if told is not None:
            return told if told <= self.most else None
        return min(self.most, self.base * 2.0 ** (attempt - 1)) * self.lot()

    def _may(self, error: LifestyleError, repeatable: bool) -> bool:
        """What did not arrive may always be sent again; what may have been done, only where twice is once."""
        if isinstance(error, Unreachable):
            return repeatable or not error.sent
        return repeatable and isinstance(error, Refused) and error.status in PASSING


#: Give up at once.
NEVER: Final = Retries(attempts=1)


def retry_after(header: str | None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> float | None:
    """The header Retry-After (seconds, or an HTTP date) in seconds from now; None when there is none to be read."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now()).total_seconds())
