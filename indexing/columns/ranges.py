"""Does a number lie in the wanted range? Ends included; a missing number (NaN) is never in it."""

import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from engine.types import F64, Mask


def within(values: F64, op: str, wanted: Any) -> Mask:
    """bool of the values' shape for lte | gte | eq | between ([lo, hi], in either order; None = open end)."""
    lo, hi = bounds(op, wanted)
    with np.errstate(invalid="ignore"):
        return np.asarray((values >= lo) & (values <= hi), bool)


def bounds(op: str, wanted: Any) -> tuple[float, float]:
    """The closed interval that an op and its value mean. Raises ValueError for another op."""
    if op in ("between", "in"):
        lo = -np.inf if wanted[0] is None else float(wanted[0])
        hi = np.inf if wanted[1] is None else float(wanted[1])
        return (lo, hi) if lo <= hi else (hi, lo)
    value = float(wanted)
    ends = {"lte": (-np.inf, value), "gte": (value, np.inf), "eq": (value, value)}
    if op not in ends:
        raise ValueError(f"'{op}' is not lte, gte, eq or between")
    return ends[op]


def stays(op: str, minutes: Any) -> dict[str, tuple[float, float]]:
    """The closed intervals in which a usual visit's "shortest" and "longest" must lie.

    eq: the wanted length lies within the usual visit; between: the usual visit lies within the wanted range.
    """
    lo, hi = bounds("between" if op == "between" else "eq", minutes)
    if op == "between":
        return {"shortest": (lo, np.inf), "longest": (-np.inf, hi)}
    fits = {"shortest": (-np.inf, lo), "longest": (hi, np.inf)}
    ends = {"lte": "shortest", "gte": "longest"}
    return {ends[op]: fits[ends[op]]} if op in ends else fits


#: Units that sizes are written in -> (dimension, factor to its base unit).
UNITS: Final[Mapping[str, tuple[str, float]]] = {
    **dict.fromkeys(("寸", "英寸", "inch", "inches", "in", '"', "吋"), ("length", 2.54)),
    **dict.fromkeys(("cm", "厘米", "公分"), ("length", 1.0)),
    **dict.fromkeys(("mm", "毫米"), ("length", 0.1)),
    **dict.fromkeys(("m", "米"), ("length", 100.0)),
    **dict.fromkeys(("ml", "毫升"), ("volume", 1.0)),
    **dict.fromkeys(("l", "升", "liter", "litre"), ("volume", 1000.0)),
    **dict.fromkeys(("g", "克"), ("weight", 1.0)),
    **dict.fromkeys(("kg", "公斤", "千克"), ("weight", 1000.0)),
    **dict.fromkeys(("平", "平米", "㎡", "m2", "m²", "平方米", "sqm"), ("area", 1.0)),
}
_SIZE: Final = re.compile(
    r"(\d+(?:\.\d+)?)\s*-?(" + "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True)) + r")(?![a-z0-9])",
    re.IGNORECASE,
)


def sizes(text: str) -> list[tuple[str, float]]:
    """(dimension, amount in cm, ml, g or square metres) of every size written in a text: "20寸" -> ("length", 50.8)."""
    found = []
    for number, unit in _SIZE.findall(text):
        dimension, factor = UNITS[unit.lower()]
        found.append((dimension, float(number) * factor))
    return found


def wanted_size(value: Mapping[str, Any]) -> tuple[str, float, float] | None:
    """{"min","max","unit"} -> (dimension, lowest, highest) in base units, 2% wide; None for an unknown unit."""
    unit = UNITS.get(str(value.get("unit", "")).lower())
    if unit is None:
        return None
    lo, hi = value.get("min"), value.get("max")
    low = -np.inf if lo is None else float(lo) * unit[1] * 0.98
    return unit[0], float(low), float(np.inf if hi is None else float(hi) * unit[1] * 1.02)
