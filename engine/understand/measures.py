"""What does an amount constrain: price, rating, visit length, distance, travel time, size, party size?"""

from collections.abc import Callable, Mapping
from typing import Final, get_args

from msgspec.structs import replace

from engine.understand.fields import FILE, field_of
from engine.understand.money import bare as bare_price
from engine.understand.money import bounds, counted, plain, price
from engine.understand.party import people
from engine.understand.patterns import Lazy, gated
from engine.understand.phrases import named, patterns, table
from engine.understand.pieces import Piece, Reading, signs
from engine.understand.quantity import Quantity
from engine.understand.reach import anchored
from engine.understand.sizes import is_size, size
from engine.understand.units import Dimension

GATE: Final = signs(*(f"amount {dimension}" for dimension in get_args(Dimension)))
_KM_PER_HOUR: Final = {"walk": 4.8, "bike": 15.0, "drive": 60.0, "transit": 24.0}  # straight-line estimates
_STAY: Final = gated(
    r"(?:住|入住|待|第|这|那|每|过|再过|过了|玩了|走了|逛了|了|近|最近|过去"
    r"|\b(?:stay(?:ing)?(?: for)?|in|after|last|past|next|the))(?: about)? ?$"
)
_NO_DAY: Final = Lazy(
    r"(?:后|之后|前|以前|以后|之前|的?时间|later|ago|小长假|假期|vacation|holiday|of (?:vacation|holiday))"
)
_SERVICE: Final = ("营业", "开放", "热水", "前台", "服务")
_TRAVEL_BEFORE: Final = patterns(
    FILE, "travel_before", tail=r"(?:[^,。;!?\d]{0,6}| to (?:it )?(?:with)?in (?:about )?(?:under )?)$"
)
_TRAVEL_AFTER: Final = Lazy(rf"(?:'s?)?[ -]?(?:的|以内的?|内的?)?(?:{named(table(FILE)['travel_after'])})")
#: So many minutes from a place are minutes on foot.
_WALKABLE: Final = 30
_AWAY: Final = Lazy(r" (?:away )?from\b| away\b")
_FROM: Final = gated(r"(?:离|距离?)[^,。;!?\d]{1,8}$")
#: The top of the rating scale.
_BEST: Final = 5
_CLASSES: Final = {2: "economy_hotel", 3: "comfort_hotel", 4: "upscale_hotel", 5: "luxury_hotel"}
_HOTEL_BEHIND: Final = Lazy(
    r"(?:或|及)?(?:级|以上|以下)*的?(?:酒店|宾馆|民宿|旅馆)|级| ?[-]?(?:or (?:above|more"
    r"|higher) )?hotels?\b| ?rated hotels?"
)
#: "best rated 5 escape rooms": five of them, not five points.
_NOUN: Final = Lazy(r" (?!(?:or|and|out|with|in|at|near|for|on|please|that|which|is|to)\b)[a-z]{3}")


def measures(reading: Reading) -> list[Piece]:
    """Pieces of all amounts of the text that constrain something."""
    pieces = [piece for q in reading.quantities if (piece := _read(reading, q))]
    return anchored(pieces, reading) if pieces else pieces


def _read(reading: Reading, q: Quantity) -> Piece | None:
    if (reader := _READERS.get(q.dimension)) is not None:
        return reader(reading, q)
    if is_size(reading.text, q):
        return size(reading.text, q)
    return _distance(q) if q.dimension == "length" else None


def _rating_or_class(reading: Reading, q: Quantity) -> Piece | None:
    """Guests give points and stars; five-star hotels are a class."""
    if q.high > _BEST:
        return None
    return _class(reading, q) if q.dimension == "stars" and _is_class(reading.text, q) else _rating(q, reading.text)


def _is_class(text: str, q: Quantity) -> bool:
    return bool(_HOTEL_BEHIND.match(text, q.end))


def _class(reading: Reading, q: Quantity) -> Piece | None:
    """ "四星以上酒店": the classes that booking sites give to so many stars."""
    low = q.low if q.op != "lte" else 0
    high = q.high if q.op != "gte" else _BEST
    wanted = [name for stars, name in _CLASSES.items() if low <= stars <= high]
    if not wanted or any(m.slot == "hotel_class" and m.start <= q.numeral < m.end for m in reading.mentions):
        return None
    op, value = ("eq", wanted[0]) if len(wanted) == 1 else ("in", wanted)
    return Piece(
        q.start, q.end, "hotel_class", op, value, assume={"stars": plain(q.low)}, rule="measures.class", rank=2
    )


