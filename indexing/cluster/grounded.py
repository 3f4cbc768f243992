"""Where are the places that a constraint names, when they may be in any shard?"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from engine.types import Constraint
from indexing.grounding import MOST, ground
from indexing.snapshot import Snapshot


def grounded(shards: Sequence[Snapshot], constraint: Constraint) -> Constraint:
    """With "points" of what any shard knows by these names (indexing/grounding.py); any other constraint as it was."""
    value = constraint.value
    if not isinstance(value, Mapping) or "points" in value:
        return constraint
    if constraint.slot == "place.named":
        return replace(constraint, value={**value, "points": _points(shards, constraint)[:MOST]})
    if constraint.slot == "place.relative":
        each = (replace(constraint, value={**value, "anchors": [anchor]}) for anchor in value.get("anchors") or ())
        firsts = [found[0] for one in each if (found := _points(shards, one))]
        return replace(constraint, value={**value, "points": firsts})
    return constraint


def _points(shards: Sequence[Snapshot], constraint: Constraint) -> list[Any]:
    """Of all shards, each once."""
    return list(dict.fromkeys(p for shard in shards for p in ground(shard, constraint).value["points"]))
