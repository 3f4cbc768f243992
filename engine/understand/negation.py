"""Is a named word affirmed, denied, doubted, asked, wished for or over? One reading for queries and notes."""

import re
from typing import NamedTuple

from engine.understand import cues
from engine.understand.patterns import Lazy


class Polarity(NamedTuple):
    """How the text around a span takes it.

    sign -1: denied, or it was there and is no more (then `ended`). question: no statement at all (asked, unknown, or
    "we came without the kids"). The sign of a wish is that of the thing wished for.
    """

    sign: int = 1
    hedge: bool = False
    question: bool = False
    ended: bool = False
    wish: bool = False


def scope(folded: str, start: int, end: int, lang: str = "mixed") -> Polarity:
    """The polarity of [start, end) of a folded text (engine.understand.fold), both languages read unless lang is "en".

    The sign is that of the context alone: a word that itself denies ("吵") multiplies it by its own.
    """
    left, right = _around(folded, start, end)
    near_left, near_right = _clause(left, last=True), _clause(right, last=False)
    blank = cues.FALSE.sub(lambda m: "~" * len(m.group()), near_left)
    denied = _denied(blank, right, lang) or bool(cues.PROMISED.search(near_left) and cues.MISSED.match(right))
    past = bool(cues.BEFORE.search(blank))
    if past and cues.FREE.match(right):
        return Polarity()
    if past and denied and "no longer" not in blank and cues.NOW.match(right):
        return Polarity()
    ended = (
        past
        or bool(cues.ENDED.match(near_right) or cues.LATER.match(right))
        or (denied and bool(cues.ANYMORE.match(right)))
    )
    alone = near_left.endswith("没") and folded.startswith("带", start)  # "没带娃": who came, not who may come
    question = alone or bool(cues.ASKS.search(near_left) or cues.ASKED.match(right)) or _asks(folded, end)
    return Polarity(
        -1 if denied or ended else 1,
        bool(cues.HEDGE.search(near_left) or cues.HEDGE.match(right.lstrip(" ,")) or _lone_hedge(left)),
        question,
        ended,
        bool(cues.WISH.search(near_left) or cues.WISHED.match(right)),
    )


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """The rest of the sentence to the left and to the right, 120 characters at most each."""
    left = text[max(0, start - 120) : start]
    right = text[end : end + 120]
    begun, stopped = _last(cues.STOP, left), cues.STOP.search(right)
    return left[begun[1] :] if begun else left, right[: stopped.start()] if stopped else right


def _clause(text: str, *, last: bool) -> str:
    if last:
        comma = _last(cues.COMMA, text)
        return text[comma[1] :] if comma else text
    first = cues.COMMA.search(text)
    return text[: first.start()] if first else text


def _denied(left: str, right: str, lang: str) -> bool:
    if cues.AFTER.match(right) and not cues.ASKED.match(right):
        return not _closest(left, lang)
    if cues.EXCEPT.search(left):
        return not cues.BESIDES.match(right)
    return _closest(left, lang)


def _closest(left: str, lang: str) -> bool:
    """Does a negation reach the end of the clause's left part?"""
    if lang != "en" and (hit := _last(cues.NO_ZH, left)):
        between = left[hit[1] :]
        reach = 14 if hit[0] == "不像" else 8
        if len(between) <= reach and (hit[0] == "不像" or not cues.BREAK_ZH.search(between)):
            return True
        if "、" in between and not re.search(r"、[^、]{0,3}有", between):
            return True
    if hit := _last(cues.NO_EN, left):
        between = left[hit[1] :]
        listed = bool(re.search(r"\b(?:or|nor|and)\b", between))
        return len(between.split()) <= (8 if listed else 4) and not cues.BREAK_EN.search(between)
    return False


def _last(pattern: Lazy, text: str) -> tuple[str, int] | None:
    found = None
    for match in pattern.finditer(text):
        found = (match.group(), match.end())
    return found


def _asks(text: str, end: int) -> bool:
    stopped = cues.STOP.search(text, end)
    return bool(stopped and stopped.group() == "?")


def _lone_hedge(left: str) -> bool:
    """ "听说, 有草坪": the clause before is nothing but the hedge."""
    parts = left.rstrip().rsplit(",", 2)
    return len(parts) > 1 and len(parts[-2]) <= 16 and bool(cues.HEDGE.match(parts[-2].strip()))
