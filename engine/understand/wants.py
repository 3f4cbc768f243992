"""What kind of thing is wanted, under which intent: settled from what was read."""

from collections.abc import Sequence, Set
from typing import Final

from engine.types import Constraint, Kind
from engine.understand.intents import choose, cues
from engine.understand.lexicon import Lexicon
from engine.understand.patterns import gated
from engine.understand.pieces import Reading
from engine.understand.settle import is_bare
from engine.understand.signals import sort_of
from engine.vocabulary import APPLIES

_PLACE_SLOTS: Final = frozenset(s for s, kinds in APPLIES.items() if "poi" in kinds and "product" not in kinds)
_PRODUCT_SLOTS: Final = frozenset(s for s, kinds in APPLIES.items() if "product" in kinds and "poi" not in kinds)
#: How somebody looks: shown in notes rather than sold.
_LOOKS: Final = frozenset({"attr.style", "attr.body", "time.season"})
#: A noun for a place that no lexicon knows.
_PLACE_END: Final = gated(r"(?:店|馆|站|厅|吧|园|场|院|所|餐厅|景区|中心|附近)[?。!]*$")
#: Said of where one is, hardly of a thing.
_MOODS: Final = frozenset({"ambience", "weather"})
_SOMEWHERE: Final = gated(
    r"\b(?:somewhere|anywhere)\b(?! like)"
    r"|\b(?:place|spot)s?\b(?= (?:to|where|for|that|with|which|in|near|we|i)\b|[?.! ]*$)"
    r"|\bwhere (?:can|could|do|should|to)\b(?: (?:i|we|one|you))?(?! (?:find out|go))"
    r"|地方|去处|场所|哪里?(?:能|可以|适合)"
)
_FOR_SOMEBODY: Final = gated(
    r"\bsomething (?:[a-z]+ )?for (?:my|our|his|her|their|a|an) (?!.* to (?:do|see|watch|visit|eat|play|go))"
)
#: Bought for somebody, or counted: "给女朋友买", "买双".
_BUYING: Final = gated(r"[给帮替为][^,。;!?]{1,6}买|买(?:一?[个件双条台瓶套部把顶块副些点])")
#: Naming one of these makes a fact cue ("address") ask about it.
_NAMING: Final = frozenset({"name", "brand", "place.named"})
_BRANCH: Final = frozenset({"brand", "place.admin", "place.named"})
#: What a named category weighs, and what other slots do, against the cues of intents.toml.
_CATEGORY_WEIGHS: Final = 2.0
_SLOTS_WEIGH: Final = 1.4
#: The kinds that each intent wants, with weights.
KINDS_OF: Final[dict[str, dict[Kind, float]]] = {
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
    slots = {c.slot for c in constraints if c.polarity > 0}
    plain, sure, weight = _plain(reading, constraints, slots)
    if reading.words.lines:
        slots = {c.slot for c in constraints if c.polarity > 0 and c.rule != "lines"}
    weights = _told(reading, slots)
    if weights.pop("notes", 0.0) > 2:  # said outright: nothing else is wanted
        return "find_note", 0.95, ((plain, 0.4),), {"note": 1.0, "poi": 0.2, "product": 0.2}
    weights[plain] = max(weight, weights.get(plain, 0.0))
    name, share, others = choose(weights)
    if name == plain:
        return plain, sure, others or (("find_note", 0.4),), _weights(plain, sure)
    kinds = dict(KINDS_OF[name])
    if plain == "find_place":
        kinds.pop("product", None)
    elif plain == "find_product" and sure > 0.4:  # not where nothing was named
        kinds.pop("poi", None)
    return name, share, others, kinds


def _told(reading: Reading, slots: Set[str]) -> dict[str, float]:
    """What the cues weigh, and what is named: a name is looked up, a likeness is sought."""
    naming = slots & _NAMING
    weights = dict(cues(reading, naming).weights)
    if "category" in slots and not naming:  # "and where to go, and its address?": a kind is sought all the same
        for intent in ("lookup", "browse"):
            weights[intent] = min(weights.get(intent, 0.0), 1.0)
    elif not slots & _PLACE_SLOTS and slots & _PRODUCT_SLOTS:  # "怎么去黑头" is no way to go
        weights["howto"] = max(weights.get("howto", 0.0), weights.pop("lookup", 0.0))
    if "name" in slots:
        weights["lookup"] = max(weights.get("lookup", 0.0), 2.5)
    elif {"brand"} < slots <= _BRANCH:
        weights["lookup"] = max(weights.get("lookup", 0.0), 2.2)
    if "similar_to" in slots:
        weights["similar_to"] = weights.get("similar_to", 0.0) + 3.0
    return weights


def _weights(plain: str, sure: float) -> dict[Kind, float]:
    """Kinds of the intent; the less sure, the more the others may show."""
    if sure <= 0.4:
        return {"product": 1.0, "poi": 1.0, "note": 1.0}
    kinds = dict(KINDS_OF[plain])
    return kinds if sure > 0.7 else {**dict.fromkeys(("product", "poi", "note"), 0.3), **kinds}


def _plain(reading: Reading, constraints: Sequence[Constraint], slots: Set[str]) -> tuple[str, float, float]:
    """The intent that what is named speaks for, how sure it is, and what it weighs against cues."""
    for c in constraints if "category" in slots else ():
        if c.slot == "category" and c.polarity > 0:
            ids = c.value if isinstance(c.value, list) else [c.value]
            kinds = {kind for i in ids for kind in reading.lexicon.entries[i].kinds}
            weight = _SLOTS_WEIGH if c.assume and "implied" in c.assume else _CATEGORY_WEIGHS
            if len(kinds - {"note"}) == 1:
                return ("find_product" if "product" in kinds else "find_place"), min(0.97, c.confidence), weight
    if any(c.slot == "occasion" and c.value == "gift" for c in constraints):
        return "find_product", 0.8, _SLOTS_WEIGH
    if slots and slots <= _LOOKS:
        return "find_note", 0.6, _SLOTS_WEIGH
    places = sum([c.slot in _PLACE_SLOTS for c in constraints])
    products = sum([c.slot in _PRODUCT_SLOTS or c.slot == "brand" for c in constraints])
    if places != products:
        return ("find_place" if places > products else "find_product"), 0.8, _SLOTS_WEIGH
    return _unnamed(reading, constraints)


def _unnamed(reading: Reading, constraints: Sequence[Constraint]) -> tuple[str, float, float]:
    """When nothing that is named tells: the nearest of its kind, a noun for a place, or bare catalogue words."""
    if reading.topics:
        return "find_note", 0.8, _SLOTS_WEIGH
    if _FOR_SOMEBODY.search(reading.text) or _BUYING.search(reading.text):
        return "find_product", 0.75, _SLOTS_WEIGH
    if _SOMEWHERE.search(reading.text):
        return "find_place", 0.75, _SLOTS_WEIGH
    if any(c.slot in _MOODS and c.polarity > 0 for c in constraints):
        return "find_place", 0.75, 0.6  # less than any cue of another intent
    found = sort_of(reading.text)
    if (found and found[0] == "distance") or _PLACE_END.search(reading.text):
        return "find_place", 0.6, 1.0
    words = reading.lang == "en" and (not constraints or is_bare(reading.text))
    return ("find_product", 0.4, 0.6) if words else ("browse", 0.4, 0.5)


def verticals(constraints: Sequence[Constraint], lexicon: Lexicon) -> tuple[str, ...]:
    """The roots of the taxonomy that the category lies under."""
    found: list[str] = []
    for c in constraints:
        if c.slot == "category" and c.polarity > 0:
            names = c.value if isinstance(c.value, list) else [c.value]
            found += [(lexicon.ancestors(name) or (name,))[-1] for name in names]
    return tuple(dict.fromkeys(found))
