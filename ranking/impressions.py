"""What did people do with what we showed them? Events (UBI names) joined by query id into graded impressions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import Any, Final

from engine.errors import BadInput

#: Gains per action. Accounts of creator-side weights contradict one another: these are settings, not facts.
GAINS: Final[Mapping[str, float]] = {
    "impression": 0.0,
    "click": 0.3,
    "like": 1.0,
    "save": 1.0,
    "comment": 4.0,
    "share": 4.0,
    "follow": 8.0,
    "book": 8.0,
    "purchase": 8.0,
}

#: Who hides or reports an item does not want it, whatever else was done with it.
REFUSALS: Final = frozenset({"hide", "report"})


@dataclass(frozen=True, slots=True)
class Grading:
    """Gain of the strongest action -> grade: the number of thresholds that it reaches (0..len)."""

    gains: Mapping[str, float] = field(default_factory=lambda: GAINS)
    thresholds: tuple[float, ...] = (0.3, 1.0, 4.0, 8.0)

    def grade(self, actions: Iterable[str]) -> int:
        """The grade of an item with which these things were done; the strongest counts, repeats do not add up."""
        done = set(actions)
        if done & REFUSALS:
            return 0
        strange = done - self.gains.keys()
        if strange:
            raise BadInput(f"events: no gain is set for action {sorted(strange)[0]!r}; add it to the gains")
        gain = max((self.gains[action] for action in done), default=0.0)
        return sum(gain >= threshold for threshold in self.thresholds)


@dataclass(frozen=True, slots=True)
class Impressions:
    """One answer page as it was shown: items by position, with the grades that followed."""

    query_id: str
    at: datetime  # of the first impression: the moment to split by
    items: tuple[str, ...]
    grades: tuple[int, ...]
    places: tuple[int, ...] = ()  # where each stood, from 0, as logged; else by the order in which they were shown
    clicked: tuple[bool, ...] = ()  # was anything done with it?


def moment(at: datetime | str) -> datetime:
    """The time of an event, however its table writes it; aware."""
    return at if isinstance(at, datetime) else datetime.fromisoformat(at)


def join(events: Iterable[Mapping[str, Any]], grading: Grading | None = None) -> list[Impressions]:
    """Pages in the order of time; actions on items that a page did not show and events without query id are left out.

    Pages on which nothing was graded above 0 are kept: the caller decides whether silence is a judgment.
    """
    marks = grading or Grading()
    shown: dict[str, dict[str, tuple[float, datetime]]] = defaultdict(dict)
    actions: dict[tuple[str, str], set[str]] = defaultdict(set)
    for event in events:
        query_id, item = event.get("query_id"), event["object_id"]
        if query_id is None:
            continue
        actions[query_id, item].add(event["action"])
        if event["action"] == "impression" and item not in shown[query_id]:
            position = event.get("position")
            shown[query_id][item] = (float("inf") if position is None else float(position), moment(event["at"]))
    pages = [_page(query_id, items, actions, marks) for query_id, items in shown.items() if items]
    return sorted(pages, key=lambda page: (page.at, page.query_id))


def _page(
    query_id: str,
    shown: Mapping[str, tuple[float, datetime]],
    actions: Mapping[tuple[str, str], set[str]],
    grading: Grading,
) -> Impressions:
    items = tuple(sorted(shown, key=lambda item: shown[item][0]))
    said = [shown[item][0] for item in items]
    places = tuple(int(place) if isfinite(place) else number for number, place in enumerate(said))
    first = min(at for _, at in shown.values())
    grades = tuple(grading.grade(actions[query_id, item]) for item in items)
    clicked = tuple(bool(actions[query_id, item] - {"impression"} - REFUSALS) for item in items)
    return Impressions(query_id, first, items, grades, places, clicked)
