"""How do items come into Qdrant, and stay there as the snapshot has them? A collection a kind and version.

A collection is complete when the alias NAME.ready names it; the alias TENANT.KIND names the newest. A version that is
loading disturbs nobody: who serves an older one asks its own collections.
"""

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from hashlib import blake2b
from typing import Final

import numpy as np

from engine.coded import joined
from engine.types import F32, I64, KINDS, Kind, Mask
from indexing import fetch
from indexing.qdrant.payload import ELSEWHERE, INDEXES, ids_of, payloads, point_id
from indexing.qdrant.port import LIVE, WORDS, Engine, Point
from indexing.qdrant.words import of_rows
from indexing.shelf import Shelf
from indexing.snapshot import Snapshot

READY: Final = ".ready"
#: A city with so many items of a kind has a shard of its own; the most of them.
CITY, CITIES = 20_000, 200
#: Versions whose collections are kept, beside the one that is loaded.
KEPT: Final = 2
#: Points made and sent at a time.
STEP: Final = 4096


def collection(snapshot: Snapshot, kind: Kind) -> str:
    """The name of the collection of a kind of a snapshot: another snapshot of the same number has another."""
    said = json.dumps(snapshot.base.facts, sort_keys=True, default=str)
    stamp = blake2b(said.encode(), digest_size=4).hexdigest()
    return f"{snapshot.tenant}.{kind}.{snapshot.version}.{stamp}"


def load(engine: Engine, snapshot: Snapshot) -> None:
    """All base rows, where they are not there yet; then the aliases are moved and the oldest versions dropped."""
    ready = engine.aliases()
    names = {kind: collection(snapshot, kind) for kind in KINDS}
    for kind, name in names.items():
        if ready.get(name + READY) != name:
            shelf = snapshot.shelves[kind]
            engine.create(name, snapshot.base.dim, INDEXES, keys(shelf))
            for points in _points(shelf):
                engine.put(name, points)
    engine.alias(
        {f"{snapshot.tenant}.{kind}": name for kind, name in names.items()} | {n + READY: n for n in names.values()}
    )
    for kind, name in names.items():
        known = sorted(
            each for each in engine.names() if each.startswith(f"{snapshot.tenant}.{kind}.") and each != name
        )
        for old in known[:-KEPT]:
            engine.drop(old)


def follow(engine: Engine, snapshot: Snapshot, turned: Mapping[Kind, Mask], deleted: Set[str]) -> None:
    """After a write: rows of live layers are put anew, base rows of which notes say something else are described, what
    is dead is deleted. Done twice, or by several processes, it comes to the same.

    `deleted`: ids of which no row may be left, those of live items that were never built in.
    """
    for kind, mask in turned.items():
        shelf, name = snapshot.shelves[kind], collection(snapshot, kind)
        rows, start = np.flatnonzero(mask), len(shelf.parts[0])
        alive = shelf.alive[rows]
        was, now = (dict(_placed(shelf, some)) for some in (rows[~alive], rows[alive]))
        gone = {item for item, shard in was.items() if now.get(item, shard) != shard}
        gone |= {item for item in deleted | (was.keys() - now.keys()) if not _lives(snapshot, kind, item)}
        engine.delete(name, [point_id(item) for item in sorted(gone)])
        engine.describe(name, _bare(shelf, rows[alive & (rows < start)]))
        engine.put(name, _full(shelf, rows[alive & (rows >= start)]))


def keys(shelf: Shelf) -> list[str]:
    """The keys of the shards: the cities of the base with most items, and one for all else. Counted once: every search
    of a cluster asks for them."""
    base = shelf.parts[0]
    found: list[str] | None = base.kept.get(("shard", "keys"))
    if found is None:
        codes, cities = fetch.texts(base, "city", np.arange(len(base)))
        sizes = np.bincount(codes, minlength=len(cities))
        large = [i for i in np.argsort(-sizes, kind="stable").tolist()[:CITIES] if sizes[i] >= CITY and cities[i]]
        found = base.kept["shard", "keys"] = [*(str(cities[i]) for i in large), ELSEWHERE]
    return found


def shards_of(shelf: Shelf, rows: I64) -> tuple[I64, Sequence[str]]:
    """-> int64[rows] into the keys of shards (a key may stand there several times)."""
    known = frozenset(keys(shelf))
    codes, cities = joined(len(rows), [(at, fetch.texts(part, "city", local)) for at, part, local in shelf.split(rows)])
    return codes, [str(city) if city in known else ELSEWHERE for city in cities]


def _placed(shelf: Shelf, rows: I64) -> Iterator[tuple[str, str]]:
    """(item, key of its shard)."""
    codes, names = shards_of(shelf, rows)
    return zip(ids_of(shelf, rows), (names[code] for code in codes.tolist()), strict=True)


def _lives(snapshot: Snapshot, kind: Kind, item: str) -> bool:
    place = snapshot.where.get(item)
    return place is not None and place[0] == kind


def _points(shelf: Shelf) -> Iterator[list[Point]]:
    for start in range(0, len(shelf.parts[0]), STEP):
        yield _full(shelf, np.arange(start, min(start + STEP, len(shelf.parts[0]))))


def _bare(shelf: Shelf, rows: I64) -> list[Point]:
    told = zip(_placed(shelf, rows), payloads(shelf, rows), strict=True)
    return [Point(point_id(item), payload, shard=shard) for (item, shard), payload in told]


def _full(shelf: Shelf, rows: I64) -> list[Point]:
    """With their vectors and words."""
    out: list[Point | None] = [None] * len(rows)
    bare = _bare(shelf, rows)
    for at, part, local in shelf.split(rows):
        live = part is not shelf.parts[0]
        matrix: F32 = np.asarray(part.vectors.matrix[local], np.float32)
        words = of_rows(part.text, local, live=live)
        for place, vector, said in zip(at.tolist(), matrix, words, strict=True):
            point = bare[place]
            meaning = None if np.isnan(vector[0]) else vector.tolist()
            out[place] = Point(point.id, point.payload, meaning, {LIVE if live else WORDS: said}, point.shard)
    return [point for point in out if point is not None]
