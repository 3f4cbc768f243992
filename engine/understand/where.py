"""Where: zones of a city, metro, cities and districts."""

import re
from collections.abc import Sequence
from typing import Any, Final

from engine.understand.gazetteer import Found, gazetteer
from engine.understand.patterns import gated
from engine.understand.pieces import Piece, Reading

NEAR_STATION_KM: Final = 0.8
#: Radius of the built-up area when no city is known.
CITY_RADIUS_KM: Final = 10.0
#: zone -> bounds from the centre, in radii of the city.
ZONES: Final[dict[str, tuple[float, float]]] = {"center": (0.0, 0.5), "suburb_near": (1.0, 4.0), "suburb": (1.5, 8.0)}
_LEVELS: Final = ("city", "province", "district", "area")

_ZONE: Final = gated(
    r"(?:在|到|去|离)?(?:(?P<suburb_near>近郊|城郊|市郊|京郊|周边郊区|(?:离|距离?)?(?:市区|城里"
    r"|市中心)(?:不远|不太远|近一?点?|很近))"
    r"|(?P<center>市中心|城中心|中心城区|闹市区|市区|城里)|(?P<suburb>远郊|郊区|郊外|城外|乡下))"
    r"|(?P<near_en>(?:near|close to|not (?:too )?far from|just outside(?: of)?|outside|on the (?:edge"
    r"|outskirts) of|around) (?:the )?(?:city|town)(?! ?(?:cent|hall|park|museum|library))|outskirts)"
    r"|(?P<center_en>downtown|(?:in |at |near )?(?:the )?(?:city|town)[ -]cent(?:er|re)|in the cent(?:er"
    r"|re)|\bcentral(?! park| station| perk)|inner city)"
    r"|(?P<suburb_en>(?:in |the )*(?:suburbs?|countryside)|out of town)"
)
_TRANSIT: Final = gated(
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


def where(reading: Reading) -> list[Piece]:
    """Pieces about zones, metro, cities and districts; zones scale with the city that is named."""
    regions = gazetteer().find(reading.text)
    radius = next((f.region.radius_km for f in regions if f.region.radius_km == f.region.radius_km), None)  # not NaN
    pieces = [_zone(match, radius) for match in _ZONE.finditer(reading.text)]
    pieces += [_transit(match) for match in _TRANSIT.finditer(reading.text)]
    return pieces + _regions(regions, reading.text) + _admin(reading)


def _regions(found: Sequence[Found], text: str) -> list[Piece]:
    """The longest region at each place, the largest of several of one name ("北京": the city, not the province)."""
    best: dict[tuple[int, int], Found] = {}
    for each in found:
        end = each.end - (text[each.end - 1 : each.end + 2] == "市中心")  # "杭州" + "市中心"
        span = (each.start, end)
        if span not in best or _LEVELS.index(each.region.level) < _LEVELS.index(best[span].region.level):
            best[span] = each
    return [
        Piece(start, end, "place.admin", "in", {"level": f.region.level, "name": f.region.zh}, rule="where.region",
              rank=3, label={"zh": f.region.zh, "en": f.region.en})
        for (start, end), f in best.items()
    ]  # fmt: skip


def _admin(reading: Reading) -> list[Piece]:
    """Cities and districts that the index's own columns hold and no gazetteer does."""
    return [
        Piece(n.start, n.end, "place.admin", "in", {"level": "area", "name": str(n.value)}, rule="where.admin", rank=2)
        for n in reading.names
        if n.slot == "place.admin"
    ]


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
