"""Where: zones of a city, nearness to a place or to the person, metro, cities and districts."""

import re
from typing import Any, Final

from engine.understand.pieces import NOTHING, Piece, Reading

#: Kilometres assumed for a bare "near": a short walk or ride.
NEAR_PLACE_KM: Final = 2.0
NEAR_ME_KM: Final = 3.0
NEAR_STATION_KM: Final = 0.8
#: Radius of the built-up area when no city is known.
CITY_RADIUS_KM: Final = 10.0
#: zone -> bounds from the centre, in radii of the city.
ZONES: Final[dict[str, tuple[float, float]]] = {"center": (0.0, 0.5), "suburb_near": (1.0, 4.0), "suburb": (1.5, 8.0)}

_ZONE: Final = re.compile(
    r"(?:在|到|去|离)?(?:(?P<suburb_near>近郊|城郊|市郊|京郊|周边郊区|(?:离|距离?)?(?:市区|城里"
    r"|市中心)(?:不远|不太远|近一?点?|很近))"
    r"|(?P<center>市中心|城中心|中心城区|闹市区|市区|城里)|(?P<suburb>远郊|郊区|郊外|城外|乡下))"
    r"|(?P<near_en>(?:near|close to|not (?:too )?far from|just outside(?: of)?|outside|on the (?:edge"
    r"|outskirts) of|around) (?:the )?(?:city|town)(?! ?(?:cent|hall|park|museum|library))|outskirts)"
    r"|(?P<center_en>downtown|(?:in |at |near )?(?:the )?(?:city|town)[ -]cent(?:er|re)|in the cent(?:er"
    r"|re)|\bcentral(?! park| station| perk)|inner city)"
    r"|(?P<suburb_en>(?:in |the )*(?:suburbs?|countryside)|out of town)"
)
_CENTER_KM: Final = re.compile(
    r"(?:离|距离?)?(?:市中心|城中心|市区)(?:的?距离)?$|^ ?(?:of|from) (?:the )?(?:city "
    r"|town )?(?:cent(?:er|re)|downtown)"
)
_NEAR_ZH: Final = re.compile(r"的?(?P<near>附近|周边|旁边|边上|周围|一带|不远处?|隔壁|对面|四周|这边)(?:的|有|区域)?")
_FAR_EN: Final = (
    r"(?:near(?:by)?(?: to)?|close to|next to|around|beside|opposite|not (?:too )?far from"
    r"|within (?:easy )?walking distance (?:of|to|from)|in the (?:area|vicinity|neighbou?rhood) of"
    r"|a short walk from|steps from|by)"
)
_NEAR_EN: Final = re.compile(rf"\b{_FAR_EN} (?:the )?")
_HERE: Final = re.compile(
    r"(?:离|在)?(?:我|这里|这儿|我这|我家|家|我们|我现在)(?:的)?(?:很|最|比较)?(?:附近|周边|旁边|周围|近)"
    r"|就近|\b(?:near|close to|around) (?:me|here|us|my (?:place|home|location|position))\b"
    r"|\bnear ?by\b(?! the)|\bin (?:the|my) (?:area|neighbou?rhood)\b(?! of)|\bwalking distance\b(?! (?:of"
    r"|to|from))|\bclose by\b"
)
_ASIDE: Final = re.compile(
    r"(?:告诉|看看|看下|看一下|查|说说?|介绍|了解|问问?|顺便|以及|还有|它的?|和|与|且"
    r"|发)[^,。;!?]{0,14}(?:周边|附近)(?:的|有)?[^,。;!?]*|(?:周边|附近)(?:都|还)?有(?:什么|啥|哪些"
    r"|没有)[^,。;!?]*$(?=.{0})"
)
_GENERIC: Final = re.compile(
    r"(?:酒店|餐馆|景点|餐厅|饭店|宾馆|旅馆|住处|它|他|那里|那儿|那|此|该|这家|那家|店|其|最好|顺便|然后"
    r"|还有|另外|它们?|刚才.*|之前.*|地方|吃饭的地方"
    r"|公司|学校|单位|的|hotel|attraction|restaurant|it|there|that|them|(?:the|that|this) (?:hotel"
    r"|restaurant|attraction|place))$"
)
_START_ZH: Final = re.compile(
    r"(?:在|到|去|离|距离?|找|想|要|帮我|推荐|看看|[,。;!?、]|^)(?:个"
    r"|家)?(?P<name>[^,。;!?、的在到去离距找想要有 ]{2,12})$"
)
_END_EN: Final = re.compile(
    r"[,.;!?]|\b(?:with|for|that|which|where|open|under|and|or|at|on|within|rated|please|has|have|is|i|to"
    r"|but|not|no|without|serving)\b"
)
_TRANSIT: Final = re.compile(
    r"(?:靠|近|离|有|临|紧邻)?(?:地铁|轻轨)(?:站|口|线)?(?:很|比较)?(?:附近|旁边?|直达|方便|沿线|近|可达"
    r"|周边|上盖)|(?:靠近?|近|离|临近?|挨着)地铁(?:站|口)?(?:近|不远)?|(?P<line>\d{1,2}) ?号线(?:沿线|附近"
    r"|上)?"
    r"|(?:near|close to|next to|by|at) (?:a |the |an )?(?:metro|subway|underground|u-bahn|s-bahn|tube"
    r"|train|tram)(?: stations?| stops?| line)?|\bline (?P<line_en>\d{1,2})\b"
)


