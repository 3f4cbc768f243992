"""Which texts does a student learn from? What people asked, what items are called, and questions made of both.

Nothing here is judged: queries are those that many people asked (the store's popular ones), names and words of the
index's own items, surfaces of the lexicon, and combinations drawn from a seed. A text that can be said in the other
language brings its twin, so that both are taught to lie in one place.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from engine.language import main_language
from engine.types import KINDS, Kind
from engine.understand.entries import SHADOW, Entry
from engine.understand.fold import fold
from engine.understand.gazetteer import city
from engine.understand.lexicon import Lexicon
from indexing.centre import parallel_questions
from indexing.items import TITLE

Row = Mapping[str, Any]

#: Characters of a lesson: queries are short.
LONGEST: Final = 48
_SENTENCE: Final = re.compile(r"[^。！？!?；;，,\n]+")
_LISTS: Final = ("dishes", "cuisines", "tags", "topics", "aliases")
_PLACES: Final = ("city", "district", "area")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text as queries reach an encoder (folded), and the same in the other language where it is known."""

    text: str
    twin: str | None = None

    @property
    def lang(self) -> str:
        """zh or en: by which mean it is centred."""
        return main_language(self.text)


def lessons(
    rows: Mapping[Kind, Sequence[Row]], asked: Sequence[str], lexicon: Lexicon, count: int, seed: int
) -> list[Lesson]:
    """About `count` lessons, each text once, the same for the same input: every query that was asked and every word
    of the lexicon; then, a third each, names, pieces of what is written about items, and made questions."""
    rng = np.random.default_rng(seed)
    sure = [Lesson(text) for text in asked] + list(_words(lexicon))
    share = max(0, count - len(sure)) // 3
    names = _drawn(sorted(set(_names(rows))), share, rng)
    written = _written(rows, share, rng)
    drawn = [*map(Lesson, names), *map(Lesson, written)]
    make, pairs = Maker(rows, lexicon, rng), max(0, count - len(sure) - len(drawn)) // 2
    return _unique([*sure, *drawn, *(lesson for _ in range(pairs) for lesson in make())])


def _unique(found: Iterable[Lesson]) -> list[Lesson]:
    """Folded, cut, each text once; the first that has a twin wins."""
    out: dict[str, Lesson] = {}
    for lesson in found:
        text = _plain(lesson.text)
        twin = _plain(lesson.twin) if lesson.twin else None
        if text and (text not in out or (twin and out[text].twin is None)):
            out[text] = Lesson(text, twin or None)
    return list(out.values())


def _plain(text: str) -> str:
    return " ".join(fold(text).text.split())[:LONGEST].strip()


def _drawn(texts: Sequence[str], count: int, rng: np.random.Generator) -> list[str]:
    return [texts[at] for at in sorted(rng.permutation(len(texts))[:count].tolist())]


def _words(lexicon: Lexicon) -> Iterator[Lesson]:
    """Every surface of the lexicon with the other language's first one, and built-in questions in both languages."""
    for zh, en in parallel_questions():
        yield from (Lesson(zh, en), Lesson(en, zh))
    for entry in lexicon.entries.values():
        if entry.slot != SHADOW:
            yield from (Lesson(word, next(iter(entry.en), None)) for word in entry.zh)
            yield from (Lesson(word, next(iter(entry.zh), None)) for word in entry.en)


def _names(rows: Mapping[Kind, Sequence[Row]]) -> Iterator[str]:
    """What items are called, and single values that they carry."""
    for kind in KINDS:
        for row in rows.get(kind, ()):
            yield str(row[TITLE[kind]])
            yield from (str(row[name]) for name in ("brand", "category", *_PLACES) if row.get(name))
            yield from (str(value) for name in _LISTS for value in row.get(name) or ())


def _written(rows: Mapping[Kind, Sequence[Row]], count: int, rng: np.random.Generator) -> list[str]:
    """Clauses of bodies, and runs of words out of titles: how things are said that no list knows."""
    bodies = [row for kind in KINDS for row in rows.get(kind, ())]
    out: list[str] = []
    for at in rng.integers(0, len(bodies), count).tolist() if bodies else ():
        row = bodies[at]
        clauses = _SENTENCE.findall(str(row.get("body") or "")) or [str(row.get("title") or row.get("name"))]
        words = clauses[int(rng.integers(len(clauses)))].split()
        start, long = int(rng.integers(max(1, len(words) - 1))), 2 + int(rng.integers(5))
        out.append(" ".join(words[start : start + long]))
    return out


class Maker:
    """Draws questions: a place, a category, a brand or dish, and some attributes, in both languages at once."""

    def __init__(self, rows: Mapping[Kind, Sequence[Row]], lexicon: Lexicon, rng: np.random.Generator) -> None:
        self._lexicon, self._rng = lexicon, rng
        self._rows = [(kind, row) for kind in KINDS for row in rows.get(kind, ())]
        self._wishes = {kind: [e for e in lexicon.attributes.values() if kind in e.kinds] for kind in KINDS}

    def __call__(self) -> tuple[Lesson, Lesson]:
        """The same question twice: Chinese, English."""
        kind, row = self._rows[int(self._rng.integers(len(self._rows)))] if self._rows else ("poi", {})
        parts = list(self._parts(kind, row))
        order = self._rng.permutation(len(parts)).tolist()
        zh, en = (" ".join(parts[at][side] for at in order) for side in (0, 1))
        return Lesson(zh, en), Lesson(en, zh)

    def _parts(self, kind: Kind, row: Row) -> Iterator[tuple[str, str]]:
        rng = self._rng
        if row.get("city") and rng.random() < 0.3:
            region = city(str(row["city"]))
            yield (region.zh, region.en) if region is not None else (str(row["city"]),) * 2
        own = [str(v) for name in ("brand", "dishes", "district") for v in _list(row.get(name))]
        if own and rng.random() < 0.3:
            yield (own[int(rng.integers(len(own)))],) * 2
        wishes = self._wishes[kind]
        for _ in range(int(rng.integers(0, 3))):
            yield self._said(wishes[int(rng.integers(len(wishes)))])
        node = self._lexicon.category(str(row["category"])) if row.get("category") else None
        if node is not None:
            yield self._said(self._lexicon.categories[node])
        elif row.get("category"):
            yield (str(row["category"]),) * 2

    def _said(self, entry: Entry) -> tuple[str, str]:
        """One of its surfaces in each language."""
        zh, en = entry.zh or entry.en, entry.en or entry.zh
        return zh[int(self._rng.integers(len(zh)))], en[int(self._rng.integers(len(en)))]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
