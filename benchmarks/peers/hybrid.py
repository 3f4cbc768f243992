"""What would a plain hybrid stack answer? LanceDB: words (ICU), vectors and reciprocal rank fusion, filters in SQL."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import lancedb
import pyarrow as pa
from lancedb.rerankers import RRFReranker

from benchmarks.peers.sql import LISTS, SCHEMA, described
from engine.types import F32, Kind
from indexing.sample.scale import Row

#: How deep each of the two lists is, before they are fused.
_DEPTH: Final = 100


class LanceHybrid:
    """A table of every kind's items: the same texts that our lexical index reads, the encoder's own vectors."""

    def __init__(self, folder: Path, rows: Sequence[tuple[Kind, Row]], vectors: F32) -> None:
        """`vectors` float32[n, dim]: of the same texts, as the encoder gives them."""
        table = pa.Table.from_pylist([described(kind, row) for kind, row in rows], schema=SCHEMA)
        stored = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])
        self.table: Any = lancedb.connect(str(folder)).create_table(
            "items", table.append_column("v", stored), mode="overwrite"
        )
        self.table.create_fts_index("text", base_tokenizer="icu", stem=True, remove_stop_words=False)
        for column in ("kind", *LISTS.values()):
            self.table.create_scalar_index(column, index_type="LABEL_LIST" if column != "kind" else "BITMAP")
        self.fusion = RRFReranker()

    def search(self, text: str, vector: F32, where: str, k: int) -> list[str]:
        """Ids, best first."""
        asked = self.table.search(query_type="hybrid", vector_column_name="v", fts_columns="text").vector(vector)
        asked = asked.text(text).distance_type("dot").where(where, prefilter=True).limit(_DEPTH)
        found: list[str] = asked.rerank(self.fusion).select(["id"]).to_arrow()["id"].to_pylist()
        return found[:k]
