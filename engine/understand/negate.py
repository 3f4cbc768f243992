"""Which pieces are unwanted? Cues before them in their clause turn polarity around, and hide what they cover."""

import re
from typing import Final

from engine.understand.patterns import gated
from engine.understand.pieces import NOTHING, Piece

_CUE: Final = gated(
    r"(?:不要|不想要?|不用(?!为)|不需要|(?<![特分性级区个])别(?!墅|致|有|的)|不含|不带|(?<!有)没有(?!吗"
    r"|什么好)|(?<!有)没(?!有|关系|问题"
    r"|事|想)|无(?!障碍|烟|线|广|印|人机|敌|糖|麸|锡|印|所谓|论)|除了|除开|排除|避开|拒绝|不吃|不喝|不是"
    r"|不去|讨厌|不喜欢|不收|非(?!常|遗|要|得))"
    r"|\b(?:no(?! matter|rth|t only|w)|not(?! too far|hing| only)|without|don't (?:want|like|need)"
    r"|do not (?:want|like|need)|does(?:n't| not) have|avoid(?:ing)?|except(?: for)?|anything but"
    r"|other than|excluding|exclude|never|nothing)\b(?: (?:any|an?|the|too)\b)*"
)
_GAP: Final = re.compile(
    r"^[^,。;!?]{0,4}$|^ ?(?:any |a |an |the |too |very |in |on |at |be |to |of |is |are |has |have |want |)*$"
)

#: "alcohol-free"
_AFTER: Final = re.compile(r"[ -]free\b")


#: What may be refused in one breath: "neither Italian nor pizza".
_FOODS: Final = frozenset({"cuisine", "category", "dish"})


def _reaches(gap: str) -> bool:
    """Is what follows a cue after so much text still what it denies? In "不是私人的游乐场" it is not."""
    return bool(_GAP.match(gap)) and not re.fullmatch(r"[^的]{2,}的", gap)


def negate(pieces: list[Piece], text: str) -> tuple[list[Piece], list[tuple[int, int]]]:
    """-> pieces with polarity, and the spans of negation cues that govern a piece (or hide an unknown word)."""
    hidden: list[tuple[int, int]] = []
    for match in _CUE.finditer(text):
        if any(p.start < match.end() and match.start() < p.end for p in pieces):
            continue
        reach, slot = match.end(), ""
        for piece in pieces:
            if piece.start < reach or (piece.slot == NOTHING and not piece.rule.startswith("lexicon")):
                continue
            gap = text[reach : piece.start]
            joined = reach > match.end() and re.fullmatch(r"(?:和|或|、|也不要?| ?or | ?and )?", gap)
            alike = piece.slot == slot or (bool(gap) and {piece.slot, slot} <= _FOODS)
            if (not (joined or (reach == match.end() and _reaches(gap)))) or (joined and not alike):
                break
            piece.polarity, piece.fixed = -piece.polarity, False
            reach, slot = piece.end, piece.slot
        if reach > match.end():
            hidden.append((match.start(), reach))
    for piece in pieces:
        if piece.slot == "ingredient" and _AFTER.match(text, piece.end):
            piece.polarity = -abs(piece.polarity)
            hidden.append((piece.start, piece.end))
    return pieces, hidden
