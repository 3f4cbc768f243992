"""Which regions does a query mean? Names are weighed by the words around them, and one of several namesakes is chosen.

What was chosen is said: assume {"city": "北京", "also": ["长春"]}. Grounding may choose again (position.py).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.understand.countries import code_of
from engine.understand.division_names import ANYWHERE, CLEARLY, LIGHTLY
from engine.understand.entries import SHADOW
from engine.understand.fold import Folded
from engine.understand.gazetteer import Hit, gazetteer
from engine.understand.patterns import Lazy, gated
from engine.understand.pieces import Piece, Reading
from engine.understand.region import Region

_FIRMEST: Final = (ANYWHERE, LIGHTLY, CLEARLY)
_LEVELS: Final = ("city", "province", "district", "area")
#: More places of one name than this are not listed.
MOST_NAMESAKES: Final = 6

_CAPITAL: Final = Lazy(r"[A-Z\u00c0-\u00d6\u00d8-\u00de\uff21-\uff3a]")
_LATIN: Final = Lazy(r"[A-Za-z]{2,}")
_NONE: Final[frozenset[int]] = frozenset()
_GO_ZH: Final = gated(r"(?:在|去|到|来|飞|回|住|住在|位于|坐标|人在|逛|逛逛|游|抵达|前往|出差|途经|路过|离|距离?|从)$")
_LOOK_ZH: Final = gated(r"(?:推荐|求|找|想去|想吃|周末|今晚|明天|今天|[\s,。;!?、:·/|(\[])$")
_ON_ZH: Final = Lazy(
    r"$|[\s,。;!?、:·/|)\]]|(?:这边|那边|附近|周边|一带|本地|当地|旅游|旅行|游玩|自驾|攻略|有没有|有什么|有哪"
    r"|哪里|哪家|哪有|[玩找吃逛住喝]|怎么|好[玩吃逛]|美食|民宿|酒店"
    r"|[一二两三四五1-5][日天]|半日|周末|市区|市中心|老城|古城|城区|到)"
)
_SOFT_ON_ZH: Final = Lazy(r"的|有|[a-z0-9]")
_GO_EN: Final = gated(
    r"\b(?:in|near|around|at|to|from|visit|visiting|inside|outside|across|within|of|through|leaving|reach|reaching"
    r"|downtown|central|greater|north|south|east|west)(?: the)?(?: city of| centre of| center of)? $"
)
#: More characters than any match of these two has.
_REACH: Final = 48
_UNIT_EN: Final = Lazy(r" (?:district|county|city(?! ?-?cent)|municipality|province|prefecture|qu|xian|shi)\b")
_ROAD: Final = Lazy(
    r"(?:[东南西北中]?[一二三四五]?(?:路(?![线上边程途过])|[街巷弄])|大道|大街|胡同|步行街)"
    r"|(?: (?:north|south|east|west))? (?:road|street(?! (?:food|style|art|market|view|photo))|avenue|rd|st)\b"
)
_SHOP: Final = Lazy(r"(?:(?![的有小好老新网名])[\u4e00-\u9fff]){0,2}店(?![铺里长员家主])| (?:branch|store|outlet)\b")
_HOUSE: Final = Lazy(
    r"博物院|(?:(?:历史|自然|科技|艺术|民俗|革命|当代|国家)?(?:博物馆|美术馆|图书馆|科技馆|大剧院)|环球影城|迪士尼|欢乐谷"
    r"|(?:野生)?动物园|植物园|海洋馆|天文馆)(?=$|[?,。!]|在哪|怎么[走去]|地址|电话|门票|开放|几点|预约|官网)"
)
_LOOK_UP: Final = Lazy(r"phone|address|where'?s|where is|opening (?:hours|times)|directions|how to get|website")
_PARENT_EN: Final = Lazy(r",? ")


def capitals(raw: str, folded: Folded) -> frozenset[int]:
    """Where the folded text had a capital letter; nothing where all words begin with one, which says nothing."""
    if raw == folded.text or not _CAPITAL.search(raw):
        return _NONE
    large = [match.start() for match in _CAPITAL.finditer(raw)]
    words = _LATIN.findall(raw)
    if not words or (len(words) > 2 and sum([word[0].isupper() for word in words]) > 0.7 * len(words)):
        return _NONE
    if isinstance(folded.origin, range):
        return frozenset(large)
    return frozenset([at for at, place in enumerate(folded.origin) if place in large])


def regions(reading: Reading) -> list[Piece]:
    """A piece for each region that is meant, the longest at each place."""
    whole = [(n.start, n.end) for n in reading.names if n.slot == "place.named"]
    whole += [(m.start, m.end) for m in reading.mentions if m.slot == SHADOW]
    hits = [h for h in reading.regions if not _elsewhere(reading, h, whole)]
    sure = [hit for hit in hits if hit.guard == ANYWHERE]
    meant = [hit for hit in hits if hit.guard == ANYWHERE or _pointed(reading, hit, sure)]
    ends = {hit.end for hit in sure if hit.region.level == "city"}
    spans = sorted(
        {(hit.start, hit.end) for hit in meant}, key=lambda span: (span[0] - span[1], span[0] not in ends, span[0])
    )
    pieces: list[Piece] = []
    for start, end in spans:
        if any(start < p.end and p.start < end for p in pieces) or _glued(start, end, meant):
            continue
        here = [hit for hit in meant if (hit.start, hit.end) == (start, end)]
        pieces.append(_piece(reading, here, [hit.region for hit in sure if hit.end <= start or hit.start >= end]))
    return sorted(pieces, key=lambda p: p.start)


def _elsewhere(reading: Reading, hit: Hit, names: Sequence[tuple[int, int]]) -> bool:
    """A part of the name of a road, a branch or a known place: "中山路", "海底捞五道口店", "朝阳公园"."""
    text = reading.text
    road = hit.region.level != "area" and _ROAD.match(text, hit.end)
    return (
        bool(road)
        or _branch(reading, hit)
        or any(start <= hit.start and hit.end <= end and (start, end) != (hit.start, hit.end) for start, end in names)
    )


def _branch(reading: Reading, hit: Hit) -> bool:
    """Does the name of a shop or of a house go on here? "静安嘉里店", "南京博物院", "Wudaokou branch"."""
    if _HOUSE.match(reading.text, hit.end):
        return True
    shop = _SHOP.match(reading.text, hit.end)
    kinds = [
        m for m in reading.mentions if m.slot == "category" and shop and hit.end <= m.start and m.end <= shop.end()
    ]
    if shop and not kinds:
        return True
    before = reading.text[: hit.start].split()
    at = hit.start - len(before[-1]) - 1 if before else 0
    return at > 0 and at in reading.capitals and bool(_LOOK_UP.search(reading.text))


def _glued(start: int, end: int, hits: Sequence[Hit]) -> bool:
    """ "上海城市规划": 海城市 only begins inside a larger city's name, and no other name ends where it begins."""
    if any(h.end == start for h in hits):
        return False
    return any(h.start < start < h.end < end and h.guard == ANYWHERE and h.region.level == "city" for h in hits)


