"""Which items does a sentence call by name? Full, without the branch, by alias, brand and branch; or nearly so."""

import re
from array import array
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, takewhile
from typing import Any, Final

import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz, process

from engine.types import Kind
from engine.understand.fold import fold
from engine.understand.gazetteer import gazetteer
from engine.understand.glossary import sure_regions
from engine.understand.lexicon import canonical, load
from engine.understand.scan import Scanner, Target, longest
from indexing.own_names import own_names

#: Confidence in a name: the full one, a shortened one that is unique in its city, one spelt a little differently.
FULL, SHORT, FUZZY = 0.95, 0.8, 0.7
#: The likeness (0..100) that a marked phrase needs; the most things that one name may mean, and its sizes and colours.
LIKENESS, MOST, VARIANTS = 86, 3, 60

_BRANCH: Final = re.compile(r"[((【\[]([^))】\]]*)[))】\]]\s*$|[·\-|]\s*([^·\-|]*店)\s*$")
#: Phrases that a note marks as a name: after a pin or @, in corner or angle brackets, after "坐标" or "店名".
MARKED: Final = re.compile(
    r"(?:📍|@|店名[::]?|打卡了?)\s*([^\s,。!?;、#@:]{3,24})|[「『《【]([^」』》】]{2,24})[」』》】]"
)
#: Words between the capitals of a name, and how many words make one.
_JOINING: Final = frozenset({"&", "to", "of", "and", "the", "in", "for", "on", "with"})
_PROPER: Final = 3
_SENTENCES: Final = 65_536  # whose names are kept: people write the same short ones again and again
_LEAST: Final = {True: 4, False: 2}  # characters that a name needs: Latin, Han

Hit = tuple[list[int], float, str]  # rows meant (none when too many fit), confidence, how


class _Near:
    """Which names are spelt nearly like a phrase? Those alone are compared that share enough pairs of neighbours."""

    def __init__(self, forms: Sequence[str]) -> None:
        self._forms = forms
        holders: dict[str, array[int]] = defaultdict(lambda: array("i"))
        for number, form in enumerate(forms):
            for pair in set(_pairs(form)):
                holders[pair].append(number)
        self._holders = {pair: np.frombuffer(numbers, np.int32) for pair, numbers in holders.items()}

    def best(self, phrase: str, among: Container[int] | None) -> tuple[int, float] | None:
        """The likest of the names `among` (None: all) and its likeness, LIKENESS at least; the first of equals.

        Likeness is fuzz.ratio, so a name of n characters has at most `lost` characters more or less than the phrase
        in common with it, and each of these takes two of the phrase's pairs at most.
        """
        longest = int(len(phrase) * (200 - LIKENESS) / LIKENESS)
        lost = int((len(phrase) + longest) * (100 - LIKENESS) / 100)
        pairs = set(_pairs(phrase))
        held = [self._holders[pair] for pair in pairs if pair in self._holders]
        if not held:
            return None
        numbers, counts = np.unique(np.concatenate(held), return_counts=True)
        close = numbers[counts >= max(1, len(pairs) - 2 * lost)].tolist()
        known = [number for number in close if among is None or number in among]
        forms = [self._forms[number] for number in known]
        found = process.extractOne(phrase, forms, scorer=fuzz.ratio, score_cutoff=LIKENESS)
        return (known[found[2]], found[1]) if found else None


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


