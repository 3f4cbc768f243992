"""How do items become columns? The same code for a snapshot's thousands and for one live upsert."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np

from engine.types import Kind
from engine.understand.heads import head, latin_words
from indexing.columns.data import NUMBERS, TAGS, Columns
from indexing.columns.hours import Hours
from indexing.columns.ranges import sizes
from indexing.columns.scales import Row, Scales, price_of
from indexing.columns.values import Tagging, key
from indexing.columns.words import Naming
from indexing.own_names import bare_name

_NO: Final = frozenset({"no", "none", "false", "0", "无", "否", "没有", "不", "不支持"})
_YES: Final = frozenset({"yes", "true", "1", "有", "是", "支持"})
#: What a note takes from the places and products it talks about, where it does not say so itself.
_INHERITED: Final = ("lat", "lon", "city", "district", "area", "province")
_DAY: Final = 86400.0
#: Where a product says in plain words what it is.
_SAID: Final = ("title", "category", "brand", "body")


def build(kind: Kind, rows: Sequence[Row], scales: Scales, naming: Naming, now: datetime) -> Columns:
    """Items (notes already enriched, see `enrich`) -> columns. `now` fixes the reference week of opening hours."""
    authors = Counter(row.get("author_id") for row in rows if row.get("author_id"))
    table, made = np.empty((len(rows), len(NUMBERS))), {name: Tagging() for name in TAGS}
    for at, row in enumerate(rows):
        numbers, said = _numbers(kind, row, scales, authors), _tags(kind, row, naming)
        table[at] = [numbers[name] for name in NUMBERS]
        for name, tagging in made.items():
            tagging.add(said.get(name, ()))
    tags = {name: tagging.done() for name, tagging in made.items()}
    hours = Hours.of([r.get("opening_hours") for r in rows], [r.get("tz") for r in rows], now)
    columns = {name: np.ascontiguousarray(table[:, i]) for i, name in enumerate(NUMBERS)}
    return Columns.of(kind, len(rows), columns, tags, hours)


def enrich(note: Row, parents: Sequence[Row]) -> Row:
    """A note with what it takes from its linked places and products (the first that has it)."""
    given = {n: _first(parents, n) for n in _INHERITED if note.get(n) is None}
    own = {n: v for n, v in note.items() if v is not None}
    lists = {
        "category_path": [c for p in (note, *parents) for c in _categories(p)],
        "cuisines": [c for p in parents for c in p.get("cuisines") or ()],
        "dishes": [d for p in parents for d in p.get("dishes") or ()],
        "aliases": [n for p in parents for n in (p.get("name"), p.get("title"), *(p.get("aliases") or ())) if n],
        "brands": [b for p in parents if (b := brand_of(p))],
    }
    return {**given, **own, **lists}


def _first(parents: Sequence[Row], name: str) -> Any:
    return next((p[name] for p in parents if p.get(name) is not None), None)


def brand_of(row: Row) -> str | None:
    """The brand an item states, or the name before a branch: "星巴克(国贸店)" -> "星巴克"."""
    if row.get("brand"):
        return str(row["brand"])
    name = row.get("name")
    bare = bare_name(name) if name else None
    return bare if bare != name else None


def _numbers(kind: Kind, row: Row, scales: Scales, authors: Mapping[Any, int]) -> dict[str, float]:
    visit = row.get("visit_minutes") or (None, None)
    published = row.get("published_at")
    plain = {n: row.get(n) for n in ("lat", "lon", "rating", "rating_count")}
    found = {
        **plain,
        "price": price_of(row),
        "shortest": visit[0],
        "longest": visit[-1],
        "published": datetime.fromisoformat(published).timestamp() / _DAY if published else None,
        "text_length": len(row.get("body") or ""),
        "image_count": len(row["media"]) if row.get("media") else (1 if row.get("image") else 0),
        "author_note_count": authors.get(row.get("author_id")) if kind == "note" else None,
    }
    numbers = {n: float("nan") if v is None else float(v) for n, v in found.items()}
    numbers["km_from_center"] = scales.km_from_center(row)
    numbers["popularity"] = scales.percentile(kind, row)
    numbers["price_level"] = scales.price_level(row)
    return numbers


def _tags(kind: Kind, row: Row, naming: Naming) -> dict[str, Iterable[str]]:
    has, has_not = _attributes(row, naming)
    names = [row.get("name") or row.get("title") or "", *(row.get("aliases") or ())]
    brands = row.get("brands") or [b for b in (brand_of(row),) if b]
    text = " ".join(str(row.get(n) or "") for n in ("title", "body")) if kind != "poi" else ""
    plain = ("metro", "province", "city", "district", "area", "address", "currency", "trust")
    return {
        **{n: [key(str(row[n]))] for n in plain if row.get(n)},
        "category": _goods(row, naming) if kind == "product" else _named(_categories(row), naming),
        "has": has,
        "has_not": has_not,
        "cuisine": [i for raw in row.get("cuisines") or () for i in naming.ids("cuisine", raw)],
        "dish": [key(d) for d in row.get("dishes") or ()],
        "name": [key(form) for n in names for form in (n, bare_name(n))],
        "brand": [i for b in brands for i in naming.ids("brand", b)],
        "hotel_class": naming.ids("hotel_class", row["hotel_class"]) if row.get("hotel_class") else (),
        "nearby": [key(n) for n in row.get("nearby") or ()],
        "size": [f"{d}:{a:g}" for d, a in sizes(_sized(row, text))] if kind != "poi" else (),
        "text": [key(text)] if kind == "note" else (),
        "head": _head(row) if kind == "product" else (),
        "words": latin_words(" ".join(str(row.get(n) or "") for n in _SAID)) if kind == "product" else (),
    }


def _named(categories: Iterable[str], naming: Naming) -> list[str]:
    return [i for raw in categories for i in naming.categories(raw)]


def _goods(row: Row, naming: Naming) -> list[str]:
    """A product's categories: the stated ones, a "keyboard cover" being no keyboard; else what its title names."""
    out: list[str] = []
    for raw in _categories(row):
        found = None if naming.direct("category", raw) else head(raw)
        out += [*([found.node] if found.node else []), key(raw)] if found else naming.categories(raw)
    titled = None if out else head(str(row.get("title") or ""))
    return out or ([titled.node] if titled and titled.node else [])