def _piece(reading: Reading, here: Sequence[Hit], others: Sequence[Region]) -> Piece:
    firmest = min((hit.guard for hit in here), key=_FIRMEST.index)
    alike = [hit.region for hit in here if hit.guard == firmest]
    chosen, namesakes = choose([hit.region for hit in here], others, alike)
    start, end = here[0].start, here[0].end
    if unit := _UNIT_EN.match(reading.text, end):
        end = unit.end()
    elif reading.text[end - 1 : end + 2] == "市中心":
        end -= 1  # "杭州" + "市中心"
    value = {"level": chosen.level, "name": chosen.zh}
    assume: dict[str, Any] = {}
    also = [name for r in namesakes if (name := _whose(r, chosen))][:MOST_NAMESAKES]
    if also:
        assume = {"city": chosen.city, "also": also}
    return Piece(start, end, "place.admin", "in", value, assume=assume or None, rule="where.region", rank=3,
                 label={"zh": chosen.zh, "en": chosen.en})  # fmt: skip


def choose(
    candidates: Sequence[Region], others: Sequence[Region], alike: Sequence[Region]
) -> tuple[Region, list[Region]]:
    """Of regions of one name: the one within a region that is named beside it, else the largest of those that the name
    means first (`alike`); and the rest of these."""
    places = {region.city for region in others} | {r.zh for r in others}
    within = [r for r in candidates if r.city in places or (r.province and r.province in places)]
    ranked = sorted(within or alike, key=_rank)
    chosen = ranked[0]
    rest = [r for r in ranked[1:] if (r.city, r.province) != (chosen.city, chosen.province) and r.level == chosen.level]
    return chosen, [] if within else list({(r.city, r.province): r for r in rest}.values())


