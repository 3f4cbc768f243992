"""Does it last less long than it did? Two spells of time, or a share of the earlier one, set against each other.

"My old pair went twenty hours, these manage six": nothing is named but how long. What it is that no longer lasts (a
charge, heat, a scent) its kind of product decides (indexing/fitting.toml), unless the sentence names one.
"""

import re
from collections.abc import Sequence
from typing import Final

from engine.understand.numbers import NUMERAL, number
from indexing.doubt import cue

#: Attributes that something lasts long; lists of doubt.toml name what lasts.
LASTING: Final = ("long_battery", "keeps_warm", "waterproof_makeup")
_HOURS: Final = {
    "minute": 1 / 60, "hour": 1, "morning": 5, "afternoon": 5, "evening": 5, "day": 24, "night": 24, "weekend": 60,
    "week": 168, "fortnight": 336, "month": 720, "分钟": 1 / 60, "小时": 1, "个小时": 1, "钟头": 1, "天": 24, "晚": 24,
    "周": 168, "星期": 168, "个星期": 168, "个月": 720,
}  # fmt: skip
#: Without any of these no spell and no share of one is named: most sentences need no closer look.
_HINTS: Final = (
    *_HOURS, "half", "third", "quarter", "fraction", "long", "as fast", "as quick", "as often", "一半", "三分", "耐用",
    "持久", "经用",
)  # fmt: skip
_SPELL: Final = re.compile(
    rf"(?P<half>half an?|半个?)? ?(?P<n>{NUMERAL}|\ban?\b|\ball\b|\bthe whole\b|整)? ?(?:whole |full |straight |整)?"
    rf"(?P<unit>{'|'.join(sorted(_HOURS, key=len, reverse=True))})s?(?![a-z])"
)
_CLAUSE: Final = re.compile(r"[,;:]|\s-+\s|\bbut\b|\band\b(?= (?:now|the new|this|these))|但是?")


def shorter(folded: str) -> tuple[str, ...]:
    """Attributes of which a folded sentence tells that they hold less long than before; the named ones, or all."""
    if not any(hint in folded for hint in _HINTS) or not cue("then").search(folded) or cue("waits").search(folded):
        return ()
    less = (cue("share").search(folded) and cue("lasts").search(folded)) or _spells(folded)
    return (tuple(name for name in LASTING if cue(name).search(folded)) or LASTING) if less else ()


def _spells(folded: str) -> bool:
    """Is the spell of the earlier time the longer one?"""
    clauses = [clause for clause in _CLAUSE.split(folded) if clause.strip()]
    then = [clause for clause in clauses if cue("then").search(clause)]
    was, now = (_longest(part) for part in (then, [clause for clause in clauses if clause not in then]))
    return any(cue("lasts").search(clause) for clause in then) and 0 < now < was


def _longest(clauses: Sequence[str]) -> float:
    """Hours of the longest spell that is named; 0: none is."""
    return max((_length(m) for clause in clauses for m in _SPELL.finditer(clause)), default=0.0)


def _length(m: re.Match[str]) -> float:
    """Hours. "a day", "整天": one."""
    return _HOURS[m["unit"]] * (0.5 if m["half"] else number(m["n"] or "") or 1.0)
