"""What does an amount constrain: price, rating, visit length, distance, travel time, party size?"""

import re
from dataclasses import replace
from typing import Any, Final

from engine.understand.patterns import gated
from engine.understand.pieces import Piece, Reading
from engine.understand.quantity import Quantity

_FIELD: Final = gated(
    r"(?P<rating>评分|评级|打分|得分|口碑分|星级评价|ratings?|rated|scores?|stars?)"
    r"|(?P<ticket>门票|票价|入场费|入园费|tickets?(?: price| fee| cost)?|entrance fee|admission(?: fee)?|entry fee)"
    r"|(?P<person>人均(?:消费|价格)?|每人|每个人|一个人|per[ -](?:person|capita|head)(?: cost| price| consumption)?)"
    r"|(?P<night>房价|每晚|一晚|per night|a night|nightly)"
    r"|(?P<price>价格|价位|价钱|消费|预算|花费|费用|售价|单价|价|prices?|priced|costs?|budget|fees?"
    r"|spend(?:ing)?|charges?)"
    r"|(?P<visit>游玩|玩|游览|逛|参观|走走|走|时长|用时|耗时|duration|play(?:ing|ed)?|visit(?:ing)?|tour"
    r"|spend|stay for)"
)
_AFTER_FIELD: Final = gated(
    r" ?[的得]?(?:(?P<rating>评分|评级|rating|rated|score|review)|(?P<person>人均|每人|一位|一个人|/人"
    r"|per[ -]person|per head|each|pp\b|a head)"
    r"|(?P<ticket>的?门票|的?票价|tickets?\b|admission)|(?P<night>/晚|每晚|一晚|per night|a night)"
    r"|(?P<visit>的?游玩|的?时长|的?游览|of play|visit|tour|trip))"
)
_TRAVEL_BEFORE: Final = gated(
    r"(?:(?P<walk>步行|走路|徒步|走|walk(?:ing)?)|(?P<bike>骑车|骑行|自行车|bike|cycl(?:e|ing))"
    r"|(?P<drive>开车|驾车|自驾|车程|打车|driv(?:e|ing))"
    r"|(?P<transit>地铁|公交|坐车|by (?:metro|bus|train|subway)))[^,。;!?\d]{0,6}$"
)
_TRAVEL_AFTER: Final = re.compile(
    r"(?:'s?)?[ -]?(?:的)?(?:(?P<walk>步行|路程步行|walk(?:ing)?(?: distance)?|on foot|by foot)"
    r"|(?P<bike>骑行|bike ride|by bike|cycle)"
    r"|(?P<drive>车程|driv(?:e|ing)|by car)|(?P<transit>地铁|metro ride|by (?:metro|bus|train|subway)|train ride))"
)
_KM_PER_HOUR: Final = {"walk": 4.8, "bike": 15.0, "drive": 60.0, "transit": 24.0}  # straight-line estimates
_STAY: Final = gated(
    r"(?:住|入住|待|第|这|那|每|过|再过|过了|stay(?:ing)?(?: for)?|玩了|走了|逛了|了|in|after|last|past"
    r"|next|the)(?: about)? ?$"
)
_NO_DAY: Final = re.compile(
    r"(?:后|之后|前|以前|以后|之前|的?时间|later|ago|小长假|假期|vacation|holiday|of (?:vacation|holiday))"
)
#: The top of the rating scale.
_BEST: Final = 5
_CLAUSE: Final = gated(r"[,。;!?]")
_SIGN: Final = {"¥": "CNY", "rmb": "CNY", "cny": "CNY", "yuan": "CNY", "$": "USD", "dollar": "USD", "dollars": "USD",
                "usd": "USD", "bucks": "USD", "美元": "USD", "美金": "USD", "€": "EUR", "euro": "EUR",
                "euros": "EUR", "eur": "EUR", "欧元": "EUR", "欧": "EUR", "£": "GBP", "pound": "GBP", "pounds": "GBP",
                "gbp": "GBP", "英镑": "GBP"}  # fmt: skip