def _head(row: Row) -> list[str]:
    """The head noun of the category, else of the title, and its category in the lexicon."""
    found = head(str(row.get("category") or "")) or head(str(row.get("title") or ""))
    return [found.word, *([found.node] if found.node else [])] if found else []


def _sized(row: Row, text: str) -> str:
    return " ".join([text, *(str(v) for v in (row.get("attributes") or {}).values())])


def _categories(row: Row) -> list[str]:
    return [c for c in (row.get("category"), *(row.get("category_path") or ())) if c]


def _attributes(row: Row, naming: Naming) -> tuple[list[str], list[str]]:
    """What the merchant says an item has, and has not; ids and folded raw values."""
    has = [
        i
        for n in ("amenities", "tags", "topics", "cuisines")
        for raw in row.get(n) or ()
        for i in naming.ids(None, raw)
    ]
    has_not = [i for raw in row.get("no_amenities") or () for i in naming.ids(None, raw)]
    has_not += [i for n in ("amenities", "tags") for raw in row.get(n) or () if (i := naming.denied(raw))]
    for name, value in (row.get("attributes") or {}).items():
        said = key(str(value))
        has_not += [i for raw in (name, str(value)) if said not in _NO and (i := naming.denied(raw))]
        if said in _NO:
            has_not += naming.ids(None, name)
        elif said in _YES:
            has += [*naming.ids(None, f"{name}={value}"), *naming.ids(None, name)]
        else:
            has += [*naming.ids(None, f"{name}={value}"), *naming.ids(None, str(value))]
    return has, has_not
