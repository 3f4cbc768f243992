"""What do the words for an intent make of the pieces? "Notes" is no category, a booking needs a table."""

from collections.abc import Sequence
from typing import Final

from engine.understand.intents import cues
from engine.understand.pieces import NOTHING, Piece, Reading, signs
from engine.understand.signals import SORTS, sort_of

#: An intent that changes what the pieces say, or a superlative.
GATE: Final = SORTS | signs(*(f"cue {name}" for name in ("book", "deal", "compare", "howto", "review_check")))
_BROWSE: Final = signs("cue browse")
#: From this weight on an intent is meant, not mentioned.
_MEANT: Final = 2.0
#: ... and from this when no kind of thing is named that would say otherwise.
_HINTED: Final = 1.4


def only_said(pieces: Sequence[Piece], reading: Reading) -> None:
    """ "things to do" tells the intent; it is no category to filter by."""
    if not reading.signs & _BROWSE:
        return
    said = [(start, end) for intent, start, end in cues(reading).spans if intent == "browse"]
    for piece in pieces:
        if piece.slot == "category" and any(start <= piece.start and piece.end <= end for start, end in said):
            piece.slot = NOTHING


def for_intent(pieces: list[Piece], reading: Reading) -> list[Piece]:
    """A booking needs a place that takes one; a deal's "set menu" and a compared pair are no wishes of their own."""
    weights = cues(reading).weights
    named = any(p.slot == "category" and p.polarity > 0 for p in pieces)
    if weights.get("book", 0.0) > (_MEANT if named else _HINTED) and not any(p.value == "reservation" for p in pieces):
        pieces = [
            *pieces,
            Piece(
                0,
                0,
                "amenity",
                "has",
                "reservation",
                confidence=0.5,
                assume={"implied_by": "book"},
                rule="intents.book",
            ),
        ]
    if weights.get("deal", 0.0) > _MEANT:
        for piece in pieces:
            piece.slot = NOTHING if piece.value in ("set_menu", "discount") else piece.slot
    if weights.get("compare", 0.0) > _MEANT:
        _pair(pieces)
    if weights.get("howto", 0.0) > _MEANT and weights["howto"] == max(weights.values()):
        _asked_about(pieces, reading)
    _praise(pieces, reading)
    return pieces


def _asked_about(pieces: list[Piece], reading: Reading) -> None:
    """ "How do I start bouldering", "is niacinamide OK": the topic of the answer; no note is filed under it."""
    for piece in pieces:
        if piece.polarity < 0:
            continue
        place = piece.slot == "category" and isinstance(piece.value, str)
        if piece.slot == "ingredient" or (place and "product" not in reading.lexicon.entries[piece.value].kinds):
            piece.slot = NOTHING


def _praise(pieces: list[Piece], reading: Reading) -> None:
    """ "worth it", "踩雷", "best value" say what is done with the answer; no place is filed under them."""
    if all(piece.slot != "ambience" for piece in pieces):
        return
    spans = [(start, end) for intent, start, end in cues(reading).spans if intent in ("review_check", "compare")]
    if found := sort_of(reading.text):
        spans.append(found[1])
    for piece in pieces:
        if piece.slot == "ambience" and any(start <= piece.start and piece.end <= end for start, end in spans):
            piece.slot = NOTHING


def _pair(pieces: list[Piece]) -> None:
    """ "A vs B": either will do as the subject."""
    for slot in ("brand", "category"):
        same = [p for p in pieces if p.slot == slot and p.polarity > 0 and isinstance(p.value, str)]
        if len({p.value for p in same}) > 1:
            same[0].op, same[0].value = "in", list(dict.fromkeys(p.value for p in same))
            for piece in same[1:]:
                piece.slot = NOTHING
