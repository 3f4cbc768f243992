"""Which country is meant as a place? "日本自由行", "hotels in Portugal"; not "日本料理", "made in China"."""

import itertools
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from engine.understand.glossary import COUNTRIES
from engine.understand.lexicon import Mention, canonical
from engine.understand.patterns import Lazy, gated
from engine.understand.phrases import any_of, table
from engine.understand.pieces import Piece, Reading, signs
from engine.understand.scan import Span, Word, longest

_WORDS: Final = table(COUNTRIES)["around"]
_GO_ZH: Final = gated(f"(?:{any_of(_WORDS['go_zh'])})$")
_TRIP_ZH: Final = Lazy(f"的?(?:{any_of(_WORDS['trip_zh'])})")
_GO_EN: Final = gated(rf"\b(?:{'|'.join(_WORDS['go_en'])}) (?:the )?$")
_NOT_EN: Final = Lazy(rf"\b(?:{'|'.join(_WORDS['made_en'])}) (?:in|from) $")
_JOINED: Final = Lazy(r" ?(?:,? ?(?:or|and) |或者?|还是|和|与|跟|、|/|,) ?(?:in |在)?(?:the )?")
_TRIP_EN: Final = Lazy(rf" (?:{'|'.join(_WORDS['trip_en'])})\b")
#: Kinds of places without a nationality of their own: a Thai restaurant may stand anywhere, a hotel of Thailand not.
_STANDING: Final = frozenset({"lodging", "sights", "outdoors"})
#: More characters than a match before or behind a name has.
_REACH: Final = 16
GATE: Final = signs("countries")


class Country(NamedTuple):
    """A country by its ISO 3166 code, and what it is called."""

    code: str
    zh: str
    en: str


@lru_cache(maxsize=1)
def known() -> Mapping[str, Country]:
    """Every name as canonical() writes it -> the country."""
    rows = table(COUNTRIES)["names"]
    return {canonical(name): Country(code, names[0], names[1]) for code, names in rows.items() for name in names}


def code_of(name: str) -> str | None:
    """The code of a country by any of its names; None when none is called so."""
    found = known().get(canonical(name))
    return found.code if found else None


def countries(reading: Reading) -> list[Piece]:
    """place.admin pieces of the countries that the words around them make places, and of those joined to such a one."""
    words = [word for word in longest(reading.words.countries) if not _within(reading, word.start, word.end)]
    meant = [_meant(reading, word.start, word.end) or _beside(reading, word) for word in words]
    for at, (one, other) in enumerate(itertools.pairwise(words)):
        if _JOINED.fullmatch(reading.text, one.end, other.start):
            meant[at] = meant[at + 1] = meant[at] or meant[at + 1]
    return [_piece(word) for word, place in zip(words, meant, strict=True) if place]


def _piece(word: Word) -> Piece:
    country = known()[word.said]
    value, label = {"level": "country", "name": country.zh}, {"zh": country.zh, "en": country.en}
    return Piece(word.start, word.end, "place.admin", "in", value, confidence=0.9, rule="where.country", rank=2,
                 label=label)  # fmt: skip


def _within(reading: Reading, start: int, end: int) -> bool:
    """Is it a part of a longer name ("日本料理", "内蒙古")?"""
    longer: tuple[Span, ...] = (*reading.mentions, *reading.names, *reading.regions)
    return any(m.start <= start and end <= m.end and m.end - m.start > end - start for m in longer)


def _meant(reading: Reading, start: int, end: int) -> bool:
    text = reading.text
    before, behind = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    following = next((m for m in reading.mentions if m.slot == "category" and 0 <= m.start - end <= 3), None)
    if not text[start].isascii():
        return bool(_GO_ZH.search(before) or _TRIP_ZH.match(behind)) or _stands(reading, following)
    if text[start:end] in table(COUNTRIES)["careful"] and start not in reading.capitals:
        return False
    went = _GO_EN.search(before) and not _NOT_EN.search(before)
    return bool(went or _TRIP_EN.match(behind)) or _stands(reading, following)


def _beside(reading: Reading, word: Word) -> bool:
    """Is one of its cities named with it ("日本东京", "Tokyo, Japan")?"""
    code = known()[word.said].code
    hits = [hit for hit in reading.sure if hit.region.country == code]
    return any(hit.start - word.end in (0, 1) or word.start - hit.end in (0, 1, 2) for hit in hits)


def _stands(reading: Reading, kind: Mention | None) -> bool:
    return kind is not None and not _STANDING.isdisjoint((kind.id, *reading.lexicon.ancestors(kind.id)))
