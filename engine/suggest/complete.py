"""Which suggestions complete what is typed? The whole, else its last words; then what is near; then as it was meant."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final, Literal, NamedTuple

import numpy as np

from engine.ports import Index
from engine.suggest.find import Match, begin, nearly
from engine.suggest.keys import covered, squeezed
from engine.suggest.keys import typed as plain
from engine.suggest.table import TYPES, Source, Table, standing
from engine.types import KINDS, Kind
from engine.understand.fold import fold
from engine.understand.lexicon import load
from engine.understand.sounds import data, is_han
from engine.understand.spelling import mend

#: Fewer completions of the whole, and its last words are looked at.
FEW: Final = 3
#: A further suggestion of a type is worth so much of the one before; one in the other language; one of a mended query.
REPEATED, OTHER_LANGUAGE, MEANT = 0.9, 0.6, 0.7
#: Candidates that are compared for a page.
POOL: Final = 64
#: One for the last words: a word, a name.
TAIL: Final = (0.95, 0.75)
_NAME: Final = TYPES.index("name")
_EDGE: Final = re.compile(r"[\s,。、;!?:()|/·]")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`highlight`: the stretches of `text` that were typed. `id`: of the item, or of the lexicon's entry."""

    text: str
    type: str
    score: float
    highlight: tuple[tuple[int, int], ...]
    id: str | None = None
    kind: Kind | None = None


class _Candidate(NamedTuple):
    """`head`: what was typed before the words that are completed."""

    score: float
    source: Source
    match: Match
    head: str

    @property
    def type(self) -> int:
        return int(self.source.table.type[self.match.entry])

    @property
    def text(self) -> str:
        text: str = self.source.table.texts[self.match.entry]
        return text


def suggest(
    index: Index,
    tenant: str,
    query: str,
    limit: int,
    lang: Literal["zh", "en"] | None = None,
    more: Sequence[Source] = (),
) -> list[Suggestion]:
    """Completions of what is typed, from an index and `more` sources beside it. Raises UnknownTenant."""
    ends = (name.end for name in index.names.find(fold(query).text))
    return complete([*index.completions(tenant), *more], query, limit, lang, ends)


def complete(
    sources: Sequence[Source], query: str, limit: int, lang: Literal["zh", "en"] | None = None, ends: Iterable[int] = ()
) -> list[Suggestion]:
    """At most `limit` suggestions, best first; the same for the same arguments.

    `lang`: prefer texts of a language. `ends`: where names of the index end in the folded query.
    """
    found = _completed(sources, query, begin, ends) or _completed(sources, query, nearly, ())
    if not found:
        meant = mend(query, fold(query), ())[0].text
        found = [c._replace(score=c.score * MEANT) for c in _completed(sources, meant, begin, ())]
    return _chosen(found, limit, lang)


def _completed(
    sources: Sequence[Source], query: str, look: Callable[[Table, str], list[Match]], ends: Iterable[int]
) -> list[_Candidate]:
    """Completions of the whole; when these are few, of the longest last words that have any, the rest kept."""
    found = _candidates(sources, query, "", look)
    if len(found) >= FEW:
        return found
    folded = fold(query)
    for start in _starts(folded.text, ends):
        cut = folded.origin[start]
        if more := _candidates(sources, query[cut:], query[:cut], look):
            return found + more
    return found


def _candidates(
    sources: Sequence[Source], tail: str, head: str, look: Callable[[Table, str], list[Match]]
) -> list[_Candidate]:
    wanted = plain(tail)
    if not wanted.strip():
        return []
    out: list[_Candidate] = []
    for source in sources:
        table, found = source.table, look(source.table, wanted)
        at = np.array([match.entry for match in found], np.int64)
        shares = np.where(table.type[at] == _NAME, *TAIL[::-1]) if head else np.ones(len(at))
        worth = np.array([match.quality for match in found]) * standing(table.weight[at]) * shares
        out += [_Candidate(score, source, match, head) for score, match in zip(worth.tolist(), found, strict=True)]
    return out


def _starts(text: str, ends: Iterable[int]) -> list[int]:
    """Where a last word may begin: after a space, a known word or a small one; never inside a word."""
    small = data()["han"]["plain"]
    whole = {m.end for m in load().scan(text)}.union(ends)

    def begins(at: int) -> bool:
        before, after = text[at - 1], text[at]
        if is_han(before) != is_han(after) or _EDGE.match(before):
            return not _EDGE.match(after)
        return is_han(after) and (at in whole or before in small)

    return [at for at in range(1, len(text)) if begins(at)]


def _chosen(found: list[_Candidate], limit: int, lang: str | None) -> list[Suggestion]:
    """The best by score and language; each text and each thing once; types mixed. The order of entries breaks ties."""
    if lang is not None:
        found = [c._replace(score=c.score * _liking(c.text, lang)) for c in found]
    pool = nsmallest(POOL, enumerate(found), key=lambda each: (-each[1].score, each[0]))
    ranked = [candidate for _, candidate in pool]
    out: list[Suggestion] = []
    seen: set[str] = set()
    worth = [1.0] * len(TYPES)
    while ranked and len(out) < limit:
        best = max(ranked, key=lambda c: c.score * worth[c.type])
        ranked.remove(best)
        same = {squeezed(fold(best.text).text), best.source.table.groups[best.match.entry]} - {""}
        shown = None if same & seen or _said(best) else _shown(best, best.score * worth[best.type])
        if shown is not None:
            seen |= same
            worth[best.type] *= REPEATED
            out.append(shown)
    return out


def _said(candidate: _Candidate) -> bool:
    """Does it say again what stands before it?"""
    head = fold(candidate.head).text
    return bool(head) and any(word in head for word in fold(candidate.text).text.split())


def _liking(text: str, lang: str | None) -> float:
    return 1.0 if lang is None or any(map(is_han, text)) == (lang == "zh") else OTHER_LANGUAGE


def _shown(candidate: _Candidate, score: float) -> Suggestion | None:
    """As it is shown; None when every item that bears the text is gone."""
    table, entry = candidate.source.table, candidate.match.entry
    kind = KINDS[table.kind[entry]] if table.kind[entry] >= 0 else None
    item = None
    if kind is not None:
        item = candidate.source.alive(kind, table.row[table.first[entry] : table.first[entry + 1]].tolist())
        if item is None:
            return None
    name = TYPES[table.type[entry]]
    head = candidate.head
    folded = fold(candidate.text)
    start, end = folded.span(*covered(folded.text, candidate.match.form, candidate.match.wanted))
    spans = [(0, len(head)), (len(head) + start, len(head) + end)]
    return Suggestion(
        head + candidate.text, name, round(score, 4), tuple((a, b) for a, b in spans if a < b),
        item if name == "name" else table.groups[entry] or None, kind if name == "name" else None,
    )  # fmt: skip
