"""Does it last less long than it did? Two spells of time, or a share of the earlier one, set against each other.

"My old pair went twenty hours, these manage six": nothing is named but how long. What it is that no longer lasts (a
charge, heat, a scent) its kind of product decides (indexing/fitting.toml), unless the sentence names one.
"""

import re
from collections.abc import Sequence
from typing import Final

from engine.understand.numbers import NUMERAL, number
from indexing.doubt import changed, cue

#: Attributes that something lasts long; lists of doubt.toml name what lasts.
LASTING: Final = ("long_battery", "keeps_warm", "waterproof_makeup")
_HOURS: Final = {
    "minute": 1 / 60, "hour": 1, "morning": 5, "afternoon": 5, "evening": 5, "day": 24, "night": 24, "weekend": 60,
    "week": 168, "fortnight": 336, "month": 720, "分钟": 1 / 60, "小时": 1, "个小时": 1, "钟头": 1, "天": 24, "晚": 24,
    "周": 168, "星期": 168, "个星期": 168, "个月": 720,
}  # fmt: skip
_SPELL: Final = re.compile(
    rf"(?P<half>half an?|半个?)? ?(?P<n>{NUMERAL}|\ban?\b|\ball\b|\bthe whole\b|整)? ?(?:whole |full |straight |整)?"
    rf"(?P<unit>{'|'.join(sorted(_HOURS, key=len, reverse=True))})s?(?![a-z])"
)
#: A number at the end of a clause, of what was counted before: "ten hours, now six at best".
_BARE: Final = re.compile(
    rf"(?:\b(?:means?|gives?|gets?|does|do|manages?|lasts?|go|goes|reach(?:es)?)\b[^,;:]{{0,12}}?"
    rf"|^\s*(?:and )?(?:now |just |only |barely |hardly |not even |not |maybe |perhaps |does )*)"
    rf"(?P<n>{NUMERAL})(?: at (?:best|most|a push)| now| today)?[\s.!]*$"
)
#: A long spell without a number.
_LONG: Final = re.compile(r"\b(?:for|all|whole) (?:days?|hours|ages|weeks?|night|weekend|month)\b|[天周晚](?!一)")
_CLAUSE: Final = re.compile(
    r"[,;:!?]|\.(?!\d)|\s-+\s|\bbut\b|\band\b(?= (?:now|the new|this|these))"
    r"|\bnow\b(?= (?:it |they )?(?:gives?|gets?|does|do|manages?|lasts?|goes))|但是?"
)


def shorter(folded: str) -> tuple[str, ...]:
    """Attributes of which a folded sentence tells that they hold less long than before; the named ones, or all."""
    if not (changed(folded) or cue("then").search(folded)) or cue("waits").search(folded):
        return ()
    named = tuple(name for name in LASTING if cue(name).search(folded))
    return (named or LASTING) if _is_less(folded, bool(named)) else ()


def _is_less(folded: str, named: bool) -> bool:
    if cue("curtailed").search(folded) or (cue("share").search(folded) and cue("lasts").search(folded)):
        return True
    return _spells(folded) or _ends_early(folded, named)


def _spells(folded: str) -> bool:
    """Is the spell of the earlier time the longer one?"""
    then, others = _times(folded)
    was, now = _longest(then), _longest(others) or _bare(others) * _unit(then)
    return any(cue("lasts").search(clause) for clause in then) and 0 < now < was


def _ends_early(folded: str, named: bool) -> bool:
    """Is it over early now, where it went on for long? Something that lasts is named, or both times say how it went."""
    if not cue("early").search(folded):
        return False
    then, now = _times(folded)
    if not named and not any(cue("lasts").search(clause) and _LONG.search(clause) for clause in then):
        return False
    return any(cue("enduring").search(clause) for clause in then) and any(cue("early").search(clause) for clause in now)


def _times(folded: str) -> tuple[list[str], list[str]]:
    """The clauses of the earlier time, and the others."""
    clauses = [clause for clause in _CLAUSE.split(folded) if clause.strip()]
    then = [clause for clause in clauses if cue("then").search(clause)]
    return then, [clause for clause in clauses if clause not in then]


def _longest(clauses: Sequence[str]) -> float:
    """Hours of the longest spell that is named; 0: none is."""
    return max((_length(m) for clause in clauses for m in _SPELL.finditer(clause)), default=0.0)


def _bare(clauses: Sequence[str]) -> float:
    """The number that stands alone in a clause; 0: there is none."""
    found = (m["n"] for m in map(_BARE.search, clauses) if m)
    return max((number(n) or 0.0 for n in found), default=0.0)


def _unit(clauses: Sequence[str]) -> float:
    """Hours of the unit in which the longest spell is told; 0: none is."""
    return max((_HOURS[m["unit"]] for clause in clauses for m in _SPELL.finditer(clause)), default=0.0)


def _length(m: re.Match[str]) -> float:
    """Hours. "a day", "整天": one."""
    return _HOURS[m["unit"]] * (0.5 if m["half"] else number(m["n"] or "") or 1.0)
