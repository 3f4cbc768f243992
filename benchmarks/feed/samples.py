"""The bundled sample: its items, and what its people did with them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from benchmarks.feed.cases import Deed
from engine.types import Kind
from indexing.sample import files

COUNTS: Final = frozenset({"impressions", "clicks", "likes", "saves", "comments", "shares"})


def deeds() -> list[Deed]:
    """All logged events, impressions too."""
    with files.logged().open(encoding="utf-8") as lines:
        return [
            Deed(row["user_id"], row["object_id"], row["action"], int(datetime.fromisoformat(row["at"]).timestamp()))
            for row in map(json.loads, lines)
        ]


def rows() -> Mapping[Kind, Sequence[Mapping[str, Any]]]:
    """The items, without the counts of what people did with them: those may be of later."""
    return {
        kind: [{name: value for name, value in row.items() if name not in COUNTS} for row in found]
        for kind, found in files.load_tables().items()
    }
