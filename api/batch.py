"""Is a batch of items fit to be written, and what is there already?"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from api.render import attested
from engine.errors import BadQuery, UnknownItem
from engine.panels.brief import name_of
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


def evidence(index: Index, tenant: str, item_id: str, lang: str) -> dict[str, Any]:
    """All that is known of an item's attributes, and how many notes speak of it. Raises UnknownItem."""
    place = index.locate(tenant, item_id)
    if place is None:
        raise UnknownItem(f"no item '{item_id}'; it may have been deleted")
    kind, row = place
    rows = np.array([row], np.int64)
    item = index.items(tenant, kind, rows)[0]
    return {
        "id": item_id,
        "kind": kind,
        "name": name_of(item),
        **({"trust": item.get("trust"), "trust_why": item.get("trust_why")} if kind == "note" else {}),
        "notes": int(np.nan_to_num(index.column(tenant, kind, "note_count", rows)[0])),
        "attributes": [attested(a) for a in index.dossier(tenant, kind, row, lang)],
    }
