"""What does an intent ask for beside a list? A table of two, a route, a check of what is said, an offer to take.

Plain JSON values; None where the intent asks for no more than a list, or nothing that is needed is known.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from engine.panels.checked import checked
from engine.panels.offered import offered
from engine.panels.paired import paired
from engine.panels.routed import routed
from engine.ports import Index
from engine.types import F32, Candidates, Hit, Intent, Query

Panel: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Material:
    """What panels are made of."""

    index: Index
    intent: Intent
    query: Query
    candidates: Candidates
    scores: F32
    hits: tuple[Hit, ...]
    at: datetime
    lang: str


def panel(of: Material) -> Panel | None:
    """The panel of this intent; None without one."""
    make = _MAKERS.get(of.intent.name)
    return make(of) if make is not None else None


_MAKERS: Final[Mapping[str, Callable[[Material], Panel | None]]] = {
    "compare": lambda of: paired(of.index, of.query, of.intent, of.lang),
    "itinerary": lambda of: routed(of.index, of.query, of.intent, of.candidates, of.scores, of.at),
    "review_check": lambda of: checked(of.index, of.query, of.intent, of.lang),
    "book": lambda of: offered(of.index, of.query, of.hits),
    "deal": lambda of: offered(of.index, of.query, of.hits),
}
#: Intents that have a panel.
PANELS: Final = frozenset(_MAKERS)
