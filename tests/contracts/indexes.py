"""Every Index, over the items of tests/contracts/corpus.py, and what tests ask of one."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from engine.ports import Index
from engine.types import Kind
from indexing.arrays import save
from indexing.changes import Change
from indexing.cluster.cut import home_of
from indexing.cluster.fanout import Sharded
from indexing.qdrant.index import opener
from indexing.snapshot import Opener, Snapshot
from tests.contracts import corpus
from tests.contracts.corpus import TENANT
from tests.fakes.index import MemoryIndex
from tests.indexing.qdrant.engines import ENGINES

SHARDS = 3


def memory() -> Index:
    items = {"notes": corpus.NOTES, "products": corpus.PRODUCTS, "pois": corpus.POIS}
    return MemoryIndex(**items, vectors=corpus.vectors(), now=corpus.NOW, learnt=corpus.LEARNT)


def published(folder: Path) -> Index:
    """All items in one segment, written to disk and opened again."""
    return _published(folder, Snapshot.open)


def _published(folder: Path, opened: Opener) -> Index:
    corpus.write(folder, corpus.POIS, corpus.PRODUCTS, corpus.NOTES)
    return opened(folder, TENANT, "00000001")


def overlaid(folder: Path) -> Index:
    """The same items, but half of them came live, one of those in the place of an older self, and one was deleted."""
    return _overlaid(folder, Snapshot.open)


def _overlaid(folder: Path, opened: Opener) -> Index:
    older = {**corpus.POIS[0], "category": "bar", "price_per_person": 999.0, "amenities": [], "body": "从前是酒吧"}
    base = [older, *corpus.POIS[1:3], corpus.NEW_POI]
    corpus.write(folder, base, corpus.PRODUCTS[:2], corpus.NOTES[:2])
    later: list[tuple[Kind, dict[str, Any]]] = [
        ("poi", corpus.POIS[0]),
        *(("poi", i) for i in corpus.POIS[3:]),
        ("product", corpus.PRODUCTS[2]),
        *(("note", n) for n in corpus.NOTES[2:]),
    ]
    changes: list[Change] = [(n, i["id"], kind, i) for n, (kind, i) in enumerate(later, 1)]
    live = opened(folder, TENANT, "00000001").with_changes([*changes, (99, "p-new", None, None)])
    texts = dict(live.changes.pending())
    return live.with_changes([], {i: (texts[i], v) for i, v in corpus.vectors().items() if i in texts})


def sharded(folder: Path) -> Index:
    """All items in three shards, each with what bears witness there (indexing/cluster/cut.py)."""
    every: dict[Kind, Any] = {"poi": corpus.POIS, "product": corpus.PRODUCTS, "note": corpus.NOTES}
    for shard in range(SHARDS):
        home = {i["id"] for items in every.values() for i in items if home_of(i["id"], SHARDS) == shard}
        home -= {note["id"] for note in corpus.NOTES if home_of(_about(note)[0], SHARDS) != shard}
        home |= {note["id"] for note in corpus.NOTES if home_of(_about(note)[0], SHARDS) == shard}
        notes = {note["id"]: _about(note) for note in corpus.NOTES if home & {note["id"], *_about(note)}}
        there = home | {*notes} | {i for about in notes.values() for i in about}
        mine = {kind: [i for i in items if i["id"] in there] for kind, items in every.items()}
        name = f"{shard:04}"
        corpus.write(folder / "shards" / name, mine["poi"], mine["product"], mine["note"])
        at_home = {kind: np.array([i["id"] in home for i in items], bool) for kind, items in mine.items()}
        save(at_home, folder / "homes" / name)
    (folder / "shards.json").write_text(json.dumps({"shards": SHARDS}))
    return Sharded.open(folder, TENANT, "00000001").having_learnt(corpus.LEARNT)


def _about(note: dict[str, Any]) -> list[str]:
    return [*note.get("poi_ids", ()), *note.get("product_ids", ())]


def over_qdrant(package: str, build: Callable[[Path, Opener], Index], folder: Path) -> Index:
    """What `build` makes, on the engine of a package."""
    return build(folder / "snapshot", opener(ENGINES[package](folder / "qdrant")))


#: For fixtures: each implementation in turn, as Path -> Index.
EACH: Final = [
    pytest.param(lambda folder: memory(), id="memory"),
    pytest.param(published, id="snapshot"),
    pytest.param(overlaid, id="snapshot+overlay"),
    pytest.param(sharded, id="shards"),
    *(
        pytest.param(partial(over_qdrant, package, build), id=f"{package}{more}", marks=pytest.mark.needs(package))
        for package in ENGINES
        for build, more in ((_published, ""), (_overlaid, "+live"))
    ),
]


def ids(index: Index, kind: Kind, mask: Any) -> set[str]:
    return {str(i["id"]) for i in index.items(TENANT, kind, np.flatnonzero(mask))}


def rows(index: Index, *wanted: str) -> Any:
    found = [index.locate(TENANT, w) for w in wanted]
    return np.array([f[1] for f in found if f], np.int64)
