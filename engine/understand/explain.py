"""Why is a constraint in the parse? The rule or the lexicon's line that made it, in words (rules.toml)."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from engine.types import Constraint


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, str]]:
    data: dict[str, Any] = tomllib.loads((files(__package__) / "rules.toml").read_text(encoding="utf-8"))
    return data


def explain(constraint: Constraint, query: str) -> dict[str, str]:
    """{"zh", "en"}: which words, by which rule; a rule that nobody described is named as it is."""
    rule = constraint.rule
    words = query[constraint.span[0] : constraint.span[1]] if constraint.span else ""
    file, _, name = rule.partition(": ")
    lexicon = file.endswith(".toml")
    said = {}
    for lang, table in _table().items():
        known = max((key for key in table if rule.startswith(key)), key=len, default="")
        form = table["lexicon"] if lexicon else table.get(known, rule or "?")
        said[lang] = form.format(words=words, file=file, id=name)
    return said
