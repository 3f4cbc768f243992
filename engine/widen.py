"""What is offered where an index holds nothing of the kind of thing that was named? What is of the next wider kind."""

from collections.abc import Collection, Mapping
from typing import Any

from msgspec.structs import replace

from engine.relax import Filter
from engine.types import Constraint, Intent, Kind, Relaxed
from engine.understand.lexicon import load


def widen(filters: Mapping[Kind, Filter], intent: Intent, insist: Collection[int] = ()) -> tuple[Relaxed, ...]:
    """Each named category of which there is nothing at all, whatever else was asked, becomes its nearest wider one of
    which there is something ("ramen": noodle shops, else restaurants). -> the receipts.

    Only what is missing from the index gives way here: a category that other constraints leave empty stays.
    """
    if not filters or (first := next(iter(filters.values()))).any():
        return ()
    receipts = []
    for at, said in list(first.hard.items()):
        if at in insist or said.slot != "category" or said.polarity < 0 or first.holds(said):
            continue
        if (wider := _wider(first, said)) is not None:
            gained = sum(f.give(at, wider, 1) for f in filters.values() if not f.holds(said))
            receipts.append(Relaxed(said.slot, said.value, wider.value, gained, at))
    return tuple(receipts)


def _wider(filter: Filter, said: Constraint) -> Constraint | None:
    """The nearest category above of which the index holds anything."""
    several = isinstance(said.value, list | tuple)
    nodes: list[Any] = list(said.value) if several else [said.value]
    above = [load().ancestors(str(node)) for node in nodes]
    for step in range(max((len(path) for path in above), default=0)):
        reached = list(dict.fromkeys(path[min(step, len(path) - 1)] for path in above if path))
        wider = replace(said, value=reached if several else reached[0])
        if filter.holds(wider):
            return wider
    return None