def zone_bounds(zone: str, radius_km: float) -> list[float]:
    """Kilometres from the centre that a zone means in a city of this radius: [from, to]."""
    low, high = ZONES[zone]
    return [round(low * radius_km, 1), round(high * radius_km, 1)]


def where(reading: Reading, radius_km: float | None = None) -> list[Piece]:
    """Pieces about places. `radius_km` of the city in question, when one is known."""
    text = reading.text
    pieces = [_zone(match, radius_km) for match in _ZONE.finditer(text)]
    pieces += [_transit(match) for match in _TRANSIT.finditer(text)]
    pieces += [
        Piece(m.start(), m.end(), "distance", "lte", NEAR_ME_KM, assume={"km": NEAR_ME_KM}, rule="where.here", rank=1)
        for m in _HERE.finditer(text)
    ]
    pieces += [Piece(m.start(), m.end(), NOTHING, "", None, rule="where.aside", rank=9) for m in _ASIDE.finditer(text)]
    pieces += [piece for m in _NEAR_ZH.finditer(text) if (piece := _near_zh(reading, m))]
    pieces += [piece for m in _NEAR_EN.finditer(text) if (piece := _near_en(reading, m))]
    pieces += _admin(reading)
    return pieces


def _zone(match: re.Match[str], radius_km: float | None) -> Piece:
    zone = str(match.lastgroup).replace("near_en", "suburb_near").removesuffix("_en")
    assume: dict[str, Any] = {"km_from_center": zone_bounds(zone, radius_km or CITY_RADIUS_KM)}
    start = match.start(match.lastgroup or 0)
    return Piece(start, match.end(), "place.zone", "in", zone, "soft", assume=assume, rule="where.zone", rank=3)


def _transit(match: re.Match[str]) -> Piece:
    line = match["line"] or match["line_en"]
    value = {"name": f"{line}号线" if line else "metro"}
    assume = {"km": NEAR_STATION_KM}
    return Piece(
        match.start(), match.end(), "place.transit", "near", value, assume=assume, rule="where.transit", rank=3
    )


