"""Which events wait to be sent, and in which batches? No waiting and no locks here: both batchers keep one."""

import logging
import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias
from uuid import uuid4

from lifestyle_search_client.bodies import Event
from lifestyle_search_client.errors import LifestyleError, Refused
from lifestyle_search_client.retries import PASSING

#: The most events that the server takes at once.
MOST: Final = 500
_BAD: Final = re.compile(r"events\.(\d+)(?:\.|$)")
_LOG: Final = logging.getLogger("lifestyle_search_client")

#: Told of events that will not be sent, and why.
Lost: TypeAlias = Callable[[LifestyleError, Sequence[Event]], None]


def logged(error: LifestyleError, events: Sequence[Event]) -> None:
    """What happens to lost events when nobody else is to be told: a warning, without what is in them."""
    _LOG.warning("%d events are lost: %s", len(events), error)


@dataclass(frozen=True)
class Batch:
    """Events that go together, and the key by which they are written once, however often they are sent."""

    events: tuple[Event, ...]
    key: str


class Pending:
    """Events in the order in which they came, at most `keep`: beyond that the oldest are lost."""

    def __init__(self, size: int, keep: int, lost: Lost) -> None:
        if not 1 <= size <= MOST:
            raise ValueError(f"size must be within 1..{MOST}, is {size}")
        self._size, self._keep, self._lost = size, keep, lost
        self._loose = deque[Event]()
        self._made: Batch | None = None

    @property
    def full(self) -> bool:
        """Is there a whole batch?"""
        return len(self._loose) >= self._size

    def add(self, event: Event) -> None:
        """Now is when it happened, unless it says otherwise: it may be sent much later."""
        self._loose.append({**event, "at": event.get("at") or datetime.now(UTC)})
        if len(self._loose) > self._keep:
            self._lost(LifestyleError(f"more than {self._keep} events wait"), [self._loose.popleft()])

    def batch(self) -> Batch | None:
        """The same batch until it is settled; None when nothing waits."""
        if self._made is None and self._loose:
            events = tuple(self._loose.popleft() for _ in range(min(self._size, len(self._loose))))
            self._made = Batch(events, uuid4().hex)
        return self._made

    def settled(self) -> None:
        """The batch was written."""
        self._made = None

    def failed(self, error: LifestyleError) -> bool:
        """-> whether another batch may be tried now: the one that failed was wrong, not the server or the way to it.

        Of a wrong batch only the event that is named as wrong is lost; without a name, all.
        """
        if not isinstance(error, Refused) or error.status in PASSING or error.status >= 500:
            return False
        if error.status in {401, 403, 404} or self._made is None:
            return False
        events, named = self._made.events, _BAD.match(error.field or "")
        if named is not None and int(named[1]) < len(events):
            bad = int(named[1])
            self._lost(error, [events[bad]])
            left = (*events[:bad], *events[bad + 1 :])
            self._made = Batch(left, uuid4().hex) if left else None
        else:
            self._lost(error, events)
            self._made = None
        return True