class NameBook:
    """The names of all items of one kind, compiled. Immutable."""

    def __init__(self, kind: Kind, table: pa.Table) -> None:
        self._cities = _strings(table, "city")
        self._hints = [
            [h for h in (_plain(v) for v in values) if h]
            for values in zip(*(_strings(table, c) for c in ("district", "area")), strict=True)
        ]
        self._kind = kind
        self._mentioned = lru_cache(maxsize=_SENTENCES)(self._named)
        self._always, self._places = lru_cache(maxsize=None)(self._settled), lru_cache(maxsize=None)(self._by_place)
        forms: dict[str, dict[int, float]] = defaultdict(dict)
        titles = _strings(table, "name" if kind == "poi" else "title")
        aliases = table.column("aliases").to_pylist() if "aliases" in table.column_names else [None] * len(table)
        self._branches = [_branch(_plain(t)) for t in titles]
        self._lines = [line_of(t) if kind == "product" else str(row) for row, t in enumerate(titles)]
        for row, title in enumerate(titles):
            for form, confidence in _forms(kind, title, aliases[row] or ()):
                forms[form][row] = max(confidence, forms[form].get(row, 0.0))
        self._rows = [rows for form, rows in forms.items()]
        self._scanner = Scanner((form, Target(str(i), "name")) for i, form in enumerate(forms)) if forms else None
        self._by_city: dict[str, set[int]] = defaultdict(set)
        for i, rows in enumerate(self._rows):
            for city in {_city(self._cities[row]) for row in rows}:
                self._by_city[city].add(i)
        self._near = _Near(list(forms))
        self._likest = lru_cache(maxsize=_SENTENCES)(self._likest_in)

    def find(self, sentence: str, city: str | None, note: str) -> Iterator[Hit]:
        """Folded sentence, city and folded text of its note -> the items it names."""
        if self._scanner is None:
            return
        mentions = self._mentioned(sentence)
        for name in mentions:
            yield self._always(name) or self._meant(name, 1.0, city, note, "name")
        if not mentions:
            yield from self._fuzzy(sentence, city, note)

    def _named(self, sentence: str) -> list[int]:
        """The numbers of the names in a sentence."""
        return [int(m.id) for m in longest(self._scanner.scan(sentence))] if self._scanner else []

    def _fuzzy(self, sentence: str, city: str | None, note: str) -> Iterator[Hit]:
        for marked in MARKED.finditer(sentence):
            best = self._likest(canonical(marked.group(1) or marked.group(2)), _city(city or ""))
            if best:
                yield self._meant(best[0], FUZZY * best[1] / 100, city, note, "fuzzy")

    def _likest_in(self, phrase: str, city: str) -> tuple[int, float] | None:
        return self._near.best(phrase, self._by_city.get(city))

    def _settled(self, name: int) -> Hit | None:
        """What the name of a product means in whatever note; None where its branch, or a place, may tell."""
        if self._kind != "product" or any(self._branches[row] for row in self._rows[name]):
            return None
        return self._meant(name, 1.0, None, "", "name")

    def _meant(self, name: int, share: float, city: str | None, note: str, how: str) -> Hit:
        """Of the items of one name, those that the note can mean: by city, then branch, then district or area.

        `share`: how much of its confidence a name has that is spelt a little differently; 1 for one that is not.
        """
        fit, rows = self._in_city(name, city, note), self._rows[name]
        for narrow in (self._branch_named, self._hint_named):
            if len(fit) > 1:
                fit = [r for r in fit if narrow(r, note)] or fit
        things = len({self._lines[r] for r in fit})  # sizes and colours of one product are one thing
        if things > MOST or len(fit) > VARIANTS:
            return [], 0.0, how
        surest = max((share if how == "fuzzy" else rows[r] for r in fit), default=0.0)
        return fit, surest / things if fit else 0.0, how

    def _in_city(self, name: int, city: str | None, note: str) -> list[int]:
        if self._kind == "product":
            return list(self._rows[name])
        wanted = {_city(city)} if city else _cities_of(note)
        if not wanted:
            return list(self._rows[name])
        places = self._places(name)
        return sorted(row for each in {"", *wanted} for row in places.get(each, ()))

    def _by_place(self, name: int) -> dict[str, list[int]]:
        """The rows of a name by their city: a chain has thousands, a city few of them."""
        places: dict[str, list[int]] = defaultdict(list)
        for row in self._rows[name]:
            places[_city(self._cities[row])].append(row)
        return places

    def _branch_named(self, row: int, note: str) -> bool:
        branch = self._branches[row].removesuffix("店")
        return len(branch) > 1 and branch in note

    def _hint_named(self, row: int, note: str) -> bool:
        return any(hint in note or hint.removesuffix("区") in note for hint in self._hints[row])


