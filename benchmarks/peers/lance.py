"""What does LanceDB do? Inverted lists of graphs over 8-bit vectors, refined by the full ones, scalar indexes."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

import lancedb
import numpy as np
import pyarrow as pa

from benchmarks.corpora.filters import Attributes, Filter
from benchmarks.peers.bits import circled, clauses
from benchmarks.peers.graphs import CARE, NEIGHBOURS
from benchmarks.peers.port import Knob
from engine.types import F32, I64

_SCALARS = {
    "city": "BITMAP", "category": "BITMAP", "tags": "LABEL_LIST", "price": "BTREE", "lat": "BTREE", "lon": "BTREE",
}  # fmt: skip


class Lance:
    """IVF_HNSW_SQ."""

    name = "lancedb"
    version = version("lancedb")
    knobs: tuple[Knob, ...] = tuple({"nprobes": n, "ef": 400, "refine": 2} for n in (1, 2, 4, 8, 16, 64))

    def index(self, table: Any, count: int) -> None:
        """Make the index of vectors."""
        partitions = max(1, min(64, count // 3000))
        table.create_index(
            metric="dot", vector_column_name="v", index_type="IVF_HNSW_SQ", num_partitions=partitions, m=NEIGHBOURS,
            ef_construction=CARE,
        )  # fmt: skip

    def build(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """One table, then its indexes."""
        table = lancedb.connect(str(folder)).create_table("items", _table(matrix, items), mode="overwrite")
        self.index(table, len(matrix))
        for column, kind in _SCALARS.items():
            table.create_scalar_index(column, index_type=kind)
        table.optimize()

    def open(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """From disk."""
        self.items, self.table = items, lancedb.connect(str(folder)).open_table("items")

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        """The filter goes in as SQL and is applied first."""
        depth = k if wanted.near is None else int(1.5 * k)
        asked = (
            self.table.search(query, vector_column_name="v")
            .distance_type("dot")
            .limit(depth)
            .select(["id", "_distance"])
        )
        asked = asked.nprobes(int(knob["nprobes"])).refine_factor(int(knob["refine"]))
        if "ef" in knob:
            asked = asked.ef(int(knob["ef"]))
        if not wanted.empty:
            asked = asked.where(sql(wanted), prefilter=True)
        rows: I64 = asked.to_arrow()["id"].to_numpy().astype(np.int64)
        return circled(self.items, rows, wanted, k)

    def close(self) -> None:
        """Nothing is held."""


def sql(wanted: Filter) -> str:
    """A filter in DataFusion's words."""
    return clauses(wanted, "array_has_any(tags, [{}])", "AND")


def _table(matrix: F32, items: Attributes) -> pa.Table:
    offsets = np.concatenate([[0], np.cumsum(items.tags.sum(1))]).astype(np.int32)
    tags = pa.ListArray.from_arrays(pa.array(offsets), pa.array(np.nonzero(items.tags)[1].astype(np.int32)))
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(np.asarray(matrix).ravel()), matrix.shape[1])
    plain = {name: pa.array(getattr(items, name).astype(np.int32)) for name in ("city", "category")}
    plain |= {name: pa.array(getattr(items, name)) for name in ("price", "lat", "lon")}
    return pa.table({"id": pa.array(np.arange(len(matrix), dtype=np.int32)), "v": vectors, "tags": tags, **plain})
