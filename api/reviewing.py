"""How do decisions on what people may see reach what they see? Between the doors and the tables of moderation."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from api.batch import published
from api.views import Views
from engine.types import KINDS, Kind
from indexing.moderation import Moderation
from indexing.safety import ContentJudge, built_in, text_of
from indexing.validate import check

_BATCH: Final = 1000


def decided(views: Views, tenant: str, item_id: str, what: str, who: str, why: str) -> dict[str, Any]:
    """Carry out a decision, and show it to the next search. Raises UnknownItem."""
    kept = moderation(views)
    if what == "keep":
        kept.keep(tenant, item_id, who, why)
        return {"decision": what, "changed": False}
    if what == "unblock":
        changed = kept.unblock(tenant, item_id, who, why)
    else:
        changed = kept.block(tenant, item_id, held(views, tenant, item_id), who, why)
    views.show(tenant)
    return {"decision": what, "changed": changed}


def moderation(views: Views) -> Moderation:
    """The tables of moderation of these views' store."""
    return Moderation(views.layout.store, views.clock)


def held(views: Views, tenant: str, item_id: str) -> tuple[Kind, dict[str, Any]] | None:
    """The item as people see it now."""
    kind, item = published(views.now(tenant).index, tenant, item_id)
    return None if kind is None or item is None else (kind, check(kind, item))


def screen(
    views: Views, tenant: str, items: Sequence[tuple[Kind, Mapping[str, Any]]], judge: ContentJudge | None = None
) -> int:
    """Let the content judge (default: the rules) look at what is written; -> how many it put into the queue."""
    flags = (judge or built_in()).judge([text_of(kind, item) for kind, item in items])
    found = [(str(item.get("id")), flag) for (_, item), flag in zip(items, flags, strict=True)]
    moderation(views).flag(tenant, found)
    return sum(flag is not None for flag in flags)


def scan(views: Views, tenant: str) -> int:
    """Look at everything that is served now; -> how many items are flagged."""
    return sum(screen(views, tenant, items) for items in _served(views, tenant))


def _served(views: Views, tenant: str) -> Iterator[list[tuple[Kind, Mapping[str, Any]]]]:
    index = views.now(tenant).index
    for kind in KINDS:
        rows = np.flatnonzero(index.allowed(tenant, kind, []))
        for start in range(0, len(rows), _BATCH):
            yield [(kind, item) for item in index.items(tenant, kind, rows[start : start + _BATCH])]
