"""Is a batch of items fit to be written?"""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import BadQuery
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
