"""Did they mean a name that the index knows? Asked when a word of the query is unknown and finds next to nothing."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from rapidfuzz.distance import OSA

from engine.ports import Index
from engine.suggest.find import ONE_SLIP, TWO_SLIPS, begin, nearly
from engine.suggest.keys import BYTES, SPOKEN, WORD, keys, later, squeezed
from engine.suggest.table import TYPES, Source
from engine.types import KINDS, Correction, Intent, Meant
from engine.understand.fold import fold
from engine.understand.misspelt import vocabulary
from engine.understand.sounds import is_han, syllables

#: A word that so many items hold is no slip.
LITTLE: Final = 3
#: Characters of a Han name that is written with others of the same sound; words that may make up one name.
HAN, WORDS = 3, 4


_LATIN: Final = re.compile(r"[a-z]+")
_HAN: Final = re.compile(rf"[\u3400-\u9fff]{{{HAN},}}")
Span: TypeAlias = tuple[int, int]


def meant(index: Index, tenant: str, intent: Intent) -> Meant | None:
    """The query with unknown words put right, or None. The search itself is not changed."""
    query, folded = intent.query, fold(intent.query)
    read = {place for c in intent.corrections for place in range(*c.span)}
    changed: list[Correction] = []
    for start, end in _unknown(folded.text, [(n.start, n.end) for n in index.names.find(folded.text)]):
        said, span = folded.text[start:end], folded.span(start, end)
        if changed and span[0] < changed[-1].span[1]:
            continue
        known = _nearest(index.completions(tenant), said, exact=bool(read.intersection(range(*span))))
        if known and fold(known).text not in folded.text and (is_han(said[0]) or _rare(index, tenant, said)):
            span = folded.span(start, end + _more(folded.text[end:], fold(known).text))
            changed.append(Correction(query[slice(*span)], known, span))
    if not changed:
        return None
    text, at = "", 0
    for correction in changed:
        text += query[at : correction.span[0]] + correction.read
        at = correction.span[1]
    return Meant(text + query[at:], tuple(changed))


def _unknown(text: str, names: Sequence[Span]) -> list[Span]:
    """Stretches of Han, and of up to WORDS Latin words with one that nobody knows; by start, the longest first."""
    words = [m.span() for m in _LATIN.finditer(text) if not _inside(m.span(), names)]
    runs = [
        (words[first][0], words[last - 1][1])
        for first in range(len(words))
        for last in range(first + 1, min(len(words), first + WORDS) + 1)
        if any(_strange(text[a:b]) for a, b in words[first:last])
        and all(not text[a[1] : b[0]].strip() for a, b in pairwise(words[first:last]))
    ]
    runs += [m.span() for m in _HAN.finditer(text) if not _inside(m.span(), names)]
    return sorted(runs, key=lambda run: (run[0], -run[1]))


def _inside(span: Span, others: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)


def _more(rest: str, known: str) -> int:
    """How many characters after an unknown word are the end of the name already."""
    return next((1 + len(known[at:]) for at in later(known) if rest.startswith(" " + known[at:])), 0)


def _strange(word: str) -> bool:
    return len(word) >= ONE_SLIP and not vocabulary().known(word)


def _nearest(sources: Sequence[Source], said: str, *, exact: bool) -> str | None:
    """The living text that is spelt or sounds like `said`, as a whole; the nearest, then the most popular.

    `exact`: the parser has read the words already, so only a name that sounds just so is better.
    """
    chinese = all(map(is_han, said))
    wanted = "".join(syllables(said)) if chinese else squeezed(said)
    best: tuple[int, float, str] | None = None
    for source in sources:
        table = source.table
        for match in (*begin(table, wanted), *(() if chinese or exact else nearly(table, wanted))):
            text = table.texts[match.entry]
            slips = _slips(wanted, text, chinese=chinese)
            if slips > (0 if exact else 2) or (chinese and len(text) != len(said)):
                continue
            if _offered(source, match.entry, names=exact):
                found = (slips, -float(table.weight[match.entry]), text)
                best = min(best, found) if best else found
    return best[2] if best else None


def _slips(wanted: str, text: str, *, chinese: bool) -> int:
    """Edits between the letters and a key of the text; 9 when they are too many for so few letters."""
    least = 9
    for key, form in keys(text):
        if form == SPOKEN or (form <= WORD and not chinese):
            shortest = (ONE_SLIP, TWO_SLIPS) if form <= WORD else (TWO_SLIPS, BYTES)
            edits = int(OSA.distance(wanted, squeezed(key), score_cutoff=2))
            if edits == 0 or (edits <= 2 and not chinese and len(wanted) >= shortest[edits - 1]):
                least = min(least, edits)
    return least


def _offered(source: Source, entry: int, *, names: bool) -> bool:
    """May it be asked for: a name of something that is alive?"""
    table, name = source.table, TYPES[source.table.type[entry]]
    if name not in (("name",) if names else ("name", "brand", "dish", "place", "category")):
        return False
    rows = table.row[table.first[entry] : table.first[entry + 1]].tolist()
    return table.kind[entry] < 0 or source.alive(KINDS[table.kind[entry]], rows) is not None


def _rare(index: Index, tenant: str, said: str) -> bool:
    """Do hardly any items hold the words?"""
    return sum(len(index.lexical(tenant, kind, said, None, LITTLE, exact=True).rows) for kind in KINDS) < LITTLE