_FREE: Final = gated(
    r"(?:门票|票价|入场|入园|参观|进门|进场|价格)?(?:是|要|为|都)?(?:全?免费|不要钱|不收费|不花钱|零元"
    r"|0元)(?:门票|入场|入园|参观|开放|进入?)?"
    r"|(?:不要|不收|无需|不需要?|没有|免|无|不用买?|不买)门票|免票|门票全免"
    r"|(?:free (?:entry|entrance|admission|of charge|tickets?)|(?<![-\w])free(?= (?:attractions?|museums?"
    r"|parks?|places?|sights?|ones?\b|spots?|things))"
    r"|tickets?[- ]free|(?:tickets?|entry|admission|entrance)(?: price| fee)? (?:is|are) free|for free"
    r"|no (?:entrance|entry|admission|ticket) fee|(?:is|are|be|with|a|any"
    r") free(?![- ]?\w)|without (?:a )?tickets?)"
)
_NOT_FREE: Final = gated(
    r" ?(?:停车|泊车|wifi|wi-?fi|无线|早餐|早饭|接|送|提供|国内|市内|取消|充电|续杯|试|上网|洗衣|行李|寄存"
    r"|parking|breakfast|time|soloing|local|long)"
)


def measures(reading: Reading) -> list[Piece]:
    """Pieces of all amounts of the text that constrain something."""
    pieces = [piece for q in reading.quantities if (piece := _read(reading, q))]
    return pieces + _free(reading)


def _read(reading: Reading, q: Quantity) -> Piece | None:
    if q.dimension == "money":
        return _price(reading, q)
    if q.dimension in ("points", "stars"):
        return (
            _rating(q, reading.text)
            if q.high <= 5 and (q.dimension == "points" or not _is_class(reading.text, q))
            else None
        )
    if q.dimension == "time":
        return _time(reading, q)
    if q.dimension == "length":
        return _distance(q)
    if q.dimension == "people":
        return _people(reading.text, q)
    return _bare(reading, q) if q.dimension == "" else None


def _is_class(text: str, q: Quantity) -> bool:
    """Five-star hotels are a class, not a rating by guests."""
    return bool(re.match(r"级| ?hotel|酒店", text[q.end : q.end + 6]))


def _field(text: str, q: Quantity) -> str | None:
    """Which field the amount belongs to: the words right after it, else the nearest before it in its clause."""
    if after := _AFTER_FIELD.match(text, q.end):
        return after.lastgroup
    begin = max(0, q.start - 28)
    window = _CLAUSE.split(text[begin : q.start])[-1]
    last = None
    for match in _FIELD.finditer(window):
        last = match
    return last.lastgroup if last and not re.search(r"\d", window[last.end() :]) else None


def _bare(reading: Reading, q: Quantity) -> Piece | None:
    """A number without unit says something only beside the name of a field, or after "under"."""
    field = _field(reading.text, q)
    if q.low < 2:
        return None
    if field == "rating" or (field is None and q.high <= 5 and q.op == "gte" and q.low % 1 and q.low > 3):
        return _rating(q, reading.text) if 0 < q.high <= 5 else None
    if field in ("price", "person", "ticket", "night") and (q.high >= 5 or field == "ticket"):
        return _price(reading, q)
    worded = reading.text[q.start : q.end].startswith(("under", "below", "less than", "cheaper", "不超过", "低于"))
    return _price(reading, q) if field is None and worded and q.high >= 10 else None


def _bounds(q: Quantity, slack: float = 0.2) -> tuple[str, Any, dict[str, Any]]:
    """-> op, value, assumption."""
    low, high = _plain(q.low), _plain(q.high)
    if q.op == "between":
        return "between", [low, high], {}
    if q.op == "about":
        return "between", [_plain(q.low * (1 - slack)), _plain(q.low * (1 + slack))], {"about": low}
    return q.op, low, {}


