"""How does our own planner do? The parts of a snapshot that a filtered search of vectors passes through."""

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from mmap import PAGESIZE
from pathlib import Path
from typing import Final

import faiss
import numpy as np

from benchmarks.corpora.filters import CATEGORIES, CITIES, Attributes, Filter
from benchmarks.corpora.shapes import DIM
from benchmarks.peers.port import Knob
from engine.types import F32, I64, Found, Mask
from indexing import vectors
from indexing.columns.grid import Grid
from indexing.vectors import Among, Vectors

#: Bytes of a row's codes and id in its list, and of its list's number.
BYTES: Final = {"pq4": DIM // 4 + 8 + 2, "sq8": DIM + 8 + 2}


class Ours:
    """indexing.vectors over rows in the order of a snapshot (city, category); it tunes itself."""

    name = "ours"
    knobs: tuple[Knob, ...] = ({},)

    @property
    def version(self) -> str:
        """Changes with the code that builds."""
        digest, folder = hashlib.sha256(), Path(vectors.__file__).parent
        for path in sorted(folder.glob("*.py")):
            digest.update(path.read_bytes())
        return f"{version('lifestyle-search')}, {digest.hexdigest()[:8]}"

    def build(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """As the segment's build does."""
        vectors.save(vectors.build(np.ascontiguousarray(matrix[in_order(items)])), folder)

    def open(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """Vectors memory-mapped; a bitmap for each value."""
        self.order = in_order(items)
        self.vectors, self.items = vectors.load(folder), items.take(self.order)
        size, kept = len(self.order), self.items
        self.grid = Grid(kept.lat, kept.lon)
        columns: dict[str, Iterable[Mask]] = {
            "city": (kept.city == value for value in range(CITIES)),
            "category": (kept.category == value for value in range(CATEGORIES)),
            "tag": kept.tags.T,
        }
        self.packed = {
            name: [Among.of(np.ascontiguousarray(m), size) for m in masks] for name, masks in columns.items()
        }

    def mapped(self) -> None:
        """Touch every page of the vectors: other engines read theirs whole when they are opened; a server's are mapped
        after some traffic."""
        self.vectors.matrix.reshape(-1)[:: PAGESIZE // self.vectors.matrix.itemsize].sum()

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        """Filter, then the planner's choice."""
        found: I64 = self.order[self.vectors.search(query, self.among(wanted), k).rows]
        return found

    def among(self, wanted: Filter) -> Among | None:
        """The packed sets of values, joined; what is not a value is tested on the rows that are left."""
        chosen = [
            self.packed[name][value]
            for name, value in (("city", wanted.city), ("category", wanted.category), ("tag", wanted.tag))
            if value is not None
        ]
        among = Among.common(chosen) if chosen else None
        if wanted.price_max is None and wanted.near is None:
            return among
        rows = np.arange(len(self.order)) if among is None else among.rows
        if wanted.price_max is not None:
            rows = rows[self.items.price[rows] <= wanted.price_max]
        if wanted.near is not None:
            lat, lon, metres = wanted.near
            rows = self.grid.measured(rows, lat, lon, metres / 1000)
        return Among(len(self.order), rows=rows)

    def reads(self, query: F32, wanted: Filter, k: int) -> float:
        """Bytes that its plan must read, the filter aside."""
        return must_read(self.vectors.search(query, self.among(wanted), k), self.vectors)

    def close(self) -> None:
        """Nothing but memory is held."""


def must_read(found: Found, made: Vectors) -> float:
    """Bytes that an answer's plan must read: whole vectors; or codes, and then twice the answers' vectors.

    Where lists are chosen, their centroids as well, in the dimensions in which they are compared.
    """
    plan, whole = found.plan.split(":")[0], 4 * int(made.matrix.shape[1])
    if plan == "exact" or made.lists is None:
        return float(found.scanned * whole)
    chosen = float(made.lists.coarse.nbytes)
    if plan == "near":
        return chosen + found.scanned * whole + 2 * int(found.plan.split("/")[1].split("+")[0])
    codes = BYTES["pq4" if isinstance(made.lists.codes, faiss.IndexIVFPQFastScan) else "sq8"]
    return chosen + found.scanned * codes + 2 * len(found.rows) * whole


def in_order(items: Attributes) -> I64:
    """The rows as a snapshot lays them out: by city, then category."""
    return np.lexsort((items.category, items.city)).astype(np.int64)
