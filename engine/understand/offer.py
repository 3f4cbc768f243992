"""Is a thing said to be offered ("有酒吧的酒店", "with a bar"), or is it what is sought ("外滩附近的酒吧")?"""

from typing import Final

from engine.understand.lexicon import Mention
from engine.understand.patterns import gated
from engine.understand.pieces import Reading

_HAVING: Final = gated(
    r"(?:有|提供|带|含|配备?|配有|包括|供应|(?<![a-z])(?:with|has|have|provid\w+|offer\w*|sell\w*|serv\w*|includ\w+|and)|和|与|、"
    r"|及)(?: ?(?:一|个|a|an|the|its|own))* ?$"
)


def facility(text: str, start: int) -> bool:
    """Is what begins here said to be had ("有酒吧", "with a bar"), not sought?"""
    return bool(_HAVING.search(text, max(0, start - 14), start))


def offered(reading: Reading, mention: Mention) -> bool:
    """ "酒吧" is a facility where a hotel has it, else a kind of place: the lexicon lists it as both."""
    span = (mention.start, mention.end)
    slots = reading.named_at(span)
    if "amenity" not in slots or not slots & {"category", "cuisine"}:
        return False
    others = {m.id for m in reading.mentions if m.slot == "category" and (m.start, m.end) != span}
    return facility(reading.text, mention.start) or bool(others & {"hotel", "lodging"}) or _of_a_place(reading, span)


def _of_a_place(reading: Reading, span: tuple[int, int]) -> bool:
    """ "餐厅 空调": a thing to buy beside a kind of place is what the place has."""
    entries = reading.lexicon.entries
    kinds = [(entries[m.id].kinds, (m.start, m.end) == span) for m in reading.mentions if m.slot == "category"]
    return any(own and "poi" not in of for of, own in kinds) and any("poi" in of for of, own in kinds if not own)
