"""Which queries of others may be suggested? Those of enough different people, and of a kind that tells of nobody."""

import re
from collections.abc import Sequence
from math import log
from typing import Final

from engine.suggest.table import Entry, Source, Table
from engine.understand.fold import fold

#: Characters of a query that is kept.
SHORTEST, LONGEST = 2, 64
#: Addresses, links and long numbers belong to somebody.
_PRIVATE: Final = re.compile(r"@|https?:|www\.|\d(?:[\s-]?\d){5}")


def memorable(text: str) -> str | None:
    """The query as it is kept, folded; None for one that is not."""
    query = " ".join(fold(text).text.split())
    return query if SHORTEST <= len(query) <= LONGEST and not _PRIVATE.search(query) else None


def source(asked: Sequence[tuple[str, int]]) -> Source:
    """(query, how many people asked it) -> what to suggest."""
    most = max((people for _, people in asked), default=1)
    entries = [Entry(query, "query", 0.4 + 0.45 * log(1 + people) / log(1 + most)) for query, people in asked]
    return Source(Table.of(entries), lambda kind, rows: None)
