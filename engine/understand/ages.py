"""How old are the people that a text speaks of? "3岁宝宝", "a 3-year-old", "6个月宝宝", "kids under 6"."""

from typing import Final

from engine.understand.money import plain
from engine.understand.patterns import Group, Lazy, gated
from engine.understand.pieces import Piece, Reading, signs
from engine.understand.quantity import Quantity

GROWN_UP: Final = 15
OLD: Final = 60
_CHILD: Final = r"(?:的|左右|大)*的?(?:小|男|女)?(?:宝宝?|孩子|小孩|小朋友|娃|儿童|婴儿|幼儿|儿子|女儿)"
_BEHIND: Final = Lazy(
    rf"{_CHILD}| ?(?:kids?|child(?:ren)?|toddlers?|bab(?:y|ies)|girls?|boys?|sons?|daughters?)\b|(?:的|左右)"
)
_MONTHS: Final = Lazy(rf"{_CHILD}|大(?!大)| ?-?old\b| (?:baby|babies|infants?)\b")
_KIDS_BEFORE: Final = gated(
    r"(?:\b(?:kids?|child(?:ren)?|toddlers?|bab(?:y|ies)|ages?|aged|daughter|son)(?: (?:is|are|of|aged?|between))?"
    r"|(?:宝宝|孩子|小孩|娃|儿子|女儿|儿童|月龄|年龄)) ?(?P<bound>under |below |up to |over |above )?$"
)
_WORDS: Final = gated(
    r"\b(?:an? )?(?P<newborn>newborns?)\b|(?P<born>新生儿|刚出生)|\b(?P<toddler>(?:for |with )?(?:an? )?toddlers?)\b"
)
_UNDERS: Final = gated(r"\bunder[- ]?(\d{1,2})'?s\b")
_WORDED: Final = Group(_WORDS, _UNDERS)
GATE: Final = signs("amount age", "amount span", "amount ") | _WORDED.mask
_MEASURED: Final = frozenset({"age", "span", ""})
_NAMED: Final = {"newborn": (0, 0), "born": (0, 0), "toddler": (1, 3)}


def ages(reading: Reading) -> list[Piece]:
    """Children make a family, the old are seniors; between them an age says nothing."""
    found = [_of(reading.text, q) for q in reading.quantities if q.dimension in _MEASURED]
    if not _WORDED.lives(reading.text):
        return [piece for piece in found if piece]
    found += [_piece(m.start(), m.end(), *_NAMED[str(m.lastgroup)]) for m in _WORDS.finditer(reading.text)]
    found += [_piece(m.start(), m.end(), 0, int(m[1])) for m in _UNDERS.finditer(reading.text)]
    return [piece for piece in found if piece]


def _of(text: str, q: Quantity) -> Piece | None:
    """ "3岁以上" reaches up to where childhood ends; "kids under 6" begins at birth."""
    start, end, low, high = q.start, q.end, q.low, q.high
    before = _KIDS_BEFORE.search(text, max(0, q.start - 24), q.start)
    if q.dimension == "span" and q.unit == "month":
        behind = _MONTHS.match(text, q.end)
        if not (behind or before):
            return None
        low, high, end = round(low / 360, 2), round(high / 360, 2), behind.end() if behind else end
    elif q.dimension == "age":
        behind = _BEHIND.match(text, q.end)
        end = behind.end() if behind else end
    elif not (q.dimension == "" and before and q.high < GROWN_UP and not text[q.end : q.end + 1].isalnum()):
        return None
    low = 0 if q.op == "lte" else low
    high = max(high, GROWN_UP if low < GROWN_UP else high) if q.op == "gte" else high
    start = before.start() if before else start
    return _piece(start, end, round(low, 2), round(high, 2))


def _piece(start: int, end: int, low: float, high: float) -> Piece | None:
    who = "family_with_kids" if high <= GROWN_UP and low < GROWN_UP else "seniors" if low >= OLD else None
    if who is None:
        return None
    assume = {"age": [plain(low), plain(high)]}
    return Piece(start, end, "audience", "has", who, "soft", assume=assume, rule="ages", rank=2)
