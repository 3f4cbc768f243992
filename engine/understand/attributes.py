"""Which constraints do the lexicon's words and the index's own names make?"""

from typing import Final

from engine.types import Hardness
from engine.understand.entries import SHADOW
from engine.understand.lexicon import Mention
from engine.understand.offer import offered
from engine.understand.patterns import Lazy, gated
from engine.understand.pieces import NOTHING, Piece, Reading, signs
from engine.vocabulary import SLOTS

_EQ: Final = frozenset({"hotel_class", "trust", "brand", "name"})
#: Hotel classes are also plain praise ("comfortable"): they are a class only when hotels are talked about.
_HOTEL: Final = gated(r"酒店|宾馆|旅馆|住|房|民宿|hotel|inn\b|stay|accommodation|room|hostel|lodging|型")

#: Words that a request uses for its own purposes: a meal to have, a table to book. They ask for the attribute only
#: after a word of having it.
_TALK: Final = {
    "dinner": Lazy(r"."),
    "lunch": Lazy(r"."),
    "reservation": Lazy(r"^(?:提前)?预约$|^订[位座]$|^book "),
    "foreign_guests": Lazy(r"^外宾$"),
}
#: Praise and warning ("必吃", "YYDS", "避雷"): they tell the intent and the mood, and no place is filed under them.
_SLANG: Final = frozenset({"must_visit"})
#: What each reader of this module needs: any word of the lexicon, a name of the index.
WORDED: Final = signs(SHADOW, *SLOTS) & ~signs("category")
NAMED: Final = signs("named amenity", "named brand")
_SERVED: Final = gated(
    r"(?:有|提供|供应|可以?|能|接受|支持|接待|serv\w+|offer\w*|open for|tak\w+|accept\w*|receiv\w+) ?$"
)


#: Words of these may name the kind of place itself as well.
_EITHER: Final = frozenset({"amenity", "cuisine"})


def _is_sought(reading: Reading, mention: Mention) -> bool:
    """Is it the kind of place (or thing) itself that the word names here, not a facility?"""
    slots = reading.named_at((mention.start, mention.end))
    if mention.slot == "amenity":
        return bool(slots & {"category", "cuisine"}) and not offered(reading, mention)
    return mention.slot == "cuisine" and "amenity" in slots and offered(reading, mention)


def _only_talk(text: str, mention: Mention) -> bool:
    return bool(_TALK[mention.id].search(mention.surface) and not _SERVED.search(text, 0, mention.start))


def _of_hotels(reading: Reading) -> bool:
    return bool(_HOTEL.search(reading.text))


def from_lexicon(reading: Reading) -> list[Piece]:
    """Every attribute named; categories are left to engine.understand.target."""
    pieces = []
    for m in reading.mentions:
        if m.slot == "category" or (m.slot in _EITHER and _is_sought(reading, m)):
            continue
        if m.id in _SLANG:
            pieces.append(Piece(m.start, m.end, NOTHING, "", None, rule=f"slang.{m.id}", rank=1))
            continue
        if m.slot == SHADOW:
            pieces.append(Piece(m.start, m.end, NOTHING, "", None, rule=f"shadow.{m.id}", rank=5))
            continue
        if (m.id in _TALK and _only_talk(reading.text, m)) or (m.slot == "hotel_class" and not _of_hotels(reading)):
            continue
        op = "eq" if m.slot in _EQ else "has"
        hardness: Hardness = reading.lexicon.entries[m.id].hardness
        pieces.append(Piece(m.start, m.end, m.slot, op, m.id, hardness, m.sign, 0.9, rule=f"lexicon.{m.id}", rank=1))
    return pieces


def from_names(reading: Reading) -> list[Piece]:
    """Facilities and brands in the index's own spelling, where the lexicon has no word of that length."""
    return [
        Piece(n.start, n.end, n.slot, "eq" if n.slot == "brand" else "has", n.value, rule=f"names.{n.slot}")
        for n in reading.names
        if n.slot in ("amenity", "brand") and n.end - n.start >= 2
    ]
