"""Which texts does a mapping know how to read (`as = ...`)? Each reader takes a value or raises ValueError."""

import re
from collections.abc import Callable
from typing import Any, Final

from indexing.sources.hours_zh import hours_zh

_NUMBER: Final = re.compile(r"[-+]?\d+(?:,\d{3})*(?:\.\d+)?")
_SPAN: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(分钟|小时|天|minutes?|min|hours?|h|days?|d)(?![a-z])")
_MINUTES: Final = {"分": 1, "m": 1, "小": 60, "h": 60, "天": 1440, "d": 1440}


def as_text(value: Any) -> str:
    """Any JSON value as text: 3.0 is "3", true is "yes" (as OSM says it), a list is "a; b"."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(as_text(each) for each in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.strip() if isinstance(value, str) else str(value)


def number(value: Any) -> float:
    """The only number in a text ("1,299 元"), or a number as it is."""
    found = numbers(value)
    if len(found) != 1:
        raise ValueError(f"must hold one number, is {value!r:.60}")
    return found[0]


def numbers(value: Any) -> list[float]:
    """All numbers in a text; a hyphen between digits is no sign."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [float(value)]
    text = re.sub(r"(?<=\d)\s*[-–—~～至到]\s*(?=\d)", " ", as_text(value))
    return [float(each.replace(",", "")) for each in _NUMBER.findall(text)]


def middle(value: Any) -> float:
    """The middle of a price range ("30-40 元" -> 35), or its one number."""
    found = numbers(value)
    if not 1 <= len(found) <= 2:
        raise ValueError(f"must hold one number or a range, is {value!r:.60}")
    return sum(found) / len(found)


def minutes(value: Any) -> list[float]:
    """ "1.5小时 - 2小时" -> [90, 120]; "3天" -> [4320, 4320]: a day counts as 24 hours."""
    found = [float(amount) * _MINUTES[unit[0]] for amount, unit in _SPAN.findall(as_text(value))]
    if not 1 <= len(found) <= 2:
        raise ValueError(f"must be a length of time or a range of two, is {value!r:.60}")
    return [min(found), max(found)]


def lower_words(value: Any) -> Any:
    """Identifiers as OSM writes them: lower case, blanks as underscores."""
    if isinstance(value, list):
        return [lower_words(each) for each in value]
    return re.sub(r"\s+", "_", as_text(value).lower())


def joined(value: Any) -> str:
    """The texts of a list or of a collected map, one a line."""
    texts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return "\n".join(as_text(each) for each in texts)


CONVERTERS: Final[dict[str, Callable[[Any], Any]]] = {
    "number": number,
    "middle": middle,
    "minutes": minutes,
    "hours_zh": hours_zh,
    "lower_words": lower_words,
    "joined": joined,
}
