"""Is a value what its field says? One small check per kind of field; a refusal names the field and the reason.

Each check takes (field name, value) and returns the clean JSON value, or raises BadQuery(field, reason).
"""

import math
import re
import sys
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

import opening_hours

from engine.errors import BadQuery

Check: TypeAlias = Callable[[str, Any], Any]


_NEWLINES: Final = re.compile("\r\n?|[\u2028\u2029\u0085]")
_LONGEST_LIST: Final = 1000
_LARGEST: Final = sys.float_info.max
_URL: Final = re.compile(r"https?://\S+|(?!//)[^\s:]+")


@cache
def _invisible() -> re.Pattern[str]:
    """Controls (but tab and newline), format characters (but the emoji joiner), lone surrogates: none is seen.

    Compiled when the first text comes: a server that only answers need not wait for it.
    """
    codes = (*range(0x20000), *range(0xE0000, 0xE0100))
    found = [chr(code) for code in codes if unicodedata.category(chr(code)) in {"Cc", "Cf", "Cs"}]
    return re.compile("[" + "".join(re.escape(one) for one in found if one not in "\t\n\u200d") + "]")


def clean(text: str) -> str:
    """NFC, plain newlines, nothing invisible, no outer space. Full-width forms stay: names are shown as written."""
    if not text.isprintable():  # most texts are: nothing in them is a break or invisible
        text = _invisible().sub("", _NEWLINES.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip()


def text(longest: int) -> Check:
    """A string of at most `longest` characters once cleaned; an empty one counts as missing (None)."""

    def check(field: str, value: Any) -> str | None:
        if not isinstance(value, str):
            raise BadQuery(field, f"must be text, is {_named(value)}")
        if len(value) > 4 * longest:  # before any work is spent on it
            raise BadQuery(field, f"is longer than {longest} characters ({len(value)})")
        done = clean(value)
        if len(done) > longest:
            raise BadQuery(field, f"is longer than {longest} characters ({len(done)})")
        return done or None

    return check


def identifier(field: str, value: Any) -> str:
    """1..200 characters, none invisible, no outer space: kept exactly as given, so that it can be asked for."""
    if not isinstance(value, str):
        raise BadQuery(field, f"must be text, is {_named(value)}")
    if not 1 <= len(value) <= 200:
        raise BadQuery(field, f"must have 1 to 200 characters, has {len(value)}")
    if value != value.strip() or "\n" in value or "\t" in value or _invisible().search(value):
        raise BadQuery(field, "must not hold control characters or outer spaces")
    return value


def number(lowest: float = -math.inf, highest: float = math.inf) -> Check:
    """A finite number within [lowest, highest]."""

    def check(field: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadQuery(field, f"must be a number, is {_named(value)}")
        if not abs(value) <= _LARGEST or not lowest <= value <= highest:
            raise BadQuery(field, f"must be within {_range(lowest, highest)}, is {value!s:.40}")
        return float(value)

    return check


def whole(field: str, value: Any) -> int:
    """A whole number >= 0."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise BadQuery(field, f"must be a whole number from 0 on, is {value!r:.50}")
    return value


def one_of(known: Collection[str]) -> Check:
    """One of a closed list of words."""

    def check(field: str, value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise BadQuery(field, f"must be one of {', '.join(sorted(known))}; is {value!r:.50}")
        return value

    return check


def pattern(expression: str, meaning: str) -> Check:
    """A string that matches the whole expression."""
    compiled = re.compile(expression)

    def check(field: str, value: Any) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise BadQuery(field, f"must be {meaning}, is {value!r:.50}")
        return value

    return check


def listed(item: Check) -> Check:
    """A list of at most 1000 values; empty and repeated ones are left out. None when nothing is left."""

    def check(field: str, value: Any) -> list[Any] | None:
        if not isinstance(value, list | tuple):
            raise BadQuery(field, f"must be a list, is {_named(value)}")
        if len(value) > _LONGEST_LIST:
            raise BadQuery(field, f"has more than {_LONGEST_LIST} values ({len(value)})")
        done = [item(f"{field}[{n}]", each) for n, each in enumerate(value)]
        return list(dict.fromkeys(each for each in done if each is not None)) or None

    return check


def pairs(key: Check, item: Check) -> Check:
    """A map of text to text, at most 1000 entries; empty values are left out."""

    def check(field: str, value: Any) -> dict[str, str] | None:
        if not isinstance(value, Mapping):
            raise BadQuery(field, f"must be an object of texts, is {_named(value)}")
        if len(value) > _LONGEST_LIST:
            raise BadQuery(field, f"has more than {_LONGEST_LIST} entries ({len(value)})")
        done = {key(field, name): item(f"{field}.{name!s:.80}", each) for name, each in value.items()}
        return {name: each for name, each in done.items() if name and each is not None} or None

    return check


def media(field: str, value: Any) -> list[dict[str, str]] | None:
    """A list of {"kind": "image" | "video", "url": ...}."""
    if not isinstance(value, list | tuple) or len(value) > 100:
        raise BadQuery(field, "must be a list of at most 100 objects with kind and url")
    done = []
    for n, each in enumerate(value):
        if not isinstance(each, Mapping) or set(each) != {"kind", "url"}:
            raise BadQuery(f"{field}[{n}]", "must be an object with exactly kind and url")
        kind = one_of({"image", "video"})(f"{field}[{n}].kind", each["kind"])
        done.append({"kind": kind, "url": url(f"{field}[{n}].url", each["url"])})
    return done or None


def url(field: str, value: Any) -> str:
    """http, https, or a relative address: never a scheme that a page would run."""
    if not isinstance(value, str) or len(value) > 2000 or not _URL.fullmatch(value):
        raise BadQuery(field, f"must be an http(s) or relative address, is {value!r:.50}")
    return value


def moment(field: str, value: Any) -> str:
    """ISO 8601 text, or a datetime; without an offset it is taken as UTC. -> "2026-05-01T08:00:00Z"."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise BadQuery(field, f"must be an ISO 8601 time, is {value!r:.50}") from None
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        raise BadQuery(field, f"must be an ISO 8601 time, is {_named(value)}")
    if not 1970 <= value.year <= 2200:
        raise BadQuery(field, f"must lie between 1970 and 2200, is {value.isoformat()}")
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def hours(field: str, value: Any) -> str | None:
    """Opening hours in OSM syntax, as the library opening-hours-py reads them."""
    done: str | None = text(1000)(field, value)
    if done is not None and not opening_hours.validate(done):
        raise BadQuery(field, f"is no OSM opening_hours expression: {done!r:.80}")
    return done


def interval(field: str, value: Any) -> list[float]:
    """[shortest, longest], both >= 0."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise BadQuery(field, "must be a list of two numbers: shortest, longest")
    low, high = (number(0)(field, each) for each in value)
    if low > high:
        raise BadQuery(field, f"must not begin ({low:g}) after it ends ({high:g})")
    return [low, high]


@cache
def _zone_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def zone(field: str, value: Any) -> str:
    """A name of the IANA time zone database."""
    if not isinstance(value, str) or not value or not _zone_known(value):
        raise BadQuery(field, f"must be an IANA time zone such as Asia/Shanghai, is {value!r:.50}")
    return value


def _named(value: Any) -> str:
    return f"{type(value).__name__} {value!r:.40}"


def _range(lowest: float, highest: float) -> str:
    return f"{lowest:g}..{highest:g}" if math.isfinite(highest) else f"{lowest:g} and more"
