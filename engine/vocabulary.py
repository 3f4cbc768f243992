"""Which slots exist, what value each holds, and to which kinds of item does it apply?

The value forms are the contract between the parser (engine/understand), the columns that judge them
(indexing/columns) and the page that shows them. `op` is one of the ops listed.

slot              ops                 value
----------------  ------------------  ----------------------------------------------------------------------
category          eq, in              taxonomy node id ("cafe"); in: list of ids. A node matches its descendants
audience          has, in             attribute id ("family_with_kids"); ages in assume {"age": [3, 3]}
occasion          has, in             attribute id ("birthday"); in, here and below: list of ids, any will do
amenity           has, in, open       attribute id ("lawn") or a raw value of the index; open: {"open": "秋千"}
ambience          has, in, open           attribute id ("quiet")
cuisine           has, in             attribute id ("sichuan"); in: list of ids
dish              has                 words of a dish ("香河肉饼"): kept when part of a dish's name
diet              has, in             attribute id ("vegan")
attr.skin|body|style|home|size|material   has, in   attribute id ("sensitive_skin") or {"min","max","unit"}
ingredient        has                 attribute id or words ("alcohol"); nearly always polarity -1
level             has                 attribute id ("beginner")
trust             eq                  "organic"
language          has                 "en" (service language)
weather           has                 attribute id ("indoor")
place.admin       in                  {"level": "country|province|city|district|area", "name": "杭州"}; matched against
                                      the item's province, city, district and area, either language; of one name
                                      in several cities assume {"city": "北京", "also": ["长春"]} tells which;
                                      "or": [{"level", "name"}, ..] names more, any of which will do
place.named       near                {"name": "外滩", "km": 2.0} and, once grounded, "points" [[lat, lon]..], "ids"
place.zone        in                  "center" | "suburb_near" | "suburb"; assume {"km_from_center": [lo, hi]},
                                      "relative_to" a city (its centre in "lat", "lon") or each place's own
place.transit     near                {"name": "2号线"} or {"name": "metro"}; km in assume
place.relative    between             {"anchors": [..]} and, once grounded, "points" of both; assume {"detour": 1.33}
distance          lte                 kilometres from the person (float); grounded in assume {"lat","lon"}
travel_time       lte                 {"minutes": 10, "mode": "walk|bike|drive|transit"}; km in assume
time.open         open_at             {"day": "SU", "minute": 540} or "now" (grounded: {"day","minute"} by the
                                      item's own time zone) or "24_7" or "late" (open at 01:00)
time.open         open_during         {"days": ["SA", "SU"], "from": 0, "to": 1440} ("from"/"to" optional)
time.when         in                  {"from": "2026-11-28", "to": "2026-11-29", "days": ["SA", "SU"]}
time.season       in                  "spring" | "summer" | "autumn" | "winter" | {"months": [3, 4]}
duration          eq, between         minutes; between: [lo, hi]. eq: lies within the item's visit interval;
                                      between: the item's interval lies within it
recency           gte                 ISO date, of a note's published_at
price             lte, gte, between, eq   number in the currency of assume {"currency","per"}; between: [lo, hi];
                                      lte, gte also {"ref": name}: the figure of the item so called, put in by
                                      engine/refer.py (so for rating and distance)
price_level       lte, gte            1..4
rating            lte, gte, between, eq   0..5
popularity        lte                 percentile 0..1
hotel_class       eq                  attribute id ("comfort_hotel")
brand             eq, in              brand id, or the name as the index spells it
name              eq                  an item's name; with assume {"part_of_name": [..]} any of these is part of it
similar_to        like                {"name": .., "id": ..} and, once grounded, "ids"
party_size        gte                 people
"""

from typing import Final

from engine.types import Kind

_ALL: Final[frozenset[Kind]] = frozenset({"note", "product", "poi"})
_PLACE: Final[frozenset[Kind]] = frozenset({"note", "poi"})  # a note stands where its places stand
_POI: Final[frozenset[Kind]] = frozenset({"poi"})
_PRODUCT: Final[frozenset[Kind]] = frozenset({"product"})
_NOTE: Final[frozenset[Kind]] = frozenset({"note"})
_PRICED: Final[frozenset[Kind]] = frozenset({"product", "poi"})

#: A constraint filters only the kinds listed; for the others it stays UNKNOWN and filters nothing.
APPLIES: Final[dict[str, frozenset[Kind]]] = {
    "category": _ALL,
    "audience": _ALL,
    "occasion": _ALL,
    "amenity": _PLACE,
    "ambience": _ALL,
    "cuisine": _PLACE,
    "dish": _PLACE,
    "diet": _ALL,
    "attr.skin": frozenset({"note", "product"}),
    "attr.body": frozenset({"note", "product"}),
    "attr.style": frozenset({"note", "product"}),
    "attr.home": frozenset({"note", "product"}),
    "attr.size": _PRODUCT,
    "attr.material": frozenset({"note", "product"}),
    "ingredient": _PRODUCT,
    "level": frozenset({"note", "product"}),
    "trust": _NOTE,
    "language": _POI,
    "weather": _PLACE,
    "place.admin": _PLACE,
    "place.named": _PLACE,
    "place.zone": _PLACE,
    "place.transit": _POI,
    "place.relative": _POI,
    "distance": _PLACE,
    "travel_time": _PLACE,
    "time.open": _POI,
    "time.when": _POI,
    "time.season": _PLACE,
    "duration": _POI,
    "recency": _NOTE,
    "price": _PRICED,
    "price_level": _PRICED,
    "rating": _PRICED,
    "popularity": _ALL,
    "hotel_class": _POI,
    "brand": _ALL,
    "name": _ALL,
    "similar_to": _ALL,
    "party_size": _POI,
}

SLOTS: Final[frozenset[str]] = frozenset(APPLIES)

#: Slots whose value is an attribute that notes can prove: judged from merchant data and mined evidence.
MINED: Final[frozenset[str]] = frozenset(
    {
        "audience",
        "occasion",
        "amenity",
        "ambience",
        "diet",
        "attr.skin",
        "attr.body",
        "attr.style",
        "attr.home",
        "attr.material",
        "ingredient",
        "level",
        "weather",
    }
)

#: What answers can be counted by: the name in a request -> the slot of the filter that each value is.
FACETS: Final[dict[str, str]] = {
    **{
        slot: slot
        for slot in ("category", "cuisine", "brand", "hotel_class", "trust", "price", "price_level", "rating")
    },
    **{slot: slot for slot in sorted(MINED)},
    "city": "place.admin",
    "district": "place.admin",
}

INTENTS: Final[tuple[str, ...]] = (
    "find_place",
    "find_product",
    "find_note",
    "howto",
    "compare",
    "itinerary",
    "review_check",
    "lookup",
    "book",
    "similar_to",
    "deal",
    "browse",
)

SORTS: Final[tuple[str, ...]] = ("rating", "distance", "price", "price_desc", "saves", "recent", "value")

#: A mined attribute counts as kept from this probability on; the answer states it.
LIKELY_AT: Final = 0.5
MET_AT: Final = 0.8
