"""From where is a way so long? "西湖步行10分钟", "within an hour's drive of Hangzhou": a circle around that place.

A way from the person stays a travel_time (measures.py).
"""

from collections.abc import Iterable
from typing import Any, Final

from msgspec.structs import replace

from engine.understand.near import known_at, known_to
from engine.understand.patterns import Lazy, gated
from engine.understand.pieces import Piece, Reading

_TO_EN: Final = Lazy(
    r"(?:'s)?(?: (?:walk|drive|ride|distance|on foot|by \w+))?(?: away)? (?:of|from|to) (?:the )?"
    r"(?!me\b|here\b|my\b|get\b|us\b)"
)
_FROM_ZH: Final = gated(r"(?:离|距离?|从)(?P<name>[^,。;!?、的 \d]{2,12}?)(?:的|大约|大概|出发|过去)?$")
_LEADS: Final = ("离", "距", "从", "在", "到")
_ME: Final = Lazy(r"我们?家?|这里|这儿|家|酒店|公司|单位|学校|此处?|住处|地铁站?|这")
#: How far before a way its place may be named.
_LOOK_BACK: Final = 16


def anchored(pieces: Iterable[Piece], reading: Reading) -> list[Piece]:
    """The pieces, with each way from a named place as place.named around it."""
    return [_anchored(piece, reading) if piece.slot == "travel_time" else piece for piece in pieces]


def _anchored(piece: Piece, reading: Reading) -> Piece:
    found = _anchor(reading, piece.start, piece.end)
    km = (piece.assume or {}).get("km")
    if found is None or km is None:
        return piece
    name, start, end = found
    value: dict[str, Any] = {"name": name, "km": km}
    return replace(
        piece, start=start, end=end, slot="place.named", op="near", value=value, assume=dict(piece.value),
        rule="reach.place", rank=5, label=None,
    )  # fmt: skip


def _anchor(reading: Reading, start: int, end: int) -> tuple[str, int, int] | None:
    """The place that the way starts or ends at: its name and the span of both; None: the person."""
    text = reading.text
    if known := known_at(reading, start):
        name, at = known
        lead = text[max(0, at - 1) : at] in _LEADS
        return None if _ME.fullmatch(name) else (name, at - lead, end)
    if said := _FROM_ZH.search(text, max(0, start - _LOOK_BACK), start):
        return None if _ME.fullmatch(said["name"]) else (said["name"], said.start(), end)
    if to := _TO_EN.match(text, end):
        found = known_to(reading, to.end())
        return (found[0], start, found[1]) if found else None
    return None
