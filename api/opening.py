"""Which places on a page are open at this moment? Each by its own clock; None where nobody knows, or it is no place."""

from collections.abc import Sequence
from typing import Final

from engine.trace import Trace
from engine.types import Constraint, Results, Verdict

_KNOWN: Final = {Verdict.MET: True, Verdict.LIKELY: True, Verdict.CONTRADICTED: False}


def open_now(results: Results, now: str) -> Sequence[bool | None]:
    """One for each hit. `now`: an ISO time with an offset."""
    trace = results.trace
    if not isinstance(trace, Trace) or len(trace.page) != len(results.hits):
        return [None] * len(results.hits)
    found: list[bool | None] = [None] * len(results.hits)
    asked = Constraint("time.open", "open_at", "now", assume={"at": now})
    for kind, places, rows in trace.candidates.by_kind(trace.page):
        if kind == "poi":
            verdicts = trace.view.index.judge(trace.query.tenant, kind, asked, rows).verdict
            at = {int(place): _KNOWN.get(Verdict(int(v))) for place, v in zip(places, verdicts, strict=True)}
            found = [at.get(position) for position in trace.page.tolist()]
    return found
