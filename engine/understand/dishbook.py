"""Which of the index's own dishes does an English phrase mean? "steamed spare ribs in black bean sauce" -> 豉汁蒸排骨.

A Chinese name is cut into parts (menu.py), a phrase into the renderings of parts; a dish is meant when the two agree:
the harmonic mean of the share of the name that is said and of the share of the phrase that is used.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import msgspec
import numpy as np

from engine.types import F32
from engine.understand.fold import fold
from engine.understand.menu import LINKS, Menu, Part, menu, renderings, words
from engine.understand.patterns import gated
from engine.understand.pinyin import readings
from engine.understand.scan import Forms, spelled

Keys: TypeAlias = tuple[tuple[str, int], ...]

#: Agreement from which a phrase is taken to name a dish.
AGREES: Final = 0.74
#: Agreement from which no two dishes are looked for in its place.
_SURE: Final = 0.95
#: Dishes that are compared word by word, of those that share most with the phrase.
_COMPARED: Final = 24
#: Words of a phrase that are looked at together.
_MOST_WORDS: Final = 9
_BREAK: Final = gated(r"[^a-z0-9' \-&]+")
_HAN: Final = gated(r"[㐀-鿿]")
#: Words between which one dish may end and the next begin.
_AND: Final = frozenset({"and", "or", "with", "plus"})
#: How much less a rarer rendering, and a rarer dish, is believed: only breaks ties.
_RANK: Final = 0.004
_RARE: Final = 0.04


@dataclass(frozen=True, slots=True)
class Dish:
    """One way to cut a dish's name into parts."""

    name: str
    parts: tuple[Part, ...]
    letters: str  # the unknown part in Latin letters
    total: float
    weight: float  # how common it is in the index, (0, 1]


class Meant(msgspec.Struct, frozen=True, gc=False):
    """A dish read in a text at [start, end)."""

    start: int
    end: int
    name: str
    agreement: float


