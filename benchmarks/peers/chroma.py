"""What does Chroma do? Its local client: HNSW, and a filter that SQLite answers. Tags are a column each."""

from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import chromadb
import numpy as np
from chromadb.config import Settings

from benchmarks.corpora.filters import Attributes, Filter
from benchmarks.peers.bits import box, circled
from benchmarks.peers.graphs import CARE, NEIGHBOURS
from benchmarks.peers.port import Knob
from engine.types import F32, I64

_BATCH: Final = 5000


class Chroma:
    """`search_ef` is set on the collection, so a change of knob is an update of its configuration."""

    name = "chroma"
    version = version("chromadb")
    knobs: tuple[Knob, ...] = tuple({"ef": n} for n in (100, 200, 400, 800))

    def build(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """In batches as large as it takes."""
        graph: Any = {"space": "ip", "max_neighbors": NEIGHBOURS, "ef_construction": CARE, "ef_search": CARE}
        made = _client(folder).create_collection("items", configuration={"hnsw": graph}, embedding_function=None)
        for start in range(0, len(matrix), _BATCH):
            rows = range(start, min(start + _BATCH, len(matrix)))
            made.add(
                [str(row) for row in rows], np.asarray(matrix[start : rows.stop]), [_about(items, row) for row in rows]
            )

    def open(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """The collection is kept open."""
        self.items, self.ef = items, 0
        self.made = _client(folder).get_collection("items", embedding_function=None)

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        """Ids alone come back."""
        if self.ef != int(knob["ef"]):
            self.ef = int(knob["ef"])
            self.made.modify(configuration={"hnsw": {"ef_search": self.ef}})
        depth = k if wanted.near is None else int(1.5 * k)
        found: Any = self.made.query(query[None], n_results=depth, where=condition(wanted), include=[])
        return circled(self.items, np.array([int(each) for each in found["ids"][0]], np.int64), wanted, k)

    def close(self) -> None:
        """Nothing to close."""


def condition(wanted: Filter) -> Any:
    """A filter in Chroma's words; None when there is none."""
    parts: list[Any] = [{name: value} for name in ("city", "category") if (value := getattr(wanted, name)) is not None]
    if wanted.tag is not None:
        parts.append({f"tag{wanted.tag}": True})
    if wanted.price_max is not None:
        parts.append({"price": {"$lte": wanted.price_max}})
    if wanted.near is not None:
        low, high, west, east = box(wanted.near)
        parts += [{"lat": {"$gte": low}}, {"lat": {"$lte": high}}, {"lon": {"$gte": west}}, {"lon": {"$lte": east}}]
    return None if not parts else parts[0] if len(parts) == 1 else {"$and": parts}


def _client(folder: Path) -> Any:
    return chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))


def _about(items: Attributes, row: int) -> dict[str, Any]:
    about: dict[str, Any] = {name: int(getattr(items, name)[row]) for name in ("city", "category")}
    about |= {name: float(getattr(items, name)[row]) for name in ("price", "lat", "lon")}
    return about | {f"tag{int(tag)}": True for tag in np.flatnonzero(items.tags[row])}
