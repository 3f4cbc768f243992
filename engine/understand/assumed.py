"""What was taken for granted, in words that a person understands? {"zh", "en"} for a constraint's assume."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from engine.types import Constraint
from engine.understand.gazetteer import gazetteer
from engine.understand.position import OWN_CITY

Pair: TypeAlias = tuple[str, str]  # zh, en

_MODES: Final[Mapping[str, Pair]] = {
    "walk": ("步行", "on foot"),
    "bike": ("骑车", "by bike"),
    "drive": ("开车", "by car"),
    "transit": ("坐公共交通", "by public transport"),
}
_CURRENCIES: Final[Mapping[str, Pair]] = {
    "CNY": ("人民币", "yuan"),
    "EUR": ("欧元", "euros"),
    "USD": ("美元", "US dollars"),
    "GBP": ("英镑", "pounds"),
    "JPY": ("日元", "yen"),
}
_UNKNOWN: Final[Pair] = (
    "不知道你在哪，没有按距离筛选",
    "where you are is unknown, so distance filters nothing",
)


def words(c: Constraint) -> dict[str, str] | None:
    """Both languages; None where nothing was assumed that needs telling."""
    if not c.assume:
        return None
    told = _TELL.get(c.slot, _other)(c, c.assume)
    return {"zh": told[0], "en": told[1]} if told else None


def _zone(c: Constraint, said: Mapping[str, Any]) -> Pair | None:
    if "km_from_center" not in said:
        return None
    low, high = said["km_from_center"]
    span = f"{low:g}–{high:g}" if low else f"{high:g}"
    city = said.get("relative_to")
    if city in (None, OWN_CITY):
        return (f"离市中心 {span} 公里{'' if low else '以内'}，各地按自己的城市算",
                f"{'' if low else 'within '}{span} km from the centre of each place's own city")  # fmt: skip
    zh, en = _names(str(city))
    return (
        f"离{zh}市中心 {span} 公里{'' if low else '以内'}",
        f"{'' if low else 'within '}{span} km from the centre of {en}",
    )


def _named(c: Constraint, said: Mapping[str, Any]) -> Pair | None:
    km = f"{float(c.value.get('km') or said.get('km') or 0):g}" if isinstance(c.value, Mapping) else ""
    if "minutes" in said:
        zh, en = _MODES.get(str(said.get("mode")), ("", ""))
        return (f"{zh} {said['minutes']:g} 分钟，约 {km} 公里", f"{said['minutes']:g} minutes {en}, about {km} km")
    if "around" in said:
        zh, en = _names(str(said["around"]))
        return f"{zh}周边 {km} 公里内", f"within {km} km around {en}"
    if "km" in said:
        return f"{km} 公里以内，步行十分钟内的优先", f"within {km} km; what is ten minutes' walk away comes first"
    return None


def _region(c: Constraint, said: Mapping[str, Any]) -> Pair | None:
    if not said.get("also"):
        return None
    here, others = _names(str(said["city"])), [_names(str(name)) for name in said["also"]]
    return (f"按{here[0]}的算；{'、'.join(o[0] for o in others)}也有同名的",
            f"taken as the one in {here[1]}; there is one in {', '.join(o[1] for o in others)} too")  # fmt: skip


def _from_person(c: Constraint, said: Mapping[str, Any]) -> Pair | None:
    if said.get("position") == "unknown":
        return _UNKNOWN
    if "km" not in said:
        return None
    km = float(said["km"])
    if c.slot == "travel_time":
        return f"约 {km:g} 公里，直线估算", f"about {km:g} km, a straight-line estimate"
    return f"{km:g} 公里以内，步行十分钟左右", f"within {km:g} km, some ten minutes on foot"


def _between(c: Constraint, said: Mapping[str, Any]) -> Pair | None:
    if unknown := said.get("unknown"):
        names = [str(name) for name in unknown]
        return (
            f"还不知道{'和'.join(names)}在哪，请告诉我",
            f"where {' and '.join(names)} is, is not known yet: please tell",
        )
    return ("绕路不超过直线的三分之一", "a detour of at most a third of the straight way") if "detour" in said else None


def _transit(c: Constraint, said: Mapping[str, Any]) -> Pair | None:
    return (f"离车站 {said['km']:g} 公里以内", f"within {said['km']:g} km of a station") if "km" in said else None


def _other(c: Constraint, said: Mapping[str, Any]) -> Pair | None:
    if said.get("currency") in _CURRENCIES:
        zh, en = _CURRENCIES[said["currency"]]
        return f"按{zh}算", f"in {en}"
    if said.get("day") == "today":
        return "今天", "today"
    return ("由问法推断", "from how it was asked") if said.get("implied") else None


def _names(city: str) -> Pair:
    known = gazetteer().city(city) or next(iter(gazetteer().named(city)), None)
    return (known.zh, known.en) if known else (city, city)


_TELL: Final[Mapping[str, Callable[[Constraint, Mapping[str, Any]], Pair | None]]] = {
    "place.zone": _zone, "place.named": _named, "place.admin": _region, "place.relative": _between,
    "place.transit": _transit, "distance": _from_person, "travel_time": _from_person,
}  # fmt: skip
