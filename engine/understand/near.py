"""Near what: a named place, the person, or so many kilometres from either."""

import re
from typing import Any, Final

from engine.naming import NameSpan
from engine.understand.gazetteer import gazetteer
from engine.understand.patterns import Group, Lazy, gated
from engine.understand.pieces import NOTHING, Piece, Reading, signs
from engine.understand.quantity import Quantity

#: Kilometres assumed for a bare "near" a place; what is within ten minutes on foot of it is surely near.
NEAR_PLACE_KM: Final = 2.0
#: Kilometres assumed for "nearby": ten minutes on foot. Where too little is found it widens (engine/relax.py).
NEAR_ME_KM: Final = 0.8
#: How far "near Hangzhou" reaches, in radii of the city's core: as the near suburbs do.
AROUND_CITY: Final = 4.0

_NEAR_ZH: Final = gated(
    r" ?的?(?P<near>附近|周边|旁边|边上|周围|一带|不远处?|隔壁|对面|四周|这边|(?<=..)边(?![缘界]))"
    r"(?:的|有|区域)?"
)
_FAR_EN: Final = (
    r"(?:near(?:by)?(?: to)?|close to|next (?:door )?to|right by|around|beside|opposite|across (?:the street )?from"
    r"|(?:not|n't)(?: too)? far from|down the (?:road|street) from|adjacent to|(?:with)?in (?:easy )?walking distance"
    r" (?:of|to|from)|in the (?:area|vicinity|neighbou?rhood) of|a (?:short|quick) (?:walk|stroll) (?:from|to)"
    r"|(?:a few )?steps (?:away )?from|walkable (?:from|to)|by)"
)
_NEAR_EN: Final = gated(rf"\b{_FAR_EN} (?:the )?")
_HERE: Final = gated(
    r"(?:离|在)?(?:我|这里|这儿|我这|我家|家|我们|我现在)(?:的)?(?:很|比较)?(?:附近|周边|旁边|周围|近)"
    r"|就近|\b(?:near|close to|around) (?:me|here|us|my (?:place|home|location|position))\b"
    r"|\b(?:near|close to|around) where (?:i am|i'm|i live|i stay|we are|we're)(?: staying)?|\bnear ?by\b(?! the)"
    r"|\bin (?:the|my) (?:area|neighbou?rhood)\b(?! of)|\bwalking distance\b(?! (?:of|to|from))|\bclose by\b"
)
_ASIDE: Final = gated(
    r"(?:告诉|看看|看下|看一下|查|说说?|介绍|了解|问问?|顺便|以及|还有|它的?|和|与|且|发)[^,。;!?]{0,14}"
    r"(?:周边|附近)(?:的|有)?[^,。;!?]*|(?<=[,。;!?])[^,。;!?]{0,8}(?:周边|附近)(?:都|还)?有(?:什么|啥|哪些|没有)[^,。;!?]*$"
)
_GENERIC: Final = gated(
    r"(?:酒店|餐馆|景点|餐厅|饭店|宾馆|旅馆|住处|它|他|那里|那儿|那|此|该|这家|那家|店|其|最好|顺便|然后"
    r"|还有|另外|它们?|刚才.*|之前.*|地方|吃饭的地方"
    r"|公司|学校|单位|的|(?<![a-z])(?:hotel|attraction|restaurant|it|there|that|them|(?:the|that|this) (?:hotel"
    r"|restaurant|attraction|place)))$"
)
_START_ZH: Final = gated(
    r"(?:在|到|去|离|距离?|找|想|要|帮我|推荐|看看|[,。;!?、 ]|^)(?:个"
    r"|家)?(?P<name>[^,。;!?、的在到去离距找想要有 ]{2,12})$"
)
#: "离西湖不远", "靠近外滩"
_CLOSE_ZH: Final = gated(
    r"(?:离|距离?)(?P<name>[^,。;!?、的 \d]{2,10}?)(?:不要?太?远|很近|挺近|近一?些?点?|比较近)(?:的)?"
    r"|(?:靠近|挨着|紧邻|毗邻|临近|邻近)(?P<beside>[^,。;!?、的 \d]{2,10}?)(?=的|[,。;!?、 ]|$)"
)
_NOT_CLOSE: Final = Lazy(
    r"(?:我|我家|我们|家|公司|市区|市中心|城里|城区|我最|地铁站?|轻轨站?|车站|路边|海边?|水边|湖边?)"
)
_END_EN: Final = gated(
    r"[,.;!?]|\b(?:with|for|that|which|where|open|under|and|or|at|on|within|rated|please|has|have|is|i|to"
    r"|but|not|no|without|serving)\b"
)
#: With these a city's name is a part of a name, or nothing is left of it.
_PART: Final = Lazy(
    r".?$|市|[东南西北]?站|火车|高铁|机场|客运|大学|学院|理工|师范|医院|中[心学]|小学|博物|图书|体育|展览|国际|会展|环球|动物|野生"
    r"|植物|科技|音乐|大剧|世博|人民|电视|海洋|欢乐|天文|城|[东南西北中]?路|大[街道厦]"
)
_OTHER_PLACE: Final = "老新小大东西南北上下"
_BREAKS: Final = ",。;!?、 找有在"
_SLOTS: Final = frozenset({"name", "place.named", "place.admin", "brand"})
_NO_NAME: Final = Lazy(r"\d|(?:the )?(?:city|town|me|here|a |an |my |bus|metro|subway|train|tram)")
_PROPER: Final = Lazy(
    r"(?!the (?:clock|corner|way)|car\b|bike\b|bus\b|foot\b|metro\b|train\b|myself|email|phone)[a-z' -]{4,}"
)
_ME: Final = Lazy(r"我们?家?|这里|这儿|家|酒店|公司|单位|学校|此处?|住处")
_CENTER: Final = gated(r"(?:市中心|城中心|市区|(?:the )?(?:city |town )?cent(?:er|re)|downtown)$")
_FROM_ZH: Final = gated(
    r"(?:(?:离|距离?)(?P<name>[^,。;!?、的 \d]{1,12}?)(?:的?距离)?|(?:在|到|找|^|(?<=[,。;!?]))"
    r"(?P<around>[^,。;!?、的在到找 \d]{2,12}?)(?:附近|周边|周围|方圆))(?:大约|大概|约|的?)?$"
)
_BETWEEN: Final = gated(r"(?: |的|附近|周边|周围|方圆)+$")
_FROM_EN: Final = Lazy(r"(?: radius| walk| drive)? ?(?:of|from|away from|around|near) (?:the )?(?!me\b|here\b|my\b)")


