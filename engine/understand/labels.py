"""What does a chip say? {"zh", "en"} for any constraint, from the lexicon or from its value."""

from collections.abc import Mapping
from typing import Any, Final

from engine.understand.lexicon import Lexicon
from engine.understand.unions import OR, each
from engine.vocabulary import SLOTS

_NAMES: Final = {
    "price": ("价格", "price"), "rating": ("评分", "rating"), "duration": ("游玩时间", "visit"),
    "distance": ("距离", "within"),
    "party_size": ("人数", "party of"), "price_level": ("价位", "price level"), "travel_time": ("路程", "travel"),
    "popularity": ("热度", "popularity"),
}  # fmt: skip
#: Slots whose values are words.
_PLAIN: Final = frozenset(s for s in SLOTS if not s.startswith(("time.", "place.zone"))) - frozenset(_NAMES)
_ZONES: Final = {
    "center": ("市中心", "city centre"),
    "suburb_near": ("近郊", "near the city"),
    "suburb": ("郊区", "suburbs"),
}
_OPEN: Final = {
    "now": ("现在营业", "open now"),
    "24_7": ("24小时营业", "open 24 h"),
    "late": ("营业到深夜", "open late"),
}
_DAYS: Final = {"MO": ("周一", "Mon"), "TU": ("周二", "Tue"), "WE": ("周三", "Wed"), "TH": ("周四", "Thu"),
                "FR": ("周五", "Fri"), "SA": ("周六", "Sat"), "SU": ("周日", "Sun")}  # fmt: skip
_THAN: Final = {("price", "lte"): ("便宜", "cheaper"), ("price", "gte"): ("贵", "dearer"),
                ("distance", "lte"): ("近", "closer"), ("rating", "gte"): ("评分高", "better rated")}  # fmt: skip
_UNITS: Final = {"in": "寸", "m2": "平米", "l": "升", "kg": "公斤", "g": "克"}
_UNITS_EN: Final = {"m2": "m²", "in": "inch"}
_SEASONS: Final = {"spring": "春天", "summer": "夏天", "autumn": "秋天", "winter": "冬天"}


def label(
    slot: str, op: str, value: Any, lexicon: Lexicon, assume: Mapping[str, Any] | None = None
) -> Mapping[str, str]:
    """The words of a chip in both languages. Shared: do not change it."""
    if slot in _PLAIN and isinstance(value, str):
        return lexicon.labels(value)
    if isinstance(value, dict) and (said := _compared(slot, op, value)):
        return _pair(said)
    if slot in _NAMES:
        return _measured(slot, op, value, assume or {})
    if slot == "place.zone" or slot.startswith("time."):
        return _pair(_zone_or_time(slot, op, value))
    return _named(op, value, lexicon)


def _named(op: str, value: Any, lexicon: Lexicon) -> Mapping[str, str]:
    if isinstance(value, dict) and value.get(OR):
        names = [str(region.get("name")) for region in each(value)]
        return {"zh": "或".join(names), "en": " or ".join(names)}
    if isinstance(value, dict):
        words = str(value.get("name") or value.get("open") or value.get("from") or value)
        return {"zh": f"{words}附近" if op == "near" else words, "en": f"near {words}" if op == "near" else words}
    if isinstance(value, list):
        return {
            lang: joiner.join(lexicon.label(str(v), lang) for v in value)
            for lang, joiner in (("zh", "或"), ("en", " or "))
        }
    return lexicon.labels(str(value))


def _compared(slot: str, op: str, value: Mapping[str, Any]) -> tuple[str, str] | None:
    """Chips for what is measured against, or like, or between named things; and for sizes."""
    if "ref" in value:
        zh, en = _THAN.get((slot, op), ("参照", "compared with"))
        return f"比{value['ref']}{zh}", f"{en} than {value['ref']}"
    if slot == "similar_to":
        name = value.get("name") or value.get("id")
        return f"类似{name}", f"like {name}"
    if slot == "place.relative":
        ends = [str(a.get("name") if isinstance(a, Mapping) else a) for a in value.get("anchors") or ()]
        return "和".join(ends) + "之间", "between " + " and ".join(ends)
    if "unit" in value:
        low, high, unit = value.get("min"), value.get("max"), value["unit"]
        sign = (
            f"≤{high:g}"
            if low is None
            else f"≥{low:g}"
            if high is None
            else f"{low:g}"
            if low == high
            else f"{low:g}–{high:g}"
        )
        return f"{sign}{_UNITS.get(unit, unit)}", f"{sign} {_UNITS_EN.get(unit, unit)}"
    return None


def _zone_or_time(slot: str, op: str, value: Any) -> tuple[str, str]:
    if slot == "place.zone":
        return _ZONES.get(str(value), (str(value), str(value)))
    if slot == "time.open":
        return _open(op, value)
    if isinstance(value, str):
        return _SEASONS.get(value, value), value
    words = str(value.get("from") or value)
    return words, words


def _pair(words: tuple[str, str]) -> dict[str, str]:
    return {"zh": words[0], "en": words[1]}


def _measured(slot: str, op: str, value: Any, assume: Mapping[str, Any]) -> dict[str, str]:
    if slot == "price" and value == 0:
        return {"zh": "免费", "en": "free"}
    if slot == "travel_time" and isinstance(value, dict):
        return {"zh": f"{value.get('minutes')}分钟内", "en": f"within {value.get('minutes')} min"}
    shown = [_plain(v, slot) for v in value] if isinstance(value, list) else [_plain(value, slot)]
    sign = {"gte": "≥", "lte": "≤", "eq": "", "between": ""}.get(op, "")
    figure = sign + "–".join(shown)
    unit = {"CNY": ("元", " yuan"), "USD": ("美元", " USD"), "EUR": ("欧元", " EUR"), "GBP": ("英镑", " GBP")}
    tail = (
        unit.get(str(assume.get("currency")), ("", ""))
        if slot == "price"
        else (" km", " km")
        if slot == "distance"
        else ("", "")
    )
    zh, en = _NAMES[slot]
    return {"zh": f"{zh}{figure}{tail[0]}", "en": f"{en} {figure}{tail[1]}"}


def _plain(value: Any, slot: str) -> str:
    if slot == "duration" and isinstance(value, (int, float)):
        return f"{value / 1440:g} d" if value >= 1440 and value % 1440 == 0 else f"{value / 60:g} h"
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def _open(op: str, value: Any) -> tuple[str, str]:
    if isinstance(value, str):
        return _OPEN.get(value, (value, value))
    if op == "open_during":
        days = [_DAYS.get(day, (day, day)) for day in value.get("days", [])]
        days = [("每天", "daily")] if len(days) == len(_DAYS) else days
        hours = "-".join(_clock(value[end]) for end in ("from", "to") if value.get(end) is not None)
        return "、".join(d[0] for d in days) + f"{hours}营业", "open " + ", ".join(
            d[1] for d in days
        ) + f" {hours}".rstrip()
    clock = _clock(value.get("minute", 0))
    day = _DAYS.get(value.get("day", ""), ("", ""))
    return f"{day[0]}{clock}营业", f"open {day[1]} {clock}".replace("  ", " ")


def _clock(minute: float) -> str:
    return f"{int(minute) // 60 % 24:02d}:{int(minute) % 60:02d}"
