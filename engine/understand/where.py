"""Where: zones of a city, metro, cities and districts."""

import re
from typing import Any, Final

from engine.understand.gazetteer import Region, gazetteer
from engine.understand.patterns import Group, gated
from engine.understand.pieces import Piece, Reading, signs
from engine.understand.regions import regions

NEAR_STATION_KM: Final = 0.8
#: Radius of the built-up area when no city is known.
CITY_RADIUS_KM: Final = 10.0
#: zone -> bounds from the centre, in radii of the city.
ZONES: Final[dict[str, tuple[float, float]]] = {"center": (0.0, 0.5), "suburb_near": (1.0, 4.0), "suburb": (1.5, 8.0)}

_ZONE: Final = gated(
    r"(?:在|到|去|离)?(?:(?P<suburb_near>近郊|城郊|市郊|京郊|沪郊|周边郊区|(?:离|距离?)?(?:市区|城区|城里"
    r"|市中心)(?:不远|不太远|近一?点?|很近)|城市?(?:周边|附近))"
    r"|(?P<center>市中心|城中心|中心城区|市中心区|闹市区?|主城区?|市区|城里|老城区)"
    r"|(?P<suburb>远郊|郊区|郊外|城外|乡下|远离市区))"
    r"|(?P<near_en>(?:near|close to|(?:not|n't)(?: too)? far (?:from|out of|outside)|just (?:outside|out)(?: of)?"
    r"|outside|on the (?:edge|outskirts) of|a short (?:drive|ride) (?:from|out of)) (?:the )?(?:city|town)"
    r"(?! ?(?:cent|hall|park|museum|library))|(?:on the |in the )?outskirts|(?:on the )?edge of (?:the )?(?:city|town))"
    r"|(?P<center_en>(?:in |around |near )?downtown|(?:in |at |near )?(?:the )?(?:city|town)[ -]cent(?:er|re)"
    r"|in the cent(?:er|re)|\bcentral(?! park| station| perk| asia| europe| academy| market)|inner[ -]city"
    r"|(?:the )?middle of (?:the )?(?:city|town))"
    r"|(?P<suburb_en>(?:in |the )*(?:suburb(?:s|an)?|countryside)|out of (?:the )?(?:town|city)"
    r"|outside (?:of )?(?:the )?city limits)"
)
_TRANSIT: Final = gated(
    r"(?:靠|近|离|有|临|紧邻|坐|乘|搭)?(?:地铁|轻轨)(?:站|口|线)?(?:很|比较|就)?(?:附近|旁边?|边上|直达|方便|沿线|近"
    r"|可?以?[能可]?(?:到|达|直达)(?:的|达)?|能到|可到|周边|上盖|出口)"
    r"|(?:靠近?|近|离|临近?|挨着)(?:地铁|轻轨)(?:站|口)?(?:近|不远)?"
    r"|(?:地铁)?(?P<line>\d{1,2}|[一二三四五六七八九十]{1,3}) ?号线(?:沿线|附近|上|旁边?|周边|能到|可达|直达)?(?:的)?"
    r"|(?:near|close to|next to|by|at|beside|right by) (?:a |the |an |any )?"
    r"(?:metro|subway|underground|u-bahn|s-bahn|tube|train|tram|mrt)(?: stations?| stops?| line)?"
    r"|(?:reach(?:able)?|accessible|get to|get there|go)(?: \w+)? (?:by|via|on) (?:the )?"
    r"(?:metro|subway|tube|underground|train|mrt)"
    r"|on (?:the|a) (?:metro|subway|tube)(?: line)?\b|(?<!minutes )(?<!min )\bby (?:metro|subway|mrt)\b"
    r"|(?:metro|subway|tube)[ -](?:accessible|connected|friendly)"
    r"|(?:along |on |near |off |by )?(?:the )?(?:(?:metro|subway) )?\bline (?:no\.? ?)?(?P<line_en>\d{1,2})\b"
)
_ZONES: Final = Group(_ZONE, _TRANSIT).mask
GATE: Final = _ZONES | signs("regions", "named place.admin")
_DIGITS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def zone_bounds(zone: str, radius_km: float) -> list[float]:
    """Kilometres from the centre that a zone means in a city of this radius: [from, to]."""
    low, high = ZONES[zone]
    return [round(low * radius_km, 1), round(high * radius_km, 1)]


def where(reading: Reading) -> list[Piece]:
    """Pieces about zones, metro, cities and districts; zones scale with the city that is named."""
    named = regions(reading) if reading.regions else []
    if not reading.signs & _ZONES:
        return named + _admin(reading)
    cities = [found for p in named if (found := gazetteer().city(_city_of(p)))]
    pieces = [_zone(match, cities[0] if cities else None) for match in _ZONE.finditer(reading.text)]
    pieces += [_transit(match) for match in _TRANSIT.finditer(reading.text)]
    return pieces + named + _admin(reading)


def _city_of(piece: Piece) -> str:
    """The city that a region is in or is."""
    name = str(piece.value["name"])
    if piece.value["level"] == "city":
        return name
    return str((piece.assume or {}).get("city") or next((r.city for r in gazetteer().named(name)), ""))


def _admin(reading: Reading) -> list[Piece]:
    """Cities and districts that the index's own columns hold and no gazetteer does."""
    return [
        Piece(n.start, n.end, "place.admin", "in", {"level": "area", "name": str(n.value)}, rule="where.admin", rank=2)
        for n in reading.names
        if n.slot == "place.admin"
    ]


def _zone(match: re.Match[str], city: Region | None) -> Piece:
    zone = str(match.lastgroup).replace("near_en", "suburb_near").removesuffix("_en")
    radius = city.radius_km if city and city.radius_km == city.radius_km else CITY_RADIUS_KM  # not NaN
    assume: dict[str, Any] = {"km_from_center": zone_bounds(zone, radius)}
    if city:
        assume["relative_to"] = city.zh
    start = match.start(match.lastgroup or 0)
    return Piece(start, match.end(), "place.zone", "in", zone, "soft", assume=assume, rule="where.zone", rank=3)


def _transit(match: re.Match[str]) -> Piece:
    line = match["line"] or match["line_en"]
    value = {"name": f"{_number(line)}号线" if line else "metro"}
    assume = {"km": NEAR_STATION_KM}
    return Piece(
        match.start(), match.end(), "place.transit", "near", value, assume=assume, rule="where.transit", rank=3
    )


def _number(line: str) -> int:
    """ "2", "十二" -> 2, 12."""
    if line.isdigit():
        return int(line)
    tens, ten, ones = line.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)
