"""Which prices does a text ask for? Stated amounts of money, bare numbers that can only be prices, and what is free."""

from typing import Any, Final

from engine.understand.fields import FILE, clause_before, clause_of, field_of
from engine.understand.patterns import Lazy, gated
from engine.understand.phrases import patterns
from engine.understand.pieces import Piece, Reading
from engine.understand.quantity import Quantity

_UNITS_OF_PRICE: Final = ("person", "ticket", "night", "month")
#: A bare number is a price from here on: fewer yuan buy nothing that is searched for.
LEAST: Final = 10
_PRICED: Final = frozenset({"category", "dish", "cuisine", "brand", "hotel_class"})
_LODGING: Final = gated(r"酒店|宾馆|民宿|旅馆|房|住|hotel|hostel|inn\b|room|stay|b&b|lodging|rent|租|月")
_YEARS: Final = range(1950, 2101)
_FREE: Final = gated(
    r"(?:门票|票价|入场|入园|参观|进门|进场|价格)?(?:是|要|为|都)?(?:(?<!不)全?免费|不要钱|不收费|不花钱|零元"
    r"|(?<!\d)0元)(?:门票|入场|入园|参观|开放|进入?)?"
    r"|(?:不要|不收|无需|不需要?|没有|免|无|不用买?|不买)门票|免票|门票全免"
    r"|(?:free[- ](?:entry|entrance|admission|of charge|tickets?)|(?<![-\w])free(?= (?:attractions?|museums?"
    r"|parks?|places?|sights?|ones?\b|spots?|things|activities|stuff))"
    r"|tickets?[- ]free|(?:tickets?|entry|admission|entrance)(?: price| fee)? (?:is|are) free|for free"
    r"|no (?:entrance|entry|admission|ticket) fee|(?:is|are|be|with|a|any"
    r") free(?![- ]?\w)|without (?:a )?tickets?)"
)
FREE: Final = _FREE.bit
_BUDGET: Final = patterns(FILE, "budget", "before")
_COUNTS: Final = patterns(FILE, "counts", "behind")
_NAMES_BEFORE: Final = patterns(FILE, "counts", "before")
_EACH: Final = patterns(FILE, "together", "each")
_PAIR: Final = patterns(FILE, "together", "pair")
_TOTAL: Final = patterns(FILE, "together", "total")
_NOT_FREE: Final = Lazy(
    r" ?(?:停车|泊车|wifi|wi-?fi|无线|早餐|早饭|接|送|提供|国内|市内|取消|充电|续杯|试|上网|洗衣|行李|寄存"
    r"|parking|breakfast|time|soloing|local|long)"
)


def price(reading: Reading, q: Quantity) -> Piece:
    """An amount of money. What is not said (currency, for whom) is in assume; nothing is converted."""
    field = field_of(reading.text, q)
    per = field if field in _UNITS_OF_PRICE else None
    currency = q.unit or ("CNY" if reading.lang != "en" else None)
    budget = q.op == "eq" and _BUDGET.search(clause_before(reading.text, q.start, 12))
    op, value, assume = bounds(q, op="lte" if budget else None)
    if op == "eq" and value and per in ("person", None):
        op, value, assume = bounds(q, op="about")
    assume |= {k: v for k, v in (("currency", currency), ("per", per)) if v}
    if per is None and (people := _together(reading, q)):
        assume |= {"per": "group", "people": people}
    return Piece(q.start, q.end, "price", op, value, assume=assume or None, rule="measures.price", rank=2)


def bare(reading: Reading, q: Quantity, field: str | None) -> Piece | None:
    """A number without unit: a price beside that field's name; alone only "under 200" or a range, of priced things."""
    if field in ("price", *_UNITS_OF_PRICE):
        return price(reading, q) if q.high >= 5 or field == "ticket" else None
    if field is not None or q.high < LEAST or not _alone(reading, q):
        return None
    sought = any(m.slot in _PRICED or m.id == "gift" for m in reading.mentions)
    worded = reading.text[q.start : q.end]
    bounded = q.op == "lte" and not worded.startswith("within")
    ranged = q.op in ("between", "gte") and q.low >= 5 * LEAST and not _years(q)
    asked = bounded or (sought and (ranged or (q.op == "about" and q.low >= 3 * LEAST)))
    return price(reading, q) if asked and (sought or q.high >= 3 * LEAST) else None


def _alone(reading: Reading, q: Quantity) -> bool:
    """Nothing around the number claims it: no classifier behind it, no name of a model before it."""
    if counted(reading.text, q) or _NAMES_BEFORE.search(reading.text, max(0, q.numeral - 14), q.numeral):
        return False
    return not any(n.start < q.end and q.numeral < n.end for n in reading.names)


def counted(text: str, q: Quantity) -> bool:
    """Does the number count what stands right behind it, or is it part of its name?"""
    return bool(_COUNTS.match(text, q.end))


def _years(q: Quantity) -> bool:
    return q.low in _YEARS and q.high in _YEARS and q.high - q.low < 100


def _together(reading: Reading, q: Quantity) -> int:
    """How many share the amount ("双人餐300以内" 2); 0 when it is for each, for a room, or for a thing."""
    around = clause_of(reading.text, q)
    if _EACH.search(around) or _LODGING.search(reading.text) or _for_sale(reading):
        return 0
    if _PAIR.search(around):
        return 2
    if not _TOTAL.search(around):
        return 0
    groups = [g for g in reading.quantities if g.dimension == "people" and g.op == "eq" and 2 <= g.low <= 50]
    return int(groups[0].low) if len(groups) == 1 and reading.text[groups[0].start : groups[0].end] in around else 0


def _for_sale(reading: Reading) -> bool:
    kinds = [reading.lexicon.entries[m.id].kinds for m in reading.mentions if m.slot == "category"]
    return bool(kinds) and all("poi" not in k for k in kinds)


def bounds(q: Quantity, slack: float = 0.2, op: str | None = None) -> tuple[str, Any, dict[str, Any]]:
    """-> op, value, assumption: "about 100" is 80 to 120 (slack 0.2)."""
    op = op or q.op
    low, high = plain(q.low), plain(q.high)
    if op == "between":
        return "between", [low, high], {}
    if op == "about":
        return "between", [plain(q.low * (1 - slack)), plain(q.low * (1 + slack))], {"about": low}
    return op, low, {}


def plain(value: float) -> float | int:
    """10.0 -> 10; what is not whole keeps six digits."""
    value = round(value, 6)
    return int(value) if value == int(value) else value


def free(reading: Reading) -> list[Piece]:
    """ "免费", "free entry": a price of nothing, unless it is the parking or the breakfast that is free."""
    return [
        Piece(m.start(), m.end(), "price", "eq", 0, rule="measures.free", rank=1)
        for m in _FREE.finditer(reading.text)
        if not _NOT_FREE.match(reading.text, m.end())
    ]
