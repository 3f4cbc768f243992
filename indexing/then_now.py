"""What was, and what is now? A sentence that sets an earlier time or version against the present one, cut in two.

"旧版能保温一天, 新款半天就凉" -> what held once, what holds today. The cues are data: doubt.toml.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from indexing.doubt import cue

_CLAUSE: Final = re.compile(r"[,。!?;:()]|—+|\s-\s|但是?(?=[^是])|\b(?:but|until|whereas|while)\b|\.(?!\d)")


class Change(NamedTuple):
    """`then`, `now`: texts, the cues of the first taken out."""

    then: str
    now: str


def change(folded: str) -> Change | None:
    """A folded sentence as then and now; None where it speaks of one time, or sets nothing against what was."""
    if not cue("now").search(folded) or cue("still").search(folded):
        return None
    if not cue("then").search(folded) and not cue("turning").search(folded):
        return None
    clauses = [clause for clause in _clauses(folded) if clause.strip()]
    now = [bool(cue("now").search(clause)) for clause in clauses]
    then = [bool(cue("then").search(clause)) for clause in clauses]
    for at, clause in enumerate(clauses[1:]):
        then[at] |= bool(cue("turning").match(clause)) and bool(cue("past").search(clauses[at]))
    now = [new and not old for new, old in zip(now, then, strict=True)]
    if not any(then) or not any(now):
        return None
    before = [False, *then[:-1]]  # what follows a clause of then, with no time of its own, still tells of then
    today = [c for c, old, new, after in zip(clauses, then, now, before, strict=True) if new or not (old or after)]
    was = [cue("then").sub(" ", c).strip() for at, c in enumerate(clauses) if then[at]]
    text = ",".join(today)
    return Change(",".join(was), text) if cue("opposed").search(text) else None


def _clauses(folded: str) -> Iterator[str]:
    begin = 0
    for mark in _CLAUSE.finditer(folded):
        yield folded[begin : mark.start()]
        begin = mark.end() if len(mark.group().strip()) <= 1 else mark.start()
    yield folded[begin:]