GATE: Final = Group(_HERE, _ASIDE, _NEAR_ZH, _NEAR_EN, _CLOSE_ZH).mask | signs("amount length")


def near(reading: Reading) -> list[Piece]:
    """Pieces about nearness, asides about neighbours covered."""
    text = reading.text
    pieces = [
        Piece(m.start(), m.end(), "distance", "lte", NEAR_ME_KM, assume={"km": NEAR_ME_KM}, rule="near.here", rank=1)
        for m in _HERE.finditer(text)
    ]
    pieces += [Piece(m.start(), m.end(), NOTHING, "", None, rule="where.aside", rank=9) for m in _ASIDE.finditer(text)]
    pieces += [piece for m in _NEAR_ZH.finditer(text) if (piece := _near_zh(reading, m))]
    pieces += [piece for m in _NEAR_EN.finditer(text) if (piece := _near_en(reading, m))]
    pieces += [piece for m in _CLOSE_ZH.finditer(text) if (piece := _close_zh(reading, m))]
    pieces += [piece for q in reading.quantities if q.dimension == "length" and (piece := _measured(reading, q))]
    return pieces


def _measured(reading: Reading, q: Quantity) -> Piece | None:
    """ "离天坛3公里以内", "within 2 km of the Bund": so far from a place, or from the centre."""
    text = reading.text
    begin = max(0, q.start - 16)
    if known := _name_before(reading, q.start):
        name, start, end = str(known.value), known.start, q.end
    elif before := _FROM_ZH.search(text[begin : q.start]):
        name, start, end = before["name"] or before["around"], begin + before.start(), q.end
        if _ME.fullmatch(name):
            return Piece(start, end, "distance", "lte", float(q.high), rule="near.me", rank=4)
    elif after := _FROM_EN.match(text, q.end):
        start, end = q.start, _name_end(reading, after.end())
        name = text[after.end() : end].strip()
        if not name:
            return None
    else:
        return None
    if _CENTER.search(name):
        assume = {"km_from_center": [0.0, float(q.high)]}
        return Piece(start, end, "place.zone", "in", "center", assume=assume, rule="near.center", rank=4)
    value = {"name": _as_indexed(reading, name, end), "km": round(float(q.high), 3)}
    return Piece(start, end, "place.named", "near", value, rule="near.measured", rank=4)


def known_at(reading: Reading, end: int) -> tuple[str, int] | None:
    """(name, start) of the longest name that ends here: of the index, a landmark or a region."""
    end -= len(reading.text[:end]) - len(reading.text[:end].rstrip(" 的"))
    named = [(n.start, str(n.value)) for n in reading.names if n.end == end and n.slot in _SLOTS]
    named += [(h.start, h.region.zh) for h in reading.sure if h.end == end]
    start, name = min(named, key=lambda found: found[0], default=(end, ""))
    return (name, start) if name else None


def known_to(reading: Reading, start: int) -> tuple[str, int] | None:
    """(name, end) of the name that begins here: a known one, else the words before the next function word."""
    end = _name_end(reading, start)
    words = reading.text[start:end].strip()
    if not words or len(words) > 40 or _NO_NAME.match(words) or _GENERIC.search(words):
        return None
    return _as_indexed(reading, words, end), start + len(words)


def _name_before(reading: Reading, end: int) -> NameSpan | None:
    """The longest known name that ends right before a distance: "Hofbräuhaus 500米以内"."""
    between = _BETWEEN.search(reading.text, max(0, end - 4), end)
    end = between.start() if between else end
    names = [n for n in reading.names if n.end == end and n.slot in _SLOTS]
    return min(names, key=lambda n: n.start, default=None)


