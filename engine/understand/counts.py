"""How many answers are asked for? "推荐5家", "评分最高的3家", "top 3", "5 quiet libraries", "list eight creams"."""

from typing import Final

from engine.understand.numbers import number
from engine.understand.patterns import Group, gated
from engine.understand.pieces import Reading, signs

_N: Final = r"(?:\d{1,2}|[三四五六七八九十]{1,2})"
_CLASSIFIER: Final = r"(?:个|家|款|间|处|篇|条|本|件|支|道|份)"
_ZH: Final = gated(
    rf"(?:推荐|介绍|找|来|列|给我?|挑|选|求|要)(?:出|我|一下)?(?P<asked>{_N}){_CLASSIFIER}(?!人|小时|月"
    rf"|半|星期|座|房|孩|大|小孩)"
    rf"|(?:最[高好火热便贵多近新]的?|排名前|前|top ?)(?P<best>{_N}){_CLASSIFIER}?(?![\d人天年月个])"
)
_WORD: Final = r"\d{1,2}|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty"
#: What a number may stand before without asking for so many: pieces of one thing.
_OF_ONE: Final = (
    r"(?:person|people|piece|pack|season|seater|seat|door|way|wheel|in|of|or|and|to|at|for|from|on"
    r"|with|month|year|kids?"
    r"|adults?|friends|children|guests|burner|speed|inch|km|min|minute|hour|day|night|week|star|point|pax)"
)
_EN: Final = gated(
    rf"\btop[- ]?(?P<top>{_WORD})\b"
    rf"|(?:^|\b(?:list|recommend|suggest|name|give me|show me|find me|find|tell me|best|best[- ]rated"
    rf"|top[- ]rated|highest[- ]rated"
    rf"|need|want) )(?:me )?(?P<asked>{_WORD}) (?!{_OF_ONE}s?\b)(?=[a-z])"
    rf"|\b(?P<plural>{_WORD})(?= (?:best |good |great |nice |cheap )?(?:places|spots|cafes|restaurants"
    rf"|options|ideas|hotels|parks|bars|products|shops)\b)"
)
_LIMITS: Final = Group(_ZH, _EN)
#: A number without unit; "top5" is none.
_COUNTED: Final = signs("amount ")
_LEAST, _MOST = 3, 50  # one and two are how people say "a" and "a few": they limit nothing


def limit_of(reading: Reading) -> tuple[int, tuple[int, int]] | None:
    """-> how many, and where it is said; None when the text asks for no number of answers."""
    text = reading.text
    if not reading.signs & _COUNTED and "top" not in text:
        return None
    for pattern in _LIMITS.able(text):
        for match in pattern.finditer(text):
            said = next(group for group in match.groups() if group)
            count = number(said)
            if count and _LEAST <= count <= _MOST and not _measured(reading, match.span(str(match.lastgroup))):
                return int(count), match.span()
    return None


def _measured(reading: Reading, span: tuple[int, int]) -> bool:
    """Has the number a unit, so that it measures something?"""
    return any(q.dimension and q.start <= span[0] < q.end for q in reading.quantities)
