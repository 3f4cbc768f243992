"""Which answers does the house move by hand? Pin, boost, bury, hide: after ranking, within dates, and said so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import numpy as np

from engine.ports import Index
from engine.types import I64, Candidates, Intent, Query
from engine.understand.fold import fold

Action: TypeAlias = Literal["pin", "boost", "bury", "hide"]
ACTIONS: Final[tuple[Action, ...]] = ("pin", "boost", "bury", "hide")
#: Items that one rule names, rules of one tenant, and places that an item is moved by, at most.
MOST_ITEMS, MOST_RULES, MOST_PLACES = 20, 500, 50


@dataclass(frozen=True, slots=True)
class Rule:
    """For a query (its words, folded) or a constraint (slot and value), or both, some items are moved.

    pin: to this place and those after it, where they are among the answers at all (a pin breaks no filter);
    boost and bury: up or down by so many places; hide: away.
    """

    id: str
    action: Action
    items: tuple[str, ...]
    query: str | None = None
    slot: str | None = None
    value: str | None = None
    places: int = 0
    since: datetime | None = None
    until: datetime | None = None  # from then on it moves nothing

    def holds(self, intent: Intent, query: Query, at: datetime) -> bool:
        """Does it speak of this request, at this time?"""
        if (self.since is not None and at < self.since) or (self.until is not None and at >= self.until):
            return False
        if self.query is not None and _folded(self.query) != _folded(query.text or intent.query):
            return False
        return self.slot is None or any(
            c.slot == self.slot and c.polarity > 0 and (self.value is None or str(c.value) == self.value)
            for c in intent.constraints
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """What a rule did to an item of this answer."""

    rule: str
    action: Action
    item: str


def active(rules: Sequence[Rule], intent: Intent, query: Query, at: datetime) -> list[Rule]:
    """The rules that speak of this request, in the order in which they are applied: pins last, so that they hold."""
    return sorted((r for r in rules if r.holds(intent, query, at)), key=lambda r: (_TURN[r.action], r.id))


def apply(
    rules: Sequence[Rule], index: Index, tenant: str, candidates: Candidates, order: I64
) -> tuple[I64, tuple[Moved, ...]]:
    """The order of positions with the rules applied, and what each did; items that are no candidates stay away."""
    left = order.tolist()
    moved: list[Moved] = []
    for rule in rules:
        for number, item in enumerate(rule.items):
            position = _position(index, tenant, candidates, item)
            if position is None or position not in left:
                continue
            _move(left, position, rule, number)
            moved.append(Moved(rule.id, rule.action, item))
    return np.array(left, np.int64), tuple(moved)


def _move(order: list[int], position: int, rule: Rule, number: int) -> None:
    was = order.index(position)
    order.pop(was)
    if rule.action == "pin":
        order.insert(rule.places + number, position)
    elif rule.action != "hide":
        order.insert(max(0, was - rule.places) if rule.action == "boost" else was + rule.places, position)


def _position(index: Index, tenant: str, candidates: Candidates, item: str) -> int | None:
    place = index.locate(tenant, item)
    return None if place is None else candidates.place(*place)


@lru_cache(maxsize=2048)
def _folded(text: str) -> str:
    return " ".join(fold(text).text.split())


_TURN: Final[Mapping[str, int]] = {"boost": 0, "bury": 1, "hide": 2, "pin": 3}
