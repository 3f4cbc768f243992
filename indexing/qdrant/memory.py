"""By what was a mask made? Callers hand back the masks that `allowed` gave them: Qdrant is sent their conditions."""

import weakref
from collections import OrderedDict
from threading import Lock
from typing import Final, NamedTuple

from engine.types import Mask
from indexing.qdrant.port import Filter

#: Masks that are remembered.
_LATELY: Final = 64


class Conditions(NamedTuple):
    """What lets all rows of a mask in; `exact`: and no other row."""

    filter: Filter | None = None
    exact: bool = False


class Remembered:
    """The last masks that were given. Safe for many threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, tuple[weakref.ref[Mask], Conditions]] = OrderedDict()
        self._lock = Lock()

    def keep(self, mask: Mask, by: Conditions) -> None:
        """A mask, and what it was made by."""
        with self._lock:
            self._known[id(mask)] = (weakref.ref(mask), by)
            while len(self._known) > _LATELY:
                self._known.popitem(last=False)

    def of(self, mask: Mask) -> Conditions:
        """That of this very mask; of any other nothing is known, and everything may be let in."""
        with self._lock:
            found = self._known.get(id(mask))
            return found[1] if found is not None and found[0]() is mask else Conditions()
