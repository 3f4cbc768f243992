"""Which places on a page are open at this moment? Each by its own clock; None where nobody knows, or it is no place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np

from engine.ports import Index
from engine.trace import Trace
from engine.types import Constraint, Results, Verdict

_KNOWN: Final = {Verdict.MET: True, Verdict.LIKELY: True, Verdict.CONTRADICTED: False}
#: Opening hours are kept by the quarter hour.
QUARTER: Final = 15
#: Places of which it is kept for a quarter of an hour whether they are open.
MOST: Final = 4096
Kept: TypeAlias = tuple[datetime, dict[int, bool | None]]
#: Of each index the last quarter that was asked for, and what its rows were then: people are shown the same few.
_lately: Final[WeakKeyDictionary[Index, Kept]] = WeakKeyDictionary()


def open_now(results: Results, now: datetime) -> Sequence[bool | None]:
    """One for each hit. `now`: aware."""
    trace = results.trace
    if not isinstance(trace, Trace) or len(trace.page) != len(results.hits):
        return [None] * len(results.hits)
    found: list[bool | None] = [None] * len(results.hits)
    for kind, places, rows in trace.candidates.by_kind(trace.page):
        if kind == "poi":
            at = dict(zip(places, _of_rows(trace.view.index, trace.query.tenant, rows.tolist(), now), strict=True))
            found = [at.get(position) for position in trace.page.tolist()]
    return found


def _of_rows(index: Index, tenant: str, rows: list[int], now: datetime) -> list[bool | None]:
    quarter = now.replace(minute=now.minute // QUARTER * QUARTER, second=0, microsecond=0)
    last = _lately.get(index)
    if last is None or last[0] != quarter or len(last[1]) > MOST:
        last = _lately[index] = (quarter, {})
    if missing := [row for row in rows if row not in last[1]]:
        asked = Constraint("time.open", "open_at", "now", assume={"at": quarter.isoformat()})
        verdicts = index.judge(tenant, "poi", asked, np.array(missing, np.int64)).verdict.tolist()
        last[1].update({row: _KNOWN.get(Verdict(v)) for row, v in zip(missing, verdicts, strict=True)})
    return [last[1][row] for row in rows]
