"""Every Index, over the items of tests/contracts/corpus.py, and what tests ask of one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from engine.ports import Index
from engine.types import Kind
from indexing.changes import Change
from indexing.snapshot import Snapshot
from tests.contracts import corpus
from tests.contracts.corpus import TENANT
from tests.fakes.index import MemoryIndex


def memory() -> Index:
    items = {"notes": corpus.NOTES, "products": corpus.PRODUCTS, "pois": corpus.POIS}
    return MemoryIndex(**items, vectors=corpus.vectors(), now=corpus.NOW, learnt=corpus.LEARNT)


def published(folder: Path) -> Index:
    """All items in one segment, written to disk and opened again."""
    corpus.write(folder, corpus.POIS, corpus.PRODUCTS, corpus.NOTES)
    return Snapshot.open(folder, TENANT, "00000001")


def overlaid(folder: Path) -> Index:
    """The same items, but half of them came live, one of those in the place of an older self, and one was deleted."""
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
    live = Snapshot.open(folder, TENANT, "00000001").with_changes([*changes, (99, "p-new", None, None)])
    texts = dict(live.changes.pending())
    return live.with_changes([], {i: (texts[i], v) for i, v in corpus.vectors().items() if i in texts})


BUILDERS: dict[str, Callable[[Path], Index]] = {
    "memory": lambda folder: memory(),
    "snapshot": published,
    "snapshot+overlay": overlaid,
}


def ids(index: Index, kind: Kind, mask: Any) -> set[str]:
    return {str(i["id"]) for i in index.items(TENANT, kind, np.flatnonzero(mask))}


def rows(index: Index, *wanted: str) -> Any:
    found = [index.locate(TENANT, w) for w in wanted]
    return np.array([f[1] for f in found if f], np.int64)
