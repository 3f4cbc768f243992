"""Which sets of rows were worked out lately? Kept within a bound of bytes, the longest unused dropped first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

T = TypeVar("T")
#: Bytes that one memory may hold, and things.
MOST: Final = 32 * 2**20
MANY: Final = 4096


class Memo(Generic[T]):
    """key -> what was made for it; `each`: bytes that one takes. Safe for many threads: two may make the same once."""

    def __init__(self, each: int, most: int = MOST) -> None:
        self._room = min(MANY, max(8, most // max(1, each)))
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def peek(self, key: Hashable) -> T | None:
        """What is kept, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept, else what `make` gives, and kept from now on."""
        found = self.peek(key)
        return self.put(key, make()) if found is None else found

    def put(self, key: Hashable, made: T) -> T:
        """Keep it; -> the same."""
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)
        return made
