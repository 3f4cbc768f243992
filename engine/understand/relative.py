"""Between which two places? "公司和家中间", "halfway between home and work"."""

from typing import Final

from engine.understand.patterns import gated
from engine.understand.pieces import Piece, Reading

_BETWEEN: Final = gated(
    r"(?:介于|在)?(?P<a>[^,。;!?\s的]{1,12}?)(?:和|与|跟|到"
    r"|至)(?P<b>[^,。;!?\s的]{1,12}?) ?(?:的)?(?:中间|之间|正中间|半路上?)(?:位置|地带)?"
    r"|\b(?:halfway |midway |somewhere )?between (?:my |our "
    r"|the )?(?P<c>[^,;!?]{2,30}?) (?:and|&|和) (?:my |our |the )?(?P<d>[^,;!?]{2,30}?)"
    r"(?=$|[,;!?的]| (?:with|for|under|that|which|open|near|please|by)\b)"
)
GATE: Final = _BETWEEN.bit
_AMOUNT: Final = gated(r"^[\d¥$€.]|[元块点分岁月日号人]$|^(?:am|pm|mon|tue|wed|thu|fri|sat|sun)|\d$")
_LEAD: Final = gated(r"^(?:在|找|想找|我|从|离|推荐|介于|位于)+")


def relative(reading: Reading) -> list[Piece]:
    """Anchors as they were said; where they are is settled later, or asked."""
    pieces = []
    for match in _BETWEEN.finditer(reading.text):
        first, second = match["a"] or match["c"], match["b"] or match["d"]
        first = _LEAD.sub("", first).strip()
        if not first or _AMOUNT.search(first) or _AMOUNT.search(second):
            continue
        value = {"anchors": [first, second.strip()]}
        pieces.append(Piece(match.start(), match.end(), "place.relative", "between", value, confidence=0.85,
                            assume={"ask": "where these two are"}, rule="relative", rank=6))  # fmt: skip
    return pieces
