"""What does zvec do? HNSW and inverted columns, in full precision and in 8 bits; a circle is a box, then tested."""

from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import zvec

from benchmarks.corpora.filters import Attributes, Filter
from benchmarks.peers.bits import circled, clauses
from benchmarks.peers.graphs import CARE, NEIGHBOURS
from benchmarks.peers.port import Knob
from engine.types import F32, I64

_BATCH: Final = 1000
#: Of a box's answers about three quarters lie in its circle.
_BOX_DEEPER: Final = 1.5


class Zvec:
    """Full precision."""

    name = "zvec"
    version = version("zvec")
    knobs: tuple[Knob, ...] = tuple({"ef": n} for n in (100, 150, 200, 300, 500, 800))

    def graph(self) -> Any:
        """Parameters of the index."""
        return zvec.HnswIndexParam(metric_type=zvec.MetricType.IP, m=NEIGHBOURS, ef_construction=CARE)

    def build(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """Insert in batches, then optimise."""
        made = zvec.create_and_open(path=str(folder / "index"), schema=self._schema(matrix.shape[1]))
        for start in range(0, len(matrix), _BATCH):
            made.insert([_document(matrix, items, row) for row in range(start, min(start + _BATCH, len(matrix)))])
        made.optimize()
        made.flush()
        made.close()

    def open(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """Memory-mapped, read only."""
        self.items = items
        option = zvec.CollectionOption(read_only=True, enable_mmap=True)
        self.index = zvec.open(path=str(folder / "index"), option=option)

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        """The filter goes in as text."""
        asked = zvec.Query("v", vector=query, param=zvec.HnswQueryParam(ef=int(knob["ef"])))
        depth = k if wanted.near is None else int(k * _BOX_DEEPER)
        found = self.index.query(asked, topk=depth, filter=expression(wanted) or None, output_fields=[])
        return circled(self.items, np.array([int(each.id) for each in found], np.int64), wanted, k)

    def close(self) -> None:
        """Close the collection."""
        self.index.close()

    def _schema(self, dim: int) -> Any:
        kind = zvec.DataType
        plain, ranged = zvec.InvertIndexParam(), zvec.InvertIndexParam(enable_range_optimization=True)
        fields = [zvec.FieldSchema(name, kind.INT32, index_param=plain) for name in ("city", "category")]
        fields += [zvec.FieldSchema("tags", kind.ARRAY_INT32, index_param=plain)]
        fields += [zvec.FieldSchema(name, kind.DOUBLE, index_param=ranged) for name in ("price", "lat", "lon")]
        vector = zvec.VectorSchema("v", kind.VECTOR_FP32, dim, index_param=self.graph())
        return zvec.CollectionSchema(name="items", fields=fields, vectors=vector)


class ZvecInt8(Zvec):
    """8 bits a number."""

    name = "zvec-int8"

    def graph(self) -> Any:
        """Parameters of the index."""
        kind = zvec.QuantizeType.INT8
        return zvec.HnswIndexParam(
            metric_type=zvec.MetricType.IP, m=NEIGHBOURS, ef_construction=CARE, quantize_type=kind
        )


def expression(wanted: Filter) -> str:
    """A filter in zvec's words; empty when there is none."""
    return clauses(wanted, "tags contain_any ({})", "and")


def _document(matrix: F32, items: Attributes, row: int) -> Any:
    fields: dict[str, Any] = {name: int(getattr(items, name)[row]) for name in ("city", "category")}
    fields |= {name: float(getattr(items, name)[row]) for name in ("price", "lat", "lon")}
    fields["tags"] = [int(tag) for tag in np.flatnonzero(items.tags[row])]
    return zvec.Doc(id=str(row), vectors={"v": matrix[row].tolist()}, fields=fields)
