"""Which landmark stands beside what is looked for, with no word for nearness? "西湖 咖啡店", "cafe Marienplatz"."""

from typing import Final

from engine.naming import NameSpan
from engine.understand.near import near_place
from engine.understand.patterns import gated
from engine.understand.pieces import Piece, Reading, signs

#: What is looked for: without it the landmark itself is.
_SOUGHT: Final = frozenset({"category", "cuisine", "dish"})
#: What may stand between a landmark and what is beside it, or on its other side.
_EDGE: Final = " ,;、"
#: Then the landmark is a part of a trip, compared, or a note's subject.
_ABOUT: Final = gated(
    r"攻略|游记|路线|一日游|门票|类似|还是|像|比|和|\bvs\b|\blike\b|\bguide\b|\btickets?\b|\bor\b|\band\b|\bthan\b"
)
_CONFIDENCE: Final = 0.8
GATE: Final = signs("named place.named")


def beside(reading: Reading) -> list[Piece]:
    """ "near" the one landmark that is named, where something else is looked for; it widens as assumed reaches do."""
    named = [n for n in reading.names if n.slot == "place.named"]
    longest = max(named, key=lambda n: n.end - n.start, default=None)
    if longest is None or any(n.end <= longest.start or n.start >= longest.end for n in named):
        return []
    if _ABOUT.search(reading.text) or not _apart(reading, longest):
        return []
    return [near_place(longest.start, longest.end, str(longest.value), _CONFIDENCE)]


def _apart(reading: Reading, name: NameSpan) -> bool:
    """Is it a word of its own, at the beginning or the end, and is something looked for outside it?"""
    before, after = reading.text[: name.start].rstrip(), reading.text[name.end :].lstrip()
    sought = [m for m in reading.mentions if m.slot in _SOUGHT and (m.end <= name.start or m.start >= name.end)]
    if not sought or (before and after):
        return False
    touching = reading.text[name.end : name.end + 1] if after else reading.text[name.start - 1 : name.start]
    return touching in _EDGE or any(m.start == name.end for m in sought)
