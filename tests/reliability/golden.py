"""How is the golden snapshot of a format made? `python -m tests.reliability.golden`, once for each released format.

<format>.tar.xz is a snapshot as that release wrote it, <format>.json what it answered to 50 questions. Neither is made
again for a format that was released: later code must read the one and give the other.
"""

import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.asked import KINDS, Constraint, Kind
from engine.ports import Index
from indexing import completions, manifest
from indexing.hash_encoder import HashEncoder
from indexing.snapshot import Snapshot
from tests.api.world import deploy, rows

FOLDER: Final = Path(__file__).parent / "formats"
TENANT: Final = "default"
WORDS: Final = ("咖啡", "草坪", "带娃", "停车", "周末", "防晒", "敏感肌", "面霜", "杭州", "安静", "好喝", "露营",
                "手冲", "甜品", "户外", "coffee", "lawn", "kids", "sunscreen", "quiet")  # fmt: skip
FILTERS: Final = (
    ("poi", Constraint("price", "lte", 60)),
    ("poi", Constraint("price", "gte", 40)),
    ("poi", Constraint("city", "eq", "杭州")),
    ("poi", Constraint("category", "eq", "cafe")),
    ("poi", Constraint("amenity", "has", "lawn")),
    ("poi", Constraint("amenity", "has", "parking")),
    ("poi", Constraint("rating", "gte", 4.5)),
    ("product", Constraint("price", "lte", 150)),
    ("product", Constraint("category", "eq", "sunscreen")),
    ("note", Constraint("city", "eq", "杭州")),
)


def questions() -> Iterator[tuple[str, Any]]:
    """(what is asked, how an index answers it): 50 of words, vectors and filters with their proof. Orders of ranking
    are no matter of a snapshot's format."""
    for word in WORDS:
        yield f"words {word}", lambda index, word=word: [_ids(index, kind, _words(index, kind, word)) for kind in KINDS]
    for word in WORDS:
        yield f"near {word}", lambda index, word=word: [_ids(index, kind, _near(index, kind, word)) for kind in KINDS]
    for kind, constraint in FILTERS:
        name = f"{kind} {constraint.slot} {constraint.op} {constraint.value}"
        yield name, lambda index, kind=kind, constraint=constraint: _kept(index, kind, constraint)


def answers(folder: Path) -> dict[str, Any]:
    """What a snapshot answers to all of them."""
    index = Snapshot.open(folder, TENANT, manifest.verify(folder).seq)
    return {name: asked(index) for name, asked in questions()}


def unpacked(number: int, to: Path) -> Path:
    """The folder of the golden snapshot of a format."""
    with tarfile.open(FOLDER / f"{number}.tar.xz") as packed:
        packed.extractall(to, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))  # Python 3.11.4
    return to / str(number)


def make() -> None:
    """Pack a snapshot of today's format and its answers; the lexicon's completions, most of its bytes, are left out."""
    kept, completions.vocabulary = completions.vocabulary, lambda _: []
    try:
        with tempfile.TemporaryDirectory() as folder:
            root, tables = Path(folder), rows()
            small = {"poi": tables["poi"][:4], "product": tables["product"][:3]}
            ids = {row["id"] for table in small.values() for row in table}
            about = [n for n in tables["note"] if ids & {*(n["poi_ids"] or ()), *(n["product_ids"] or ())}]
            deploy(root, {**small, "note": about[:5]})
            made = shutil.copytree(root / TENANT / "snapshots" / "00000001", root / str(manifest.FORMAT))
            FOLDER.mkdir(exist_ok=True)
            with tarfile.open(FOLDER / f"{manifest.FORMAT}.tar.xz", "w:xz", preset=9) as packed:
                packed.add(made, made.name, filter=_anonymous)
            text = json.dumps(answers(made), ensure_ascii=False, indent=0)
            (FOLDER / f"{manifest.FORMAT}.json").write_text(text + "\n", encoding="utf-8")
    finally:
        completions.vocabulary = kept


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry


def _words(index: Index, kind: Kind, word: str) -> Any:
    return index.lexical(TENANT, kind, word, index.allowed(TENANT, kind, []), 20, exact=True).rows


def _near(index: Index, kind: Kind, word: str) -> Any:
    vector = index.center(HashEncoder().encode([word], "query")[0], "zh")
    return index.dense(TENANT, kind, vector, index.allowed(TENANT, kind, []), 2).rows


def _ids(index: Index, kind: Kind, found: Any) -> list[str]:
    return sorted(item["id"] for item in index.items(TENANT, kind, found))


def _kept(index: Index, kind: Kind, constraint: Constraint) -> list[Any]:
    every = np.arange(index.count(TENANT, kind))
    proofs = index.prove(TENANT, kind, constraint, every, "zh")
    kept = index.allowed(TENANT, kind, [constraint]).nonzero()[0]
    said = {item["id"]: proof.verdict for item, proof in zip(index.items(TENANT, kind, every), proofs, strict=True)}
    return [_ids(index, kind, kept), said]


if __name__ == "__main__":
    make()
