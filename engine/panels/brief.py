"""By what is an item known in few words? Its id, its kind and what it is called."""

from collections.abc import Mapping
from typing import Any

from engine.types import Kind


def name_of(item: Mapping[str, Any]) -> Any:
    """A place's name, else the title."""
    return item.get("name") or item.get("title")


def brief(kind: Kind, item: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON values."""
    return {"id": item["id"], "kind": kind, "name": name_of(item)}
