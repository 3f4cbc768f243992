"""Is a batch of items fit to be written, and what is there already?"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.errors import BadQuery
from engine.ports import Index
from engine.types import Kind
from indexing.validate import check


def all_different(ids: Sequence[str]) -> None:
    """Raises BadQuery, naming the item whose id another of the batch has."""
    seen: set[str] = set()
    for number, item_id in enumerate(ids):
        if item_id in seen:
            raise BadQuery(f"items.{number}.item.id", f"{item_id!r:.80} comes twice in this batch")
        seen.add(item_id)


def checked(number: int, kind: Kind, item: Mapping[str, Any]) -> dict[str, Any]:
    """An item of a batch as it is kept; raises BadQuery, naming its place and field."""
    try:
        return check(kind, item)
    except BadQuery as error:
        raise BadQuery(f"items.{number}.item.{error.field}", error.reason) from None


def published(index: Index, tenant: str, item_id: str) -> tuple[Kind | None, Mapping[str, Any] | None]:
    """The kind and the item as the index has it; Nones when it has not."""
    place = index.locate(tenant, item_id)
    if place is None:
        return None, None
    kind, row = place
    return kind, index.items(tenant, kind, np.array([row], np.int64))[0]