def inside(inner: Mapping[str, Any], outer: Mapping[str, Any]) -> bool:
    """Does a place.admin value name a region within that of another ("杭州" in "浙江", "Paris" in "Texas")?"""
    held = gazetteer().named(str(inner["name"]))
    if outer["level"] == "country":
        return any(child.country == code_of(str(outer["name"])) for child in held)
    return any(_holds(parent, child) for parent in gazetteer().named(str(outer["name"])) for child in held)


def _rank(region: Region) -> tuple[int, float]:
    size = region.radius_km if region.radius_km == region.radius_km else 0.0  # not NaN
    return _LEVELS.index(region.level), -size


def _whose(region: Region, chosen: Region) -> str:
    """What tells a namesake from the chosen: its city ("Suzhou": 宿州), or its province; "" where neither is known."""
    if region.city == chosen.city or region.zh == chosen.en:
        return region.province
    return region.city


def _pointed(reading: Reading, hit: Hit, sure: Sequence[Hit]) -> bool:
    """Do the words around a name that may be another word speak for a place?"""
    text, clearly = reading.text, hit.guard == CLEARLY
    parents = [o for o in sure if _holds(o.region, hit.region) and not (o.start < hit.end and hit.start < o.end)]
    if any(_beside(text, hit, other) for other in parents):
        return True
    if text[hit.start].isascii():
        return _pointed_en(reading, hit, clearly, bool(parents))
    before, after = text[max(0, hit.start - 4) : hit.start], text[hit.end : hit.end + 6]
    ends = bool(_ON_ZH.match(after)) or any(m.slot == "category" and m.start == hit.end for m in reading.mentions)
    if clearly:
        return bool(_GO_ZH.search(before)) and ends
    soft = ends or bool(_SOFT_ON_ZH.match(after))
    return soft and (bool(parents) or not before or bool(_GO_ZH.search(before) or _LOOK_ZH.search(before)))


def _pointed_en(reading: Reading, hit: Hit, clearly: bool, parent: bool) -> bool:
    text = reading.text
    if _UNIT_EN.match(text, hit.end):
        return True
    first = max(0, hit.start - _REACH)
    gone = bool(_GO_EN.search(text, first, hit.start) or _GO_ZH.search(text, first, hit.start))
    capital = hit.start in reading.capitals
    if clearly:
        return gone and capital
    kind = any(m.slot == "category" and m.start == hit.end + 1 for m in reading.mentions)
    return gone or parent or kind or (capital and hit.start > 0) or _apart(reading, hit)


def _apart(reading: Reading, hit: Hit) -> bool:
    """A Latin name alone among Chinese words: "brunch 推荐 jing'an"."""
    return not reading.text.isascii() and (hit.start == 0 or hit.end == len(reading.text))


def _holds(parent: Region, child: Region) -> bool:
    if parent.level == "city":
        return parent.city == child.city and parent.id != child.id
    return parent.level == "province" and parent.zh == child.province


def _beside(text: str, hit: Hit, other: Hit) -> bool:
    """ "杭州和平", "paris, texas": only marks between the name and what holds it."""
    between = text[other.end : hit.start] if other.end <= hit.start else text[hit.end : other.start]
    if other.start >= hit.end and _PARENT_EN.fullmatch(between):
        return True
    if not text[hit.start].isascii():
        return other.end <= hit.start and between in ("", " ", "市", "的", "省", "-", "·")
    return False
