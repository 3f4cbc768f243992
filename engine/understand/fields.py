"""Which field does an amount belong to: rating, ticket, price for a person or a night, length of a visit?"""

import re

from engine.understand.patterns import gated
from engine.understand.phrases import named, patterns, table
from engine.understand.quantity import Quantity

FILE = "measures.toml"
_CLAUSE = gated(r"[,。;!?]")
_AFTER = gated(rf" ?[的得]?(?:{named(table(FILE)['field_after'])})")
_FIELDS = patterns(FILE, "field")
_REACH = 28  # characters before an amount in which the name of its field may stand


def field_of(text: str, q: Quantity) -> str | None:
    """The words right behind the amount tell, else the nearest before it in its clause; None when none does."""
    if _AFTER.lives(text) and (after := _AFTER.match(text, q.end) or _AFTER.search(text, q.numeral + 1, q.end)):
        return after.lastgroup
    if not _FIELDS.lives(text):
        return None
    window = clause_before(text, q.start, _REACH)
    last = None
    for match in _FIELDS.finditer(window):
        last = match
    return last.lastgroup if last and not re.search(r"\d", window[last.end() :]) else None


def clause_before(text: str, end: int, reach: int) -> str:
    """What stands between the last comma and `end`, at most `reach` characters of it."""
    return _CLAUSE.split(text[max(0, end - reach) : end])[-1]


def clause_of(text: str, q: Quantity) -> str:
    """The clause around an amount."""
    return clause_before(text, q.start, len(text)) + _CLAUSE.split(text[q.start :])[0]
