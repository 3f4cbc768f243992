"""By what could the answers be narrowed, and how many would be left? Each value of a facet is the filter it would be.

A count says how many items keep the hard constraints once the value is sent as a filter. So what such a filter would
replace is left out (engine/understand/merge.py): a price that was asked for does not thin out the price facet, while
attributes, of which a person may want several, are counted on top of those that were asked for. Items of kinds to
which the slot does not apply are not counted.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.relax import Filter
from engine.retrieve import Ask, wanted
from engine.types import Constraint, Facet, Kind, Mask
from engine.understand.merge import replaces
from engine.vocabulary import APPLIES, FACETS

#: Values shown of a facet.
MOST: Final = 12
#: A district is looked for within the province and city that were asked for.
_WIDER: Final = ("province", "city")
#: Facets whose values are ranges: those of the kind wanted most serve all.
RANGED: Final = frozenset({"price", "price_level", "rating"})


def facets(ask: Ask, names: Sequence[str]) -> tuple[Facet, ...]:
    """The facets asked for, by name, over the kinds that are wanted."""
    filters = {
        kind: Filter.of(ask.index, ask.tenant, kind, ask.intent, ask.hidden_rows(kind))
        for kind in wanted(ask.intent, ask.query)
    }
    return tuple(Facet(name, _values(ask, name, filters)) for name in dict.fromkeys(names))


def _values(ask: Ask, name: str, filters: dict[Kind, Filter]) -> tuple[tuple[Constraint, int], ...]:
    mine = {kind: filter for kind, filter in filters.items() if kind in APPLIES[FACETS[name]]}
    offered: dict[str, Constraint] = {}
    for kind, filter in mine.items():
        found = ask.index.choices(ask.tenant, kind, name, _left(ask, filter, name, choosing=True), MOST)
        offered |= {f"{c.op} {c.value}": c for c in found if name not in RANGED or not offered}
    values = list(offered.values())
    counts = np.zeros(len(values), np.int64)
    for kind, filter in mine.items():
        counts += ask.index.tally(ask.tenant, kind, values, _left(ask, filter, name))
    found_any = np.flatnonzero(counts)
    order = found_any if name in RANGED else found_any[np.argsort(-counts[found_any], kind="stable")]
    return tuple((values[at], int(counts[at])) for at in order[:MOST])


def _left(ask: Ask, filter: Filter, name: str, *, choosing: bool = False) -> Mask:
    """bool: the rows of a kind that keep what a filter by this facet would leave of the hard constraints."""
    given = Constraint(FACETS[name], "", None)
    wider = choosing and name == "district"
    kept = [c for c in filter.hard.values() if not replaces(given, c) or (wider and _is_wider(c))]
    if len(kept) == len(filter.hard):
        return filter.mask
    mask = ask.index.allowed(ask.tenant, filter.kind, kept)
    if len(filter.banned):
        mask = mask.copy()
        mask[filter.banned] = False
    return mask


def _is_wider(c: Constraint) -> bool:
    return c.slot == "place.admin" and c.value.get("level") in _WIDER
