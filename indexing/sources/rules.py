"""How is one field made from a source row? The steps of a mapping rule (documented in indexing/sources/mapping.py)."""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

import msgspec

from indexing.checks import clean
from indexing.sources.convert import CONVERTERS, as_text

ORIGINS: Final = ("from_", "value", "template", "concat", "collect")
_SLOT: Final = re.compile(r"\{([^{}]+)\}")


class Rule(msgspec.Struct, forbid_unknown_fields=True, rename={"from_": "from", "as_": "as"}):
    """One [fields.FIELD] table of a mapping file."""

    from_: str | list[str] | None = None
    value: Any = None
    template: str | list[str] | None = None
    concat: list[str] | None = None
    collect: list[str] | None = None
    strip: str = ""
    regex: str | None = None
    split: str | None = None
    map: dict[str, Any] | None = None
    only: bool = False
    as_: str | None = None
    scale: float | None = None
    lenient: bool = False


def lookup(source: Mapping[str, Any], path: str) -> Any:
    """A field by its name, or else by a dotted path into objects; None when it is not there."""
    if path in source:
        return source[path]
    value: Any = source
    for part in path.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value


def origin(rule: Rule, source: Mapping[str, Any]) -> Any:
    """The value a rule starts from; None when the row does not have it."""
    if rule.from_ is not None:
        paths = [rule.from_] if isinstance(rule.from_, str) else rule.from_
        found = (lookup(source, path) for path in paths)
        return next((value for value in found if value not in (None, "")), None)
    if rule.template is not None:
        templates = [rule.template] if isinstance(rule.template, str) else rule.template
        return next((text for each in templates if (text := _filled(each, source))), None)
    if rule.concat is not None:
        values = [lookup(source, path) for path in rule.concat]
        lists = [value if isinstance(value, list) else [value] for value in values if value not in (None, "")]
        return [each for several in lists for each in several]
    if rule.collect is not None:
        return _collected(rule.collect, rule.strip, source)
    return rule.value


def _collected(patterns: list[str], strip: str, source: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in source.items():
        if value in (None, "", []) or name.startswith("@") or not any(fnmatchcase(name, each) for each in patterns):
            continue
        short = re.sub(f"^(?:{strip})", "", name) if strip else name
        found[name if short in found or not short else short] = as_text(value)
    return found


def _filled(template: str, source: Mapping[str, Any]) -> str | None:
    """A template with its slots filled; None when one is missing that does not end in "?"."""
    found = {slot: lookup(source, slot.removesuffix("?")) for slot in _SLOT.findall(template)}
    if any(value in (None, "") and not slot.endswith("?") for slot, value in found.items()):
        return None
    return clean(_SLOT.sub(lambda slot: as_text(found[slot[1]] if found[slot[1]] is not None else ""), template))


def transform(rule: Rule, value: Any) -> Any:
    """regex, split, map, as, scale, in this order; None stays None. Raises ValueError with the reason."""
    if rule.regex is not None and value is not None:
        match = re.search(rule.regex, as_text(value))
        value = match[1] if match else None
    if rule.split is not None and value is not None:
        parts = value if isinstance(value, list) else [value]
        value = [piece.strip() for part in parts for piece in re.split(rule.split, as_text(part)) if piece.strip()]
    if rule.map is not None:
        value = _mapped(rule.map, rule.only, value)
    if value is None:
        return None
    if rule.as_ is not None:
        value = CONVERTERS[rule.as_](value)
    return value if rule.scale is None or value is None else round(CONVERTERS["number"](value) * rule.scale, 6)


def _mapped(table: Mapping[str, Any], only: bool, value: Any) -> Any:
    if isinstance(value, list):
        return [each for each in (_mapped(table, only, part) for part in value) if each is not None]
    return None if value is None else table.get(as_text(value), None if only else value)