def _as_indexed(reading: Reading, name: str, end: int) -> str:
    """The index's own spelling of a name, where it knows it."""
    known = [n for n in reading.names if n.slot in _SLOTS and reading.text[n.start : n.end] == name]
    return str(known[0].value) if known else next((r.zh for r in gazetteer().best_named(name)), name)


def _name_end(reading: Reading, start: int) -> int:
    """Where a name that begins here ends: by the index's names, else before the next function word."""
    known = [n.end for n in reading.names if n.start == start and n.slot in _SLOTS]
    stop = _END_EN.search(reading.text, start)
    return max(known) if known else stop.start() if stop else len(reading.text)


def _near_zh(reading: Reading, match: re.Match[str]) -> Piece | None:
    """ "天坛附近": the name that ends here; "酒店附近" points back into a conversation; bare: near the person."""
    text, end = reading.text, match.start()
    clause, known = text[max(0, end - 16) : end], known_at(reading, end)
    named = _START_ZH.search(clause)
    start = end - len(named["name"]) if named else end
    if known and (not named or _whole(reading, known[1], start)):
        return near_place(known[1], match.end("near"), known[0], 0.95)
    if _said_apart(reading, end):
        return _nearby(end, match.end("near"))
    if (shore := match["near"] == "边") or _GENERIC.search(clause):  # "海边" is no name: only what is known has a shore
        return None if shore else Piece(end, match.end(), NOTHING, "", None, rule="where.back")
    if named and (city := _city_before(reading, start)) and not _PART.match(text, city, end):
        return near_place(city, match.end("near"), text[city:end], 0.7)  # "东京新宿": in 东京, near 新宿
    if named and not any(m.slot == "category" and m.start <= start and end <= m.end for m in reading.mentions):
        return near_place(start, match.end("near"), named["name"], 0.7)
    begun = end == 0 or text[end - 1] in _BREAKS or clause.endswith(("推荐", "看看", "想去", "帮我"))
    return _nearby(end, match.end("near")) if begun and not named else None


def _said_apart(reading: Reading, end: int) -> bool:
    """ "餐厅 附近": a kind of place, then the nearness as a word of its own."""
    return reading.text[end : end + 1] == " " and any(m.slot == "category" and m.end == end for m in reading.mentions)


def _city_before(reading: Reading, start: int) -> int:
    """Where the city ends that a longer name begins with; 0: it begins with none."""
    return max((h.end for h in reading.sure if h.start == start and h.region.level == "city"), default=0)


def _whole(reading: Reading, known: int, start: int) -> bool:
    """Is the known name all of the name that begins at `start`? "订外滩" adds a verb, "老外滩" is another place."""
    more = reading.text[start:known]
    return not more or known_at(reading, known) is not None or (len(more) <= 2 and more[-1] not in _OTHER_PLACE)


def _nearby(start: int, end: int) -> Piece:
    assume = {"km": NEAR_ME_KM}
    return Piece(start, end, "distance", "lte", NEAR_ME_KM, assume=assume, confidence=0.8, rule="near.here")


def _near_en(reading: Reading, match: re.Match[str]) -> Piece | None:
    text, start = reading.text, match.end()
    end = _name_end(reading, start)
    words = text[start:end].strip()
    known = any(n.start == start and n.end == end and n.slot in _SLOTS for n in reading.names)
    if not known and (not words or len(words) > 40 or _GENERIC.search(words) or _NO_NAME.match(words)):
        return None
    if not known and any(
        m.start == start and m.end >= start + len(words) for m in reading.mentions if m.slot == "category"
    ):
        return None
    if (
        not known
        and match[0].startswith(("by ", "around "))
        and not (_PROPER.match(words) and (start in reading.capitals or match[0].startswith("around ")))
    ):
        return None
    return near_place(match.start(), start + len(words), _as_indexed(reading, words, end), 0.95 if known else 0.7)


def _close_zh(reading: Reading, match: re.Match[str]) -> Piece | None:
    name = match["name"] or match["beside"]
    if _NOT_CLOSE.fullmatch(name) or any(m.slot == "category" and m.surface == name for m in reading.mentions):
        return None
    return near_place(match.start(), match.end(), _as_indexed(reading, name, match.end()), 0.85)


def near_place(start: int, end: int, name: str, confidence: float) -> Piece:
    """Near a place: two kilometres; near a city or a district: as far as it reaches."""
    assume: dict[str, Any]
    region = next((r for r in gazetteer().best_named(name) if r.level in ("city", "district")), None)
    if region and region.level == "city":
        km, assume = float(round(region.radius_km * AROUND_CITY)), {"around": region.zh}
        assume["km"] = km
    else:
        km = max(NEAR_PLACE_KM, region.own[2] if region and region.own else 0.0)
        assume = {"km": km}
    value = {"name": name, "km": km}
    return Piece(start, end, "place.named", "near", value, "hard", 1, confidence, assume, "near.place", rank=2)
