"""For how many people? "四个人", "2大1小", "table for six", "双人", "一家三口"."""

import re
from typing import Final

from engine.understand.fields import FILE
from engine.understand.money import plain
from engine.understand.numbers import number
from engine.understand.patterns import Group, Lazy, gated
from engine.understand.phrases import patterns, table
from engine.understand.pieces import Piece, Reading, signs
from engine.understand.quantity import Quantity

_MOST: Final = 1000
_MOST_UNSAID: Final = 200  # "for 200": more than that is no party without the word
_ADULTS_KIDS: Final = gated(
    r"(?P<a>\d{1,2}|[一二两三四五六七八九十])个?(?:大人?|成人)[,和+ ]?(?P<k>\d{1,2}"
    r"|[一二两三四五六七八九十])个?(?:小(?![时吃])孩?|儿童|孩子|娃)"
    r"|(?P<ea>\d{1,2}|one|two|three|four|five|six) adults?(?:,? and|,|\+)? (?P<ek>\d{1,2}|a|one|two"
    r"|three|four|five) (?:kids?|child(?:ren)?|toddlers?)"
)
_STOPS: Final = Lazy(
    r" ?(?:$|[,。;.!?、)]|(?:in|at|on|with|near|under|and|who|that|please|tonight|tomorrow|this|next"
    r"|from|,)\b|[\u4e00-\u9fff])"
)


_NOT_BEHIND: Final = patterns(FILE, "party", "not_behind")
_BEFORE: Final = patterns(FILE, "party", "before")
_DOUBLE: Final = patterns(FILE, "party", "double")
_FAMILIES: Final = {words: int(count) for words, count in (line.split("=") for line in table(FILE)["party"]["family"])}
_FAMILY: Final = gated("|".join(map(re.escape, _FAMILIES)))
_COUNTED: Final = Group(_ADULTS_KIDS, _FAMILY, _DOUBLE)
GATE: Final = signs("audience") | _COUNTED.mask


def people(reading: Reading, q: Quantity) -> Piece | None:
    """A count of people asks for room for them; without the word only where a table or a party is spoken of."""
    text = reading.text
    if q.low % 1 or q.low < 2 or q.high > _MOST or _NOT_BEHIND.match(text, q.end):
        return None
    start = q.start
    if q.dimension == "":
        before = _spoken_for(reading, q)
        if before is None:
            return None
        start = before
    rank = 1 if q.low == 2 else 0  # 两个人 is a couple as well
    return Piece(start, q.end, "party_size", "gte", plain(q.low), rule="measures.party", confidence=0.9, rank=rank)


def _spoken_for(reading: Reading, q: Quantity) -> int | None:
    """Where "for" (or its like) begins before a bare number of people; None when nothing says that it is one."""
    text = reading.text
    if q.op not in ("eq", "between") or q.high > _MOST_UNSAID or not _STOPS.match(text, q.end):
        return None
    if not _BEFORE.search(text, max(0, q.numeral - 26), q.numeral):
        return None
    start = q.start - 4 if text.endswith("for ", 0, q.start) else q.start
    return q.start if any(m.start <= start < m.end for m in reading.mentions) else start  # "booking for" is taken


def head_counts(reading: Reading) -> list[Piece]:
    """Counts that are words of their own: adults with children, a family of so many, 双人."""
    text = reading.text
    pieces = [
        Piece(m.start, m.end, "party_size", "gte", 2, "soft", rule="measures.couple", confidence=0.8, rank=1)
        for m in reading.mentions
        if m.id == "couple" and not m.surface.endswith("friends")
    ]
    if not _COUNTED.lives(text):
        return pieces
    for m in _ADULTS_KIDS.finditer(text):
        adults, kids = number(m["a"] or m["ea"]), 1.0 if m["ek"] == "a" else number(m["k"] or m["ek"])
        if adults and kids:
            assume = {"adults": plain(adults), "children": plain(kids)}
            pieces.append(_party(m, adults + kids, assume))
            pieces.append(
                Piece(m.start(), m.end(), "audience", "has", "family_with_kids", "soft", rule="measures.party", rank=3)
            )
    for m in _FAMILY.finditer(text):
        pieces.append(_party(m, _FAMILIES[m[0]], None))
        pieces.append(
            Piece(m.start(), m.end(), "audience", "has", "family_with_kids", "soft", rule="measures.party", rank=3)
        )
    return pieces + [_party(m, 2, None, rank=1) for m in _DOUBLE.finditer(text)]


def _party(m: re.Match[str], count: float, assume: dict[str, float | int] | None, rank: int = 3) -> Piece:
    return Piece(
        m.start(),
        m.end(),
        "party_size",
        "gte",
        plain(count),
        assume=assume,
        rule="measures.party",
        confidence=0.9,
        rank=rank,
    )
