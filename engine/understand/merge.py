"""Who wins when a parameter and the text disagree, and what gives way first when too little is found?"""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from engine.types import Constraint, Intent, Kind, Query
from engine.understand.lexicon import load

#: Slots that exclude one another: a parameter for one replaces what the text said about the others too.
_SAME: Final = {"place.zone": "place", "distance": "place", "travel_time": "place", "price_level": "price"}
#: Slots of which a text may hold several at once; a parameter replaces only an equal value.
_MANY: Final = frozenset({"amenity", "dish", "audience", "ambience", "diet", "ingredient", "occasion", "attr.skin"})
#: First to give way first. Who is kept safe by a constraint never loses it.
_ORDER: Final = (
    "popularity", "place.zone", "time.season", "time.when", "time.open", "price_level", "occasion",
    "audience", "weather", "ambience", "level", "party_size", "travel_time", "distance", "place.transit",
    "duration", "price", "rating", "attr.style", "attr.size", "attr.material", "attr.home", "attr.body",
    "attr.skin", "language", "amenity", "hotel_class", "dish", "cuisine", "category", "recency", "trust",
    "place.named", "place.admin", "similar_to", "brand", "name",
)  # fmt: skip
_PLACE: Final = {slot: place for place, slot in enumerate(_ORDER)}
_ELSE: Final = len(_PLACE) // 2
_NAMES: Final = frozenset({"place.named", "place.admin", "similar_to", "brand", "name"})
#: A name so sure of goes after all that is no name.
_CERTAIN: Final = 0.8
#: A kind of thing so sure of was named.
_NAMED: Final = 0.9
_SAFETY_SLOTS: Final = frozenset({"diet", "ingredient", "language"})
SAFETY: Final = frozenset(
    {"pregnant", "nursing_mothers", "babies", "step_free", "wheelchair", "wheelchair_accessible", "accessible_toilet",
     "accessible_facilities", "pets_allowed", "dogs_allowed", "allows_dogs", "non_smoking_room"}
)  # fmt: skip


def merge(intent: Intent, query: Query) -> Intent:
    """Explicit parameters win: filters over constraints of their slot, kinds over kinds, sort over sort."""
    if not (query.filters or query.kinds or query.sort):
        return intent
    if query.filters:
        kept = tuple(c for c in intent.constraints if not any(replaces(f, c) for f in query.filters))
        intent = replace(intent, constraints=kept + query.filters)
    if query.kinds:
        possible = tuple(c for c in intent.constraints if c in query.filters or _possible(c, query.kinds))
        intent = replace(intent, constraints=possible if query.parse is None else intent.constraints)
        intent = replace(intent, kinds={kind: intent.kinds.get(kind, 1.0) for kind in query.kinds})
    return replace(intent, sort=query.sort or intent.sort)


def _possible(said: Constraint, kinds: Sequence[Kind]) -> bool:
    """Can anything of these kinds be it? "coffee", asked of products alone, is no café."""
    if said.slot != "category":
        return True
    nodes = said.value if isinstance(said.value, list | tuple) else [said.value]
    known = [entry for node in nodes if (entry := load().categories.get(str(node)))]
    return not known or any(kind in entry.kinds for entry in known for kind in kinds)


def replaces(given: Constraint, said: Constraint) -> bool:
    """Does a filter take the place of what the text said?"""
    if given.slot in _MANY:
        return given.slot == said.slot and given.value == said.value
    return _SAME.get(given.slot, given.slot) == _SAME.get(said.slot, said.slot)


def relax_order(constraints: Sequence[Constraint]) -> tuple[int, ...]:
    """Places of constraints, first to give up first: soft, then hard by certainty, names last, safety never."""
    soft: list[tuple[int, int]] = []
    hard: list[tuple[bool, float, int, int]] = []
    for at, c in enumerate(constraints):
        slot = c.slot
        if c.hardness == "soft":
            soft.append((_PLACE.get(slot, _ELSE), at))
        elif not ((slot == "category" and c.confidence >= _NAMED) or kept_safe(c)):  # safety, the kind that was named
            certainty = round(c.confidence, 1)
            hard.append((slot in _NAMES and certainty >= _CERTAIN, certainty, _PLACE.get(slot, _ELSE), at))
    soft.sort()
    hard.sort()
    return (*[at for _, at in soft], *[ranked[-1] for ranked in hard])


def kept_safe(constraint: Constraint) -> bool:
    """Does it keep someone safe, beyond doubt?"""
    if constraint.hardness != "hard":
        return False
    value = constraint.value
    if constraint.slot in _SAFETY_SLOTS:
        return True
    if isinstance(value, str):
        return value in SAFETY
    return isinstance(value, list | tuple) and all(isinstance(one, str) and one in SAFETY for one in value)
