"""What can be suggested from a segment? Its items' names, the lexicon's words, and how people go on from there."""

import math
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from engine.suggest.table import NOTHING, Entry, Table
from engine.types import KINDS, Kind
from engine.understand.entries import SHADOW
from engine.understand.gazetteer import city
from engine.understand.lexicon import load as lexicon
from engine.understand.sounds import is_han
from indexing.arrays import save, stored
from indexing.own_names import bare_name

Row = Mapping[str, Any]

#: Bearers of a text that are kept, to know whether any of them is alive.
BEARERS: Final = 1000
#: Categories that get endings, and pairs of city and category; both by how many items they have, and at least so many.
CATEGORIES, PAIRS, LEAST = 80, 400, 2
#: How popular a type is at its rarest, and how far its commonest text stands above.
_RANGE: Final = {"name": (0.25, 0.5), "brand": (0.4, 0.4), "dish": (0.3, 0.4), "place": (0.45, 0.45)}
_TYPE: Final = {"category": "category", "cuisine": "category", "brand": "brand"}
_PLACES: Final = ("province", "city", "district", "area")


def entries(rows: Mapping[Kind, Sequence[Row]]) -> list[Entry]:
    """Names, brands, dishes and districts of the items; row numbers are those of `rows`."""
    bearers: defaultdict[tuple[str, str, int], list[int]] = defaultdict(list)
    fame: Counter[tuple[str, str, int]] = Counter()
    for number, kind in enumerate(KINDS):
        for at, row in enumerate(rows[kind] if kind != "note" else ()):
            for text, name in _texts(kind, row):
                key = (text, name, number)
                bearers[key].append(at)
                fame[key] += 1 + int(row.get("rating_count") or 0) * (name == "name")
    most: Counter[str] = Counter()
    for (_, name, _), count in fame.items():
        most[name] = max(most[name], count)
    return [
        Entry(text, name, _weight(name, fame[text, name, number], most[name]), "", number, tuple(found[:BEARERS]))
        for (text, name, number), found in sorted(bearers.items())
    ]


def _texts(kind: str, row: Row) -> set[tuple[str, str]]:
    """(text, type) of all that an item brings."""
    if kind == "product":
        found = {(str(row["title"]), "name")}
    else:
        names = (str(row["name"]), bare_name(str(row["name"])), *map(str, row.get("aliases") or ()))
        found = {(name, "name") for name in names}
        found |= {(str(dish), "dish") for dish in row.get("dishes") or ()}
        found |= {(str(row[level]), "place") for level in _PLACES if row.get(level)}
    if row.get("brand"):
        found.add((str(row["brand"]), "brand"))
    return {(" ".join(text.split()), name) for text, name in found if len(text.strip()) > 1}


def _weight(name: str, count: int, most: int) -> float:
    low, span = _RANGE[name]
    return low + span * math.log1p(count) / math.log1p(max(most, count, 1))


def vocabulary(rows: Mapping[Kind, Sequence[Row]]) -> list[Entry]:
    """The lexicon's words, categories by how many items they have; and what goes with them here."""
    counts, pairs = _counts(rows)
    return [*_words(counts), *_endings(counts), *_pairs(pairs)]


def _counts(rows: Mapping[Kind, Sequence[Row]]) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Items of each category, those below it included; and of each city and category."""
    words, node = lexicon(), lru_cache(maxsize=10_000)(lexicon().category)
    counts: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for kind in KINDS:
        for row in rows[kind] if kind != "note" else ():
            if row.get("category") and (found := node(str(row["category"]))):
                counts.update((found, *words.ancestors(found)))
                if row.get("city"):
                    pairs[str(row["city"]), found] += 1
    return counts, pairs


def _words(counts: Counter[str]) -> Iterable[Entry]:
    most = max(counts.values(), default=1)
    for entry in lexicon().entries.values():
        if entry.slot == SHADOW:
            continue
        weight = 0.55 + 0.4 * math.log1p(counts[entry.id]) / math.log1p(most) if entry.slot == "category" else 0.55
        for surfaces in (entry.zh, entry.en):
            for place, surface in enumerate(surfaces):
                yield Entry(surface, _TYPE.get(entry.slot, "attribute"), weight - 0.02 * min(place, 8), entry.id)


def _endings(counts: Counter[str]) -> Iterable[Entry]:
    words, endings = lexicon(), _templates()
    for name, count in counts.most_common(CATEGORIES):
        entry, root = words.entries[name], (name, *words.ancestors(name))[-1]
        if count < LEAST or name == root:
            continue
        for place, (zh, en) in enumerate(endings.get(root, ())):
            weight = 0.5 - 0.02 * place
            yield from (Entry(f"{surface} {zh}", "query", weight) for surface in entry.zh[:2])
            yield from (Entry(f"{surface} {en}", "query", weight) for surface in entry.en[:2])


def _pairs(pairs: Counter[tuple[str, str]]) -> Iterable[Entry]:
    most = max(pairs.values(), default=1)
    for (where, name), count in sorted(pairs.items(), key=lambda p: (-p[1], p[0]))[:PAIRS]:
        if count < LEAST:
            continue
        known, entry, weight = city(where), lexicon().entries[name], 0.3 + 0.3 * math.log1p(count) / math.log1p(most)
        zh = known.zh.removesuffix("市") if known else where
        if all(map(is_han, zh)):
            yield from (Entry(zh + surface, "query", weight) for surface in entry.zh[:2])
        if known and entry.en:
            yield Entry(f"{entry.en[0]} in {known.en}", "query", weight)


@lru_cache(maxsize=1)
def _templates() -> dict[str, list[list[str]]]:
    found: dict[str, dict[str, list[list[str]]]] = tomllib.loads(
        (files(__package__) / "templates.toml").read_text(encoding="utf-8")
    )
    return found["ending"]


def write(rows: Mapping[Kind, Sequence[Row]], folder: Path) -> None:
    """The table of a segment, as <folder>/suggest/*.npy."""
    save(Table.of([*entries(rows), *vocabulary(rows)]).arrays(), folder / "suggest")


def read(folder: Path) -> Table:
    """The table that was written, memory-mapped; one without entries for a segment of an older release."""
    home = folder / "suggest"
    if not home.is_dir():
        return NOTHING
    return Table.from_arrays(stored(home))
