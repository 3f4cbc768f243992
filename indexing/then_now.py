"""What was, and what is now? A sentence that sets an earlier time or version against the present one, cut in two.

"旧版能保温一天, 新款半天就凉" -> what held once, what holds today. The cues are data: doubt.toml.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from indexing.doubt import cue

_CLAUSE: Final = re.compile(r"[,。!?;:()]|—+|\s-\s|但是?(?=[^是])|\b(?:but|until|whereas|while)\b|\.(?!\d)")


class Change(NamedTuple):
    """`then`, `now`: texts, the cues of the first taken out; what today does with what was."""

    then: str
    now: str
    opposed: bool  # today denies it
    restored: bool  # what was not so, is so today
    bettered: bool  # it is there as it was, and more so

    @property
    def decided(self) -> bool:
        """Do its words tell what became of what was?"""
        return self.opposed or self.restored or self.bettered


def change(folded: str) -> Change | None:
    """A folded sentence as then and now; None where it speaks of one time, or all is as it was."""
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
    return _compared(",".join(was), ",".join(today))


def _compared(then: str, now: str) -> Change:
    restored, bettered = bool(cue("restored").search(now)), bool(cue("bettered").search(now))
    return Change(then, now, bool(cue("opposed").search(now)) and not bettered, restored, bettered)


def returned(folded: str) -> tuple[str, bool] | None:
    """The clause of a folded sentence that tells that something is back, or still there after all, and whether it names
    nothing, so that it speaks of what was named before; None: there is none."""
    if not cue("back").search(folded) or cue("never_back").search(folded):
        return None
    clause = next((clause for clause in _clauses(folded) if cue("back").search(clause)), None)
    return (clause, bool(cue("unnamed").search(clause))) if clause else None


def _clauses(folded: str) -> Iterator[str]:
    begin = 0
    for mark in _CLAUSE.finditer(folded):
        yield folded[begin : mark.start()]
        begin = mark.end() if len(mark.group().strip()) <= 1 else mark.start()
    yield folded[begin:]