def _near_zh(reading: Reading, match: re.Match[str]) -> Piece | None:
    """ "天坛附近": the name that ends here; "酒店附近" points back into a conversation; bare: near the person."""
    text, end = reading.text, match.start()
    names = [n for n in reading.names if n.end == end and n.slot in ("name", "place.named", "place.admin", "brand")]
    if names:
        name = min(names, key=lambda n: n.start)
        return _near(name.start, match.end("near"), str(name.value), 0.95)
    clause = text[max(0, end - 16) : end]
    if _GENERIC.search(clause):
        return Piece(end, match.end(), NOTHING, "", None, rule="where.back")
    if named := _START_ZH.search(clause):
        if any(m.start < end and m.end > end - len(named["name"]) and m.slot == "category" for m in reading.mentions):
            return None
        return _near(end - len(named["name"]), match.end("near"), named["name"], 0.7)
    if end == 0 or text[end - 1] in ",。;!?、 找有在" or clause.endswith(("推荐", "看看", "想去", "帮我")):
        assume = {"km": NEAR_ME_KM}
        return Piece(
            end, match.end("near"), "distance", "lte", NEAR_ME_KM, assume=assume, confidence=0.8, rule="where.here"
        )
    return None


def _near_en(reading: Reading, match: re.Match[str]) -> Piece | None:
    text, start = reading.text, match.end()
    names = [n for n in reading.names if n.start == start and n.slot in ("name", "place.named", "place.admin", "brand")]
    if names:
        name = max(names, key=lambda n: n.end)
        return _near(match.start(), name.end, str(name.value), 0.95)
    stop = _END_EN.search(text, start)
    words = text[start : stop.start() if stop else len(text)].strip()
    if (
        not words
        or _GENERIC.search(words)
        or len(words) > 40
        or re.match(r"\d|(?:the )?(?:city|town|me|here|a |an )", words)
    ):
        return None
    if match[0].startswith("by ") or (match[0].startswith("around ") and re.match(r"\d", words)):
        return None
    if any(m.start == start and m.end >= start + len(words) and m.slot == "category" for m in reading.mentions):
        return None
    return _near(match.start(), start + len(words), words, 0.7)


def _near(start: int, end: int, name: str, confidence: float) -> Piece:
    value = {"name": name, "km": NEAR_PLACE_KM}
    assume = {"km": NEAR_PLACE_KM}
    return Piece(
        start, end, "place.named", "near", value, confidence=confidence, assume=assume, rule="where.near", rank=2
    )


def _admin(reading: Reading) -> list[Piece]:
    """Cities and districts that the index's own columns hold."""
    return [
        Piece(n.start, n.end, "place.admin", "in", _admin_value(n.value), rule="where.admin", rank=2)
        for n in reading.names
        if n.slot == "place.admin"
    ]


def _admin_value(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {"level": "area", "name": str(value)}


def within(pieces: list[Piece], text: str) -> list[Piece]:
    """ "within 3 km of the Bund", "离天坛3公里以内": a distance beside a named place is measured from there."""
    distances = [p for p in pieces if p.slot == "distance" and p.rule == "measures.distance"]
    for piece in distances:
        before, after = text[max(0, piece.start - 12) : piece.start], text[piece.end : piece.end + 24]
        if _CENTER_KM.search(before) or _CENTER_KM.search(after):
            _from_center(pieces, piece)
            continue
        for place in pieces:
            if place.slot == "place.named" and -1 <= piece.start - place.end <= 3:
                place.value, place.assume, place.end = {**place.value, "km": piece.value}, None, piece.end
                pieces = [p for p in pieces if p is not piece]
    return pieces


def _from_center(pieces: list[Piece], piece: Piece) -> None:
    """Rewrite a distance as a zone around the centre, and drop the zone's own piece."""
    pieces[:] = [
        p
        for p in pieces
        if not (
            (p.slot == "place.zone" and abs(p.start - piece.end) < 16)
            or (p.slot == "place.zone" and 0 <= piece.start - p.end < 3)
        )
    ]
    piece.slot, piece.op, piece.rule = "place.zone", "in", "where.center_km"
    piece.assume, piece.value = {"km_from_center": [0.0, float(piece.value)]}, "center"