def _plain(value: float) -> float | int:
    """10.0 -> 10; what is not whole keeps six digits."""
    value = round(value, 6)
    return int(value) if value == int(value) else value


def _price(reading: Reading, q: Quantity) -> Piece:
    field = _field(reading.text, q)
    per = field if field in ("person", "ticket", "night") else None
    currency = _SIGN.get(q.unit) or ("CNY" if q.unit or reading.lang != "en" else None)
    op, value, assume = _bounds(q)
    if op == "eq" and value and per in ("person", None) and q.op == "eq":
        op, value, assume = _bounds(Quantity(q.start, q.end, "about", q.low, q.high, q.dimension, q.unit))
    assume |= {k: v for k, v in (("currency", currency), ("per", per)) if v}
    return Piece(q.start, q.end, "price", op, value, assume=assume or None, rule="measures.price", rank=2)


def _rating(q: Quantity, text: str) -> Piece:
    if text[q.start : q.end].endswith("一下"):  # 以上, mistyped: nobody asks for the badly rated
        q = replace(q, op="gte")
    op, value, assume = _bounds(q, slack=0.1)
    if op == "eq" and value < _BEST:  # who says 4.5 does not mind 4.6
        op, assume = "gte", {"at_least": value}
    return Piece(q.start, q.end, "rating", op, value, assume=assume or None, rule="measures.rating", rank=2)


def _time(reading: Reading, q: Quantity) -> Piece | None:
    text = reading.text
    before = _TRAVEL_BEFORE.search(text, max(0, q.start - 12), q.start)
    after = _TRAVEL_AFTER.match(text, q.end)
    mode = after.lastgroup if after else before.lastgroup if before else None
    field = _field(text, q)
    if mode and not (mode == "walk" and not after and before and before[0].startswith("走") and q.high > 45):
        return _travel(q, mode, after.end() if after else q.end, before.start() if before and not after else q.start)
    if q.high == q.low == 1440 and q.unit.startswith(("小时", "个小时", "h")):
        return None  # 24 hours: opening times, or hot water
    days = q.unit[0] in "天日整d"
    if days and field is None and (_STAY.search(text, max(0, q.start - 10), q.start) or _NO_DAY.match(text, q.end)):
        return None
    if days and q.unit == "日" and not text.startswith(("游", "内"), q.end):
        return None  # a date
    if text.startswith(("营业", "开放", "热水", "前台", "服务"), q.end):
        return None
    op, value, assume = _bounds(q if q.op != "about" else replace(q, op="eq"))
    if q.unit and q.op == "eq" and q.low == 240 and days:
        assume = {"half_day_minutes": 240}
    return Piece(q.start, q.end, "duration", op, value, assume=assume or None, rule="measures.duration", rank=2)


def _travel(q: Quantity, mode: str, end: int, start: int) -> Piece:
    km = round(q.high / 60 * _KM_PER_HOUR[mode], 2)
    value = {"minutes": _plain(q.high), "mode": mode}
    return Piece(start, end, "travel_time", "lte", value, assume={"km": km}, rule="measures.travel_time", rank=3)


def _distance(q: Quantity) -> Piece | None:
    if q.op == "gte" or q.high > 500 or (q.unit in ("m", "米") and q.high < 0.05):
        return None
    return Piece(q.start, q.end, "distance", "lte", float(q.high), rule="measures.distance", rank=2)


def _people(text: str, q: Quantity) -> Piece | None:
    if q.high < 3 or q.high > 1000 or (q.unit == "人" and text.startswith("均", q.end)):
        return None
    return Piece(q.start, q.end, "party_size", "gte", _plain(q.low), rule="measures.party", confidence=0.9)


def _free(reading: Reading) -> list[Piece]:
    return [
        Piece(m.start(), m.end(), "price", "eq", 0, rule="measures.free", rank=1)
        for m in _FREE.finditer(reading.text)
        if not _NOT_FREE.match(reading.text, m.end())
    ]
