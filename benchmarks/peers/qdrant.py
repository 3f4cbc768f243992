"""What does Qdrant's engine do? qdrant-edge in this process: HNSW with links by payload, and its own circle."""

from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import qdrant_edge as qdrant

from benchmarks.corpora.filters import Attributes, Filter
from benchmarks.peers.graphs import CARE, NEIGHBOURS
from benchmarks.peers.port import Knob
from engine.types import F32, I64

_BATCH: Final = 2000


class QdrantEdge:
    """One segment in memory; knobs: the search's width, with and without ACORN, and exact."""

    name = "qdrant-edge"
    version = version("qdrant-edge-py")
    knobs: tuple[Knob, ...] = (
        *({"ef": n} for n in (100, 150, 200, 300, 500)),
        *({"ef": n, "acorn": 1} for n in (150, 300)),
        {"exact": 1},
    )

    def build(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """Indexes of fields first, as its documentation says, so that the graph gets their links."""
        shard, kinds = qdrant.EdgeShard.create(str(folder), _config(matrix.shape[1])), qdrant.PayloadSchemaType
        of = {"city": kinds.Integer, "category": kinds.Integer, "tags": kinds.Integer, "price": kinds.Float}
        for name, kind in {**of, "place": kinds.Geo}.items():
            shard.update(qdrant.UpdateOperation.create_field_index(name, kind))
        for start in range(0, len(matrix), _BATCH):
            points = [_point(matrix, items, row) for row in range(start, min(start + _BATCH, len(matrix)))]
            shard.update(qdrant.UpdateOperation.upsert_points(points))
        shard.optimize()
        shard.flush()
        shard.close()

    def open(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """Cached in memory."""
        self.shard = qdrant.EdgeShard.load(str(folder), _config(matrix.shape[1]))

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        """Ids alone come back."""
        acorn = qdrant.AcornSearchParams(enable=True) if knob.get("acorn") else None
        how = qdrant.SearchParams(exact=True) if knob.get("exact") else qdrant.SearchParams(
            hnsw_ef=int(knob["ef"]), acorn=acorn
        )  # fmt: skip
        asked = qdrant.SearchRequest(
            query=qdrant.Query.Nearest(query.tolist()), limit=k, filter=condition(wanted), params=how,
            with_payload=False, with_vector=False,
        )  # fmt: skip
        return np.array([found.id for found in self.shard.search(asked)], np.int64)

    def close(self) -> None:
        """Close the shard."""
        self.shard.close()


def condition(wanted: Filter) -> Any:
    """A filter in Qdrant's words; None when there is none."""
    must = [
        qdrant.FieldCondition(key=key, match=qdrant.MatchValue(value=value))
        for key, value in (("city", wanted.city), ("category", wanted.category), ("tags", wanted.tag))
        if value is not None
    ]
    if wanted.price_max is not None:
        must.append(qdrant.FieldCondition(key="price", range=qdrant.RangeFloat(lte=wanted.price_max)))
    if wanted.near is not None:
        lat, lon, radius = wanted.near
        circle = qdrant.GeoRadius(center=qdrant.GeoPoint(lat=lat, lon=lon), radius=radius)
        must.append(qdrant.FieldCondition(key="place", geo_radius=circle))
    return qdrant.Filter(must=must) if must else None


def _config(dim: int) -> Any:
    return qdrant.EdgeConfig(
        vectors=qdrant.EdgeVectorParams(size=dim, distance=qdrant.Distance.Dot, memory=qdrant.Memory.Cached),
        hnsw_config=qdrant.HnswIndexConfig(
            m=NEIGHBOURS, ef_construct=CARE, full_scan_threshold=10_000, max_indexing_threads=2
        ),
        optimizers=qdrant.EdgeOptimizersConfig(
            default_segment_number=1, max_segment_size=10_000_000, indexing_threshold=10_000
        ),
        max_search_threads=1,
        payload_memory=qdrant.Memory.Cached,
    )


def _point(matrix: F32, items: Attributes, row: int) -> Any:
    payload: dict[str, Any] = {name: int(getattr(items, name)[row]) for name in ("city", "category")}
    payload |= {"price": float(items.price[row]), "tags": [int(tag) for tag in np.flatnonzero(items.tags[row])]}
    payload["place"] = {"lat": float(items.lat[row]), "lon": float(items.lon[row])}
    return qdrant.Point(row, matrix[row].tolist(), payload)
