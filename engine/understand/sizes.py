"""How large is the thing, or the home, that a text speaks of? "20寸", "30平", "13-inch", "500ml", "under 120 cm"."""

from typing import Any, Final

from engine.understand.fields import FILE
from engine.understand.money import plain
from engine.understand.patterns import gated
from engine.understand.phrases import patterns
from engine.understand.pieces import Piece
from engine.understand.quantity import Quantity, said

_OF_THINGS: Final = frozenset({"size", "area", "volume", "weight", "charge"})
_SAID_OF_SELF: Final = patterns(FILE, "body", "before", "[^,。;]{0,3}")
_PERSON_BEHIND: Final = patterns(FILE, "body", "after", "[^,。;]{0,3}")
#: Metres up to here measure a thing ("1米8的床"), from here on a way.
_LONGEST_THING: Final = 0.01  # kilometres
_AWAY: Final = gated(r"附近|周边|离|距|内有|away|walk|from|near|radius|步行|水深|海拔|潜")
#: What people say of themselves in centimetres and kilograms.
_PERSON: Final = {"cm": (120.0, 215.0), "m": (1.2, 2.15), "kg": (35.0, 150.0), "jin": (70.0, 300.0)}


def is_size(text: str, q: Quantity) -> bool:
    """Does the amount measure a thing, not a way and not a person?"""
    if q.dimension == "length":
        return q.unit == "m" and q.high < _LONGEST_THING and not _AWAY.search(text) and not _of_person(text, q)
    return q.dimension in _OF_THINGS and not _of_person(text, q)


def _of_person(text: str, q: Quantity) -> bool:
    low, high = _PERSON.get(q.unit, (1.0, 0.0))
    if not low <= said(q).low <= high:
        return False
    before = text[max(0, q.start - 8) : q.start]
    return bool(_SAID_OF_SELF.search(before) or _PERSON_BEHIND.match(text, q.end))


def size(text: str, q: Quantity) -> Piece:
    """{"min", "max", "unit"} in the unit as said; of a home the area is what there is at most."""
    home = q.dimension == "area"
    spoken = said(q)
    value: dict[str, Any] = {}
    if q.op in ("gte", "eq", "between") and not (home and q.op == "eq"):
        value["min"] = plain(spoken.low)
    if q.op in ("lte", "eq", "between"):
        value["max"] = plain(spoken.high)
    assume = None
    if q.op == "about":
        value, assume = {"min": plain(spoken.low * 0.8), "max": plain(spoken.low * 1.2)}, {"about": plain(spoken.low)}
    value["unit"] = q.unit
    slot = "attr.home" if home else "attr.size"
    piece = Piece(q.start, q.end, slot, "has", value, assume=assume, rule="measures.size", rank=2)
    piece.label = dict.fromkeys(("zh", "en"), _label(value))
    return piece


def _label(value: dict[str, Any]) -> str:
    """What a chip says: "20 in", "≥ 200 ml", "30–40 l"."""
    low, high, unit = value.get("min"), value.get("max"), value["unit"]
    if low == high or low is None or high is None:
        sign = "" if low == high else "≥ " if high is None else "≤ "
        return f"{sign}{high if low is None else low} {unit}"
    return f"{low}–{high} {unit}"
