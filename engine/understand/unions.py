"""Which regions does a place.admin value name? One, or several of which any will do ("海淀或朝阳")."""

from collections.abc import Mapping
from typing import Any

#: The key of the further regions: {"level", "name", "or": [{"level", "name"}, ..]}.
OR = "or"


def each(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The regions one by one, each as a value of its own; the first is the one that was named first."""
    others = value.get(OR)
    return [value] if not others else [{k: v for k, v in value.items() if k != OR}, *others]


def joined(regions: list[Mapping[str, Any]]) -> dict[str, Any]:
    """One value for several regions: each() the other way round."""
    first, *others = regions
    return {**first, OR: others} if others else dict(first)