class DishBook:
    """The dishes of an index, searchable by English words. Immutable; about 1 kB a dish."""

    def __init__(self, dishes: Iterable[tuple[str, float]]) -> None:
        self._menu: Menu = menu()
        self._dishes = [way for name, weight in dishes for way in _ways(name, weight, self._menu)]
        self._totals: F32 = np.array([dish.total for dish in self._dishes], np.float32)
        postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, dish in enumerate(self._dishes):
            for part in dish.parts:
                if part.known:
                    postings[part.key].append((row, part.weight))
            if dish.letters:
                postings[dish.letters].append((row, dish.total - sum(p.weight for p in dish.parts if p.known)))
        #: Words that every phrase for one of the dishes holds one of.
        english = self._menu.english.items()
        self._telling = {max(spelt, key=_says) for spelt, keys in english if any(k in postings for k, _ in keys)}
        self._telling.update(postings)
        latin = [word for word in sorted(self._telling) if word.isascii()]
        self._hints = Forms(dict.fromkeys(form for word in latin for form in spelled(word)))
        self._postings: dict[str, tuple[Any, F32]] = {
            key: (np.array([r for r, _ in rows]), np.array([w for _, w in rows], np.float32))
            for key, rows in postings.items()
        }

    def __len__(self) -> int:
        return len(self._dishes)

    def find(self, folded: str) -> list[Meant]:
        """The dishes that an English text names, in order, none overlapping."""
        found: list[Meant] = []
        if not self._dishes or not (self._hints.find(folded) or "'" in folded):
            return found
        place = 0
        for pause in [*_BREAK.finditer(folded), None]:
            end = pause.start() if pause else len(folded)
            if end - place > 2:
                found += self._in_run(folded[place:end], place)
            place = pause.end() if pause else end
        return found

    def _in_run(self, text: str, offset: int) -> Iterator[Meant]:
        tokens = words(text)
        stems = [stem for stem, _, _ in tokens]
        if self._telling.isdisjoint(stems):
            return
        spans = list(renderings(stems, self._menu))
        spans += [(i, i + 1, ((stem, 0),)) for i, stem in enumerate(stems) if len(stem) > 2 and stem in self._postings]
        for first, last in _clusters(spans, stems) if spans else ():
            for a, b, dish, agreement in self._best(stems, spans, first, last):
                yield Meant(offset + tokens[a][1], offset + tokens[b - 1][2], dish.name, agreement)

    def _best(
        self, stems: Sequence[str], spans: Sequence[tuple[int, int, Keys]], first: int, last: int
    ) -> list[tuple[int, int, Dish, float]]:
        """The dishes of a run of words: one for all of it, or those of its halves around "and" or "with"."""
        inside = [s for s in spans if first <= s[0] and s[1] <= last]
        if not inside:
            return []
        whole = self._match(stems, inside, first, last) if last - first <= _MOST_WORDS else None
        best = [(first, last, *whole)] if whole and whole[1] >= AGREES else []
        if best and best[0][3] >= _SURE:
            return best
        for at in range(first + 1, last - 1):
            if stems[at] in _AND:
                parts = [*self._best(stems, spans, first, at), *self._best(stems, spans, at + 1, last)]
                if parts and (not best or (len(parts) > 1 and _mean(parts) > _mean(best))):
                    best = parts
        return best

    def _match(
        self, stems: Sequence[str], spans: Sequence[tuple[int, int, Keys]], first: int, last: int
    ) -> tuple[Dish, float] | None:
        shared = np.zeros(len(self._dishes), np.float32)
        keys = {key for _, _, found in spans for key, _ in found if key in self._postings}
        for key in keys:
            rows, weights = self._postings[key]
            shared[rows] += weights
        ratio = shared / self._totals
        rows = np.flatnonzero(ratio >= AGREES / 2)
        if len(rows) > _COMPARED:
            rows = rows[np.argpartition(-(ratio[rows] * shared[rows]), _COMPARED)[:_COMPARED]]
        said = [i for i in range(first, last) if stems[i] not in LINKS]
        scored = [(self._agreement(self._dishes[r], spans, said), r) for r in rows.tolist()]
        if not scored or not said:
            return None
        best, row = max(scored, key=lambda pair: (pair[0] + _RARE * self._dishes[pair[1]].weight, -pair[1]))
        return self._dishes[row], best

    def _agreement(self, dish: Dish, spans: Sequence[tuple[int, int, Keys]], said: Sequence[int]) -> float:
        """Each part takes the longest rendering of it that no other part has taken."""
        wanted = {p.key: p.weight for p in dish.parts if p.known}
        if dish.letters:
            wanted[dish.letters] = sum(p.weight for p in dish.parts if not p.known)
        ways = [(s, e, key, rank) for s, e, keys in spans for key, rank in keys if key in wanted]
        ways.sort(key=lambda way: (way[0] - way[1], way[3], -wanted[way[2]]))
        used: set[int] = set()
        kept, less = 0.0, 0.0
        for start, end, key, rank in ways:
            if key in wanted and not used.intersection(range(start, end)):
                used.update(range(start, end))
                kept += wanted.pop(key)
                less += _RANK * rank
        for start, end, _, _ in ways:  # what is said twice ("braised .. in brown sauce") is not said in vain
            used.update(range(start, end))
        covered = sum(i in used for i in said)
        if not covered:
            return 0.0
        name, phrase = kept / dish.total, covered / len(said)
        return 2 * name * phrase / (name + phrase) - less


def _says(word: str) -> tuple[bool, int]:
    """How much the word of a rendering tells: "in black bean sauce" is not looked for where only "in" stands."""
    return word not in LINKS, len(word)


def _mean(found: Sequence[tuple[int, int, Dish, float]]) -> float:
    return sum(agreement for _, _, _, agreement in found) / len(found)


def _ways(name: str, weight: float, known: Menu) -> Iterator[Dish]:
    """A name as entire dishes and as parts; none when it is not Chinese or means nothing on a menu."""
    plain = fold(name).text
    if not _HAN.search(plain):
        return
    ways = [known.parts(plain, whole=True), known.parts(plain, whole=False)]
    for parts in ways[: 1 if ways[0] == ways[1] else 2]:
        if not any(p.known and known.tables[p.key] != "weak" for p in parts):
            continue
        unknown = "".join(p.key for p in parts if not p.known)
        letters = "".join(readings().read(unknown)) if _HAN.search(unknown) else unknown
        yield Dish(name, tuple(parts), letters, sum(p.weight for p in parts), weight)


def _clusters(spans: Sequence[tuple[int, int, Keys]], stems: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs of words that renderings cover, small words between them included."""
    covered = [False] * len(stems)
    for first, last, _ in spans:
        covered[first:last] = [True] * (last - first)
    start: int | None = None
    end = 0
    for at, stem in enumerate(stems):
        if covered[at] and stem not in LINKS:
            start = at if start is None else start
            end = at + 1
        elif start is not None and stem not in LINKS and stem not in _AND:
            yield start, end
            start = None
    if start is not None:
        yield start, end