def _bare(reading: Reading, q: Quantity) -> Piece | None:
    """A number without unit says something only beside the name of a field, or where it can only be a price."""
    field = field_of(reading.text, q)
    if field == "rating" and q.high > 2 * _BEST:  # "4-star hotel under 800"
        field = None
    if reading.text[max(0, q.numeral - 1) : q.numeral] == "前":  # the first five
        return None
    if party := people(reading, q):
        return party
    if q.low < 2:
        return None
    if q.op == "eq" and q.low % 1 == 0 and (counted(reading.text, q) or _NOUN.match(reading.text, q.end)):
        return None
    if field == "rating" or (field is None and q.high <= _BEST and q.op == "gte" and q.low % 1 and q.low > 3):
        return _rating(q, reading.text) if 0 < q.high <= _BEST else None
    return bare_price(reading, q, field)


def _rating(q: Quantity, text: str) -> Piece:
    if text[q.start : q.end].endswith("一下"):  # 以上, mistyped: nobody asks for the badly rated
        q = replace(q, op="gte")
    op, value, assume = bounds(q, slack=0.1)
    if op == "eq" and value < _BEST:  # who says 4.5 does not mind 4.6
        op, assume = "gte", {"at_least": value}
    return Piece(q.start, q.end, "rating", op, value, assume=assume or None, rule="measures.rating", rank=2)


def _time(reading: Reading, q: Quantity) -> Piece | None:
    text = reading.text
    before = _TRAVEL_BEFORE.search(text, max(0, q.start - 24), q.start)
    after = _TRAVEL_AFTER.match(text, q.end)
    mode = after.lastgroup if after else before.lastgroup if before else None
    if mode is None and q.high <= _WALKABLE and (_AWAY.match(text, q.end) or _FROM.search(text, 0, q.start)):
        mode = "walk"  # "five minutes from the station"
    field = field_of(text, q)
    if (
        mode
        and q.unit != "day"
        and not (mode == "walk" and not after and before and before[0].startswith("走") and q.high > 45)
    ):
        return _travel(q, mode, after.end() if after else q.end, before.start() if before and not after else q.start)
    if (q.high == q.low == 1440 and q.unit == "hour") or text.startswith(_SERVICE, q.end):
        return None  # 24 hours: opening times, or hot water
    if q.unit == "day" and not _is_stay(text, q, field):
        return None
    op, value, assume = bounds(q if q.op != "about" else replace(q, op="eq"))
    if op == "lte":
        op, value = "between", [0, value]
    if q.unit == "day" and q.op == "eq" and q.low == 240:
        assume = {"half_day_minutes": 240}
    end, rank = (q.end + 1, 1) if text.startswith("游", q.end) else (q.end, 2)  # 一日游 is an occasion as well
    return Piece(q.start, end, "duration", op, value, assume=assume or None, rule="measures.duration", rank=rank)


def _is_stay(text: str, q: Quantity, field: str | None) -> bool:
    """Days are how long a visit lasts, unless they are a date or a while ago."""
    if text[q.numeral : q.numeral + 1] == "几" or "few" in text[q.start : q.end]:  # "a few days"
        return False
    ends_in = text[q.start : q.end][-1]
    if ends_in == "日" and not text.startswith(("游", "内", "行程", "路线"), q.end):
        return False
    passing = _STAY.search(text, max(0, q.start - 10), q.start) or _NO_DAY.match(text, q.end)
    return field is not None or not passing


def _travel(q: Quantity, mode: str, end: int, start: int) -> Piece:
    km = round(q.high / 60 * _KM_PER_HOUR[mode], 2)
    value = {"minutes": plain(q.high), "mode": mode}
    return Piece(start, end, "travel_time", "lte", value, assume={"km": km}, rule="measures.travel_time", rank=3)


_READERS: Final[Mapping[str, Callable[[Reading, Quantity], Piece | None]]] = {
    "money": price,
    "points": _rating_or_class,
    "stars": _rating_or_class,
    "time": _time,
    "people": people,
    "": _bare,
}


def _distance(q: Quantity) -> Piece | None:
    if q.op == "gte" or q.high > 500 or (q.unit == "m" and q.high < 0.05):
        return None
    return Piece(q.start, q.end, "distance", "lte", float(q.high), rule="measures.distance", rank=2)
