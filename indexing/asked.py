"""Which questions do people ask, and which go wrong? Of the live store's `asked`, what may be told to an operator.

A question leaves the table only when at least PEOPLE different people asked it; one that went wrong, only when it did
for so many.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from indexing.places import Place
from indexing.store import KEPT, PEOPLE
from indexing.store_schema import read
from indexing.tenants import check_tenant

#: So many of each list.
MOST: Final = 50
_LISTED: Final = (
    "SELECT query, count(*) AS people, group_concat(gave_way, ',') FROM asked WHERE tenant = ? AND at >= ? AND {0} "
    "GROUP BY query HAVING count(*) >= ? ORDER BY people DESC, query LIMIT ?"
)
#: List -> which rows of `asked` belong to it: what the newest asking of each person came to.
_WHICH: Final = {"top": "1 = 1", "nothing": "found = 0", "relaxed": "gave_way != ''"}


def listed(path: Place, tenant: str, clock: Callable[[], datetime]) -> dict[str, list[dict[str, Any]]]:
    """-> `top`, `nothing` (no item keeps every hard constraint), `relaxed` (the slots that gave way, the commonest
    first): each with how many people, most first."""
    values = (check_tenant(tenant), int((clock() - KEPT).timestamp()), PEOPLE, MOST)
    found = {name: read(path, _LISTED.format(rows), values) for name, rows in _WHICH.items()}
    return {name: [_row(*row, slots=name == "relaxed") for row in rows] for name, rows in found.items()}


def _row(query: str, people: int, gave_way: str, *, slots: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"query": query, "people": people}
    return row | {"slots": [slot for slot, _ in Counter(gave_way.split(",")).most_common()]} if slots else row