def _forms(kind: Kind, title: str, aliases: Iterable[str]) -> Iterator[tuple[str, float]]:
    """The folded spellings of a name with their confidence; words of the lexicon ("草坪", "cafe") name nothing."""
    full = canonical(title)
    short = canonical(_BRANCH.sub("", _plain(title)))
    glued = (short + (_branch(_plain(title)) or "")).strip()
    lines = ((form, SHORT) for form in (*_line(full), *_proper(title))) if kind == "product" else ()
    names = ((full, FULL), (glued, FULL), (short, SHORT), *((canonical(a), FULL) for a in aliases), *lines)
    surest: dict[str, float] = {}
    for form, confidence in names:
        surest[form] = max(confidence, surest.get(form, 0.0))
    for form, confidence in surest.items():
        if len(form) >= _LEAST[form.isascii()] and load().normalise(None, form) is None:
            yield form, confidence


def called(item: Mapping[str, Any]) -> set[str]:
    """All that notes may call an item (a row of places or products): its own names, and a product's short ones."""
    title = str(item.get("title") or "")
    return {*own_names(item), *(form for form, _ in _forms("product", title, ()) if title)}


def _line(title: str) -> Iterator[str]:
    """What people call a product whose title goes on: brand and noun, without colours, sizes and selling points.

    "极泊 磁吸充电宝 白 5000mAh" -> "极泊磁吸充电宝"; "Hop Compact Stroller Sand 7 kg" -> "hop compact stroller".
    """
    words = title.split()
    if len(words) > 1 and not title[0].isascii():
        yield words[0] + words[1]
    nouns = [m.end for m in load().mentions(title) if m.slot == "category"]
    head = title[: nouns[0]] if nouns else ""
    if len(head.split()) > 1 and head != title:
        yield head if title[0].isascii() else head.replace(" ", "")


def line_of(title: str) -> str:
    """What all sizes and colours of a product are called; the title itself when it has no shorter form."""
    return min(chain(_proper(title), _line(canonical(title))), key=len, default=canonical(title))


def _proper(title: str) -> Iterator[str]:
    """What stands in capitals at the head of a Latin title: "Tarnfell Squall Shell Men 2.5 layer" -> "... Shell".

    Figures, lower-case words, and colours or people at the end are of the variant.
    """
    words = title.split()
    if not title[:1].isascii() or not title[:1].isalpha():
        return
    kept = list(takewhile(lambda w: w[0].isupper() or w.lower() in _JOINING, words))
    while kept and (kept[-1].lower() in _JOINING or _variant(kept[-1])):
        kept.pop()
    if len(kept) >= _PROPER and len(kept) < len(words):
        yield canonical(" ".join(kept))


@lru_cache(maxsize=4096)
def _variant(word: str) -> bool:
    """Is a word a colour, a material, or whom a thing is for?"""
    return any(m.slot in ("audience", "attr.style", "attr.material") for m in load().mentions(_plain(word)))


def _branch(name: str) -> str:
    found = _BRANCH.search(name)
    return (found.group(1) or found.group(2) or "").strip() if found else ""


@lru_cache(maxsize=65536)
def _plain(text: str) -> str:
    return fold(text).text


@lru_cache(maxsize=4096)
def _city(name: str) -> str:
    known = gazetteer().city(name) if name else None
    return known.zh if known else _plain(name)


@lru_cache(maxsize=1024)
def _cities_of(note: str) -> frozenset[str]:
    return frozenset(f.region.zh for f in sure_regions(note) if f.region.level == "city")


def _strings(table: pa.Table, column: str) -> list[str]:
    if column not in table.column_names:
        return [""] * len(table)
    return [v or "" for v in table.column(column).to_pylist()]
