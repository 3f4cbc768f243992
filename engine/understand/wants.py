"""What kind of thing is wanted, under which intent: settled from what was read."""

from collections.abc import Sequence
from typing import Final

from engine.types import Constraint, Kind
from engine.understand.lexicon import Lexicon
from engine.understand.pieces import Reading
from engine.understand.settle import is_bare
from engine.understand.signals import intent_of
from engine.vocabulary import APPLIES

_PLACE_SLOTS: Final = frozenset(s for s, kinds in APPLIES.items() if "poi" in kinds and "product" not in kinds)
_PRODUCT_SLOTS: Final = frozenset(s for s, kinds in APPLIES.items() if "product" in kinds and "poi" not in kinds)
_KINDS: Final[dict[str, dict[Kind, float]]] = {
    "find_place": {"poi": 1.0, "note": 0.4},
    "find_product": {"product": 1.0, "note": 0.4},
    "find_note": {"note": 1.0, "poi": 0.4, "product": 0.4},
    "howto": {"note": 1.0, "product": 0.3},
    "compare": {"note": 1.0, "product": 0.7},
    "itinerary": {"note": 1.0, "poi": 0.8},
    "review_check": {"note": 1.0, "poi": 0.5, "product": 0.5},
    "lookup": {"poi": 1.0, "product": 0.6, "note": 0.5},
    "book": {"poi": 1.0},
    "similar_to": {"product": 1.0, "note": 0.6, "poi": 0.4},
    "deal": {"poi": 1.0, "product": 0.6, "note": 0.5},
    "browse": {"poi": 1.0, "note": 0.8, "product": 0.6},
}


def wanted(
    reading: Reading, constraints: Sequence[Constraint]
) -> tuple[str, float, tuple[tuple[str, float], ...], dict[Kind, float]]:
    """-> intent, confidence, alternatives, kinds with weights."""
    plain, sure = _plain(reading, constraints)
    cue = intent_of(reading.text)
    if cue == "notes":  # said outright: nothing else is wanted
        return "find_note", 0.95, ((plain, 0.4),), {"note": 1.0, "poi": 0.2, "product": 0.2}
    if any(c.slot == "name" for c in constraints):
        cue = cue or "lookup"
    if cue is None or (
        cue in ("find_note", "deal") and any(c.slot == "category" and c.confidence > 0.9 for c in constraints)
    ):
        others = ((cue, 0.4),) if cue else (("find_note", 0.4),)
        return plain, sure, others, _weights(plain, sure)
    kinds = dict(_KINDS[cue])
    if plain == "find_place":
        kinds.pop("product", None)
    elif plain == "find_product":
        kinds.pop("poi", None)
    return cue, 0.8, ((plain, 0.4),), kinds


def _weights(plain: str, sure: float) -> dict[Kind, float]:
    """Kinds of the intent; the less sure, the more the others may show."""
    if sure <= 0.4:
        return {"product": 1.0, "poi": 1.0, "note": 1.0}
    kinds = dict(_KINDS[plain])
    return kinds if sure > 0.7 else {**dict.fromkeys(("product", "poi", "note"), 0.3), **kinds}


def _plain(reading: Reading, constraints: Sequence[Constraint]) -> tuple[str, float]:
    """find_place or find_product, from what the constraints apply to; free text when nothing tells."""
    for c in constraints:
        if c.slot == "category":
            ids = c.value if isinstance(c.value, list) else [c.value]
            kinds = {kind for i in ids for kind in reading.lexicon.entries[i].kinds if kind != "note"}
            if len(kinds) == 1:
                return ("find_product" if "product" in kinds else "find_place"), min(0.97, c.confidence)
    if any(c.slot == "occasion" and c.value == "gift" for c in constraints):
        return "find_product", 0.8
    places = sum(c.slot in _PLACE_SLOTS for c in constraints)
    products = sum(c.slot in _PRODUCT_SLOTS or c.slot == "brand" for c in constraints)
    if places != products:
        return ("find_place", 0.8) if places > products else ("find_product", 0.8)
    words = reading.lang == "en" and (not constraints or is_bare(reading.text))
    return ("find_product", 0.4) if words else ("browse", 0.4)


def verticals(constraints: Sequence[Constraint], lexicon: Lexicon) -> tuple[str, ...]:
    """The roots of the taxonomy that the category lies under."""
    found: list[str] = []
    for c in constraints:
        for name in c.value if isinstance(c.value, list) else [c.value]:
            if c.slot == "category" and c.polarity > 0:
                found.append((lexicon.ancestors(name) or (name,))[-1])
    return tuple(dict.fromkeys(found))
