"""Which names do the items bring into the parser's vocabulary?"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from engine.types import Kind
from engine.understand.names import weight

Entry = tuple[str, str, str, float]  # surface, slot, value, weight

_BRANCH: Final = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
_LINE: Final = re.compile(r"[一-鿿A-Za-z0-9]+?(?:地铁站|站)")
#: A bare name shared by this many branches is a brand.
CHAIN: Final = 2
#: Names of one character would match everywhere.
SHORTEST: Final = 2
_PLACES: Final = ("province", "city", "district", "area")


def bare_name(name: str) -> str:
    """A name without the branch in its last brackets: "海底捞(牡丹园店)" -> "海底捞"."""
    return _BRANCH.sub("", name).strip() or name


def own_names(item: Mapping[str, Any]) -> list[str]:
    """All that an item is called: name or title, without the branch too, and other names."""
    names = [n for n in (item.get("name"), item.get("title"), *(item.get("aliases") or ())) if n]
    return [form for name in map(str, names) for form in dict.fromkeys((name, bare_name(name)))]


def collect(items: Mapping[Kind, Iterable[Mapping[str, Any]]]) -> list[Entry]:
    """Entries for engine.understand.names.NameTable, sorted; weights are log-scaled counts within the slot."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for kind, rows in items.items():
        if kind != "note":
            for row in rows:
                counts.update(_entries(kind, row))
    counts = _chains(counts)
    most: Counter[str] = Counter()
    for (_, slot, _), count in counts.items():
        most[slot] = max(most[slot], count)
    return sorted((s, slot, v, weight(n, most[slot])) for (s, slot, v), n in counts.items() if len(s) >= SHORTEST)


def _entries(kind: Kind, row: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    found: set[tuple[str, str, str]] = set()
    if kind == "poi":
        name = str(row["name"])
        found |= {(surface, "name", name) for surface in (name, *(row.get("aliases") or ()))}
        if bare_name(name) != name:
            found.add((bare_name(name), "chain", bare_name(name)))
        found |= {(str(d), "dish", str(d)) for d in row.get("dishes") or ()}
        found |= {(str(row[level]), "place.admin", str(row[level])) for level in _PLACES if row.get(level)}
        found |= {(s, "place.named", s) for s in _LINE.findall(row.get("metro") or "")}
    else:
        title = str(row["title"])
        found.add((title, "name", title))
    if row.get("brand"):
        found.add((str(row["brand"]), "brand", str(row["brand"])))
    found |= {(str(a), "amenity", str(a)) for a in row.get("amenities") or ()}
    return found


def _chains(counts: Counter[tuple[str, str, str]]) -> Counter[tuple[str, str, str]]:
    """A bare name is a brand when several branches share it, else one more name of its item."""
    out: Counter[tuple[str, str, str]] = Counter()
    for (surface, slot, value), count in counts.items():
        if slot != "chain":
            out[surface, slot, value] += count
        else:
            out[surface, "brand" if count >= CHAIN else "name", value] += count
    return out
