"""What must be remembered for feeds beside events? Lists that are being paged through, and what many turn to."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import msgspec

#: What many turn to is counted anew after so many seconds.
COUNTED_S: Final = 30.0


class Card(msgspec.Struct, frozen=True, array_like=True):
    """One place of a list that was shown: enough to show it again, whatever was learnt since."""

    id: str
    source: str
    reason: str  # a table of reasons.toml
    said: Mapping[str, str] = {}  # what its sentence is filled with; "_en" at a name's end: in English
    propensity: float = 1.0  # the chance that it had to be drawn for its place
    score: float = 0.0


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """A list as far as it was shown."""

    user: str
    asked: str  # a digest of the request; another request cannot go on with it
    lang: str  # of its sentences
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """What people did lately, all of them together. Of an item that few turned to nothing is told."""

    risen: Mapping[str, float] = field(default_factory=dict)  # id -> people, each counting less with time
    shown: Mapping[str, int] = field(default_factory=dict)  # id -> people who saw it lately


class FeedBook(Protocol):
    """Where lists and counts are kept. Safe for many threads."""

    def open_list(self, tenant: str, listed: Listed) -> str:
        """Keep a new list; -> the id by which it goes on."""
        ...

    def read_list(self, tenant: str, list_id: str) -> Listed | None:
        """A list; None when it is too old, or never was."""
        ...

    def go_on(self, tenant: str, list_id: str, offset: int, cards: Sequence[Card]) -> tuple[Card, ...]:
        """Add cards from `offset` on; -> those that stand there now: others, when another request was first."""
        ...

    def trends(self, tenant: str) -> Trends:
        """Counted now."""
        ...


class MemoryBook:
    """A FeedBook that nothing survives: for tests and for engines that only evaluate."""

    def __init__(self, most: int = 1000, trends: Trends | None = None) -> None:
        self._lists: OrderedDict[tuple[str, str], Listed] = OrderedDict()
        self._most, self._lock, self.counted = most, threading.Lock(), trends or Trends()

    def open_list(self, tenant: str, listed: Listed) -> str:
        list_id = secrets.token_hex(12)
        with self._lock:
            self._lists[tenant, list_id] = listed
            while len(self._lists) > self._most:
                self._lists.popitem(last=False)
        return list_id

    def read_list(self, tenant: str, list_id: str) -> Listed | None:
        return self._lists.get((tenant, list_id))

    def go_on(self, tenant: str, list_id: str, offset: int, cards: Sequence[Card]) -> tuple[Card, ...]:
        with self._lock:
            held = self._lists.get((tenant, list_id))
            if held is None:
                return tuple(cards)
            if len(held.cards) == offset:
                held = msgspec.structs.replace(held, cards=(*held.cards, *cards))
                self._lists[tenant, list_id] = held
            return held.cards[offset : offset + len(cards)]

    def trends(self, tenant: str) -> Trends:
        return self.counted


class Counted:
    """The trends of each tenant as they were at most COUNTED_S ago; nobody but the first waits for a count."""

    def __init__(self, book: FeedBook, clock: Callable[[], float] = time.monotonic) -> None:
        self._book, self._clock = book, clock
        self._kept: dict[str, tuple[float, Trends]] = {}
        self._lock = threading.Lock()

    def get(self, tenant: str) -> Trends:
        """What was counted last; counted anew behind the request when it is old."""
        known = self._kept.get(tenant)
        if known is None:
            return self._count(tenant)
        if self._clock() - known[0] > COUNTED_S and self._lock.acquire(blocking=False):
            threading.Thread(target=self._again, args=(tenant,), name="trends", daemon=True).start()
        return known[1]

    def _again(self, tenant: str) -> None:
        try:
            self._count(tenant)
        except Exception:  # the store is closing, or in trouble: the last count serves on
            self._kept[tenant] = (self._clock(), self._kept[tenant][1])
        finally:
            self._lock.release()

    def _count(self, tenant: str) -> Trends:
        found = self._book.trends(tenant)
        self._kept[tenant] = (self._clock(), found)
        return found
