"""Which areas are one choice? "海淀或朝阳", "cafes in Haidian or Chaoyang": what stands in either of them meets it."""

from typing import Any, Final

from engine.understand.intents import cues
from engine.understand.patterns import Group, gated
from engine.understand.pieces import Piece, Reading
from engine.understand.regions import inside
from engine.understand.unions import each, joined

_LEAD: Final = r" ?(?:(?:在|去|到|in|at|around|near)\b ?)?(?:the )?"
_OR: Final = gated(rf" ?,? ?(?:或者?(?:是|说)?|还是|/|\bor\b){_LEAD}")
#: No place stands in two areas at once, so "and" offers a choice too; a journey leads to both.
_AND: Final = gated(rf" ?,? ?(?:和|与|跟|以及|、|,|&|\band\b){_LEAD}")
JOINED: Final = Group(_OR, _AND).mask
#: From this weight on a comparison or a journey is meant (engine.understand.intents).
_MEANT: Final = 1.0


def areas(pieces: list[Piece], reading: Reading) -> list[Piece]:
    """Areas that "or" or "and" joins become one piece; those that are compared stay apart."""
    weights = cues(reading).weights
    if weights.get("compare", 0.0) > _MEANT:
        return pieces
    visited = weights.get("itinerary", 0.0) > _MEANT
    out: list[Piece] = []
    for piece in pieces:
        last = out[-1] if out else None
        if last is not None and _alike(last, piece) and _between(reading, last.end, piece.start, visited):
            _join(last, piece)
        else:
            out.append(piece)
    return out


def _alike(one: Piece, other: Piece) -> bool:
    if not one.slot == other.slot == "place.admin" or one.polarity != other.polarity:
        return False
    return not any(inside(other.value, region) or inside(region, other.value) for region in each(one.value))


def _between(reading: Reading, start: int, end: int, visited: bool) -> bool:
    text = reading.text
    return bool(_OR.fullmatch(text, start, end) or (not visited and _AND.fullmatch(text, start, end)))


def _join(first: Piece, more: Piece) -> None:
    region: dict[str, Any] = dict(more.value)
    if city := (more.assume or {}).get("city"):  # of several of that name the one in this city
        region["city"] = city
    first.value, first.end = joined([*each(first.value), region]), more.end
    names, others = first.label or {}, more.label or {}
    first.label = {lang: f"{names.get(lang, '')}{word}{others.get(lang, '')}" for lang, word in _WORDS.items()}


_WORDS: Final = {"zh": "或", "en": " or "}
