"""How is Qdrant's engine asked in this process? qdrant-edge: the engine of its servers, a folder a collection.

For tests, and for machines that hold all of an index. One shard: keys of shards mean nothing.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import qdrant_edge as edge

from indexing.qdrant.port import BATCH, LIVE, MEANING, NEIGHBOURS, WORDS, Ask, Filter, Point

_INDEXES: Final = {
    "keyword": edge.PayloadSchemaType.Keyword,
    "integer": edge.PayloadSchemaType.Integer,
    "float": edge.PayloadSchemaType.Float,
    "geo": edge.PayloadSchemaType.Geo,
}


class EdgeEngine:
    """An Engine (port.py) over a folder."""

    sharded = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, Any] = {}
        self._aliases: dict[str, str] = {}

    def create(self, name: str, dim: int, indexes: Mapping[str, str], shards: Sequence[str]) -> None:
        """Payload indexes first."""
        self.drop(name)
        (self._folder / name).mkdir(parents=True)
        shard = edge.EdgeShard.create(str(self._folder / name), _config(dim))
        for field, kind in indexes.items():
            shard.update(edge.UpdateOperation.create_field_index(field, _INDEXES[kind]))
        self._open[name] = shard

    def drop(self, name: str) -> None:
        """Nothing where there is none."""
        if (shard := self._open.pop(name, None)) is not None:
            shard.close()
        shutil.rmtree(self._folder / name, ignore_errors=True)
        self._aliases = {alias: to for alias, to in self._aliases.items() if to != name}

    def names(self) -> list[str]:
        """Of all collections."""
        return list(self._open)

    def put(self, name: str, points: Sequence[Point]) -> None:
        """Batch by batch."""
        for start in range(0, len(points), BATCH):
            some = points[start : start + BATCH]
            made = [edge.Point(p.id, _vectors(p), dict(p.payload)) for p in some]
            self._open[name].update(edge.UpdateOperation.upsert_points(made))

    def describe(self, name: str, points: Sequence[Point]) -> None:
        """Every point has a payload of its own."""
        for point in points:
            self._open[name].update(edge.UpdateOperation.overwrite_payload([point.id], dict(point.payload)))

    def delete(self, name: str, ids: Sequence[str]) -> None:
        """Those that are there."""
        if ids:
            self._open[name].update(edge.UpdateOperation.delete_points(list(ids)))

    def search(self, name: str, ask: Ask) -> list[tuple[str, float]]:
        """One request."""
        query: Any = ask.query
        if isinstance(query, Mapping):
            query = edge.SparseVector(list(query), list(query.values()))
        asked = edge.QueryRequest(
            query=edge.Query.Nearest(query, using=ask.using),
            limit=ask.limit,
            filter=None if ask.filter is None else _filter(ask.filter),
            with_payload=["id"],
        )
        return [(str(found.payload["id"]), float(found.score)) for found in self._open[name].query(asked)]

    def count(self, name: str, filter: Filter | None) -> int:
        """Exactly."""
        asked = edge.CountRequest(exact=True, filter=None if filter is None else _filter(filter))
        return int(self._open[name].count(asked))

    def alias(self, names: Mapping[str, str]) -> None:
        """In this process alone."""
        self._aliases |= names

    def aliases(self) -> dict[str, str]:
        """Alias -> collection."""
        return dict(self._aliases)

    def close(self) -> None:
        """No call may follow."""
        while self._open:
            self._open.popitem()[1].close()


def _config(dim: int) -> Any:
    return edge.EdgeConfig(
        vectors={MEANING: edge.EdgeVectorParams(size=dim, distance=edge.Distance.Dot)},
        sparse_vectors={WORDS: edge.EdgeSparseVectorParams(), LIVE: edge.EdgeSparseVectorParams()},
        hnsw_config=edge.HnswIndexConfig(
            m=NEIGHBOURS, ef_construct=100, full_scan_threshold=10_000, payload_m=NEIGHBOURS
        ),
    )


def _vectors(point: Point) -> dict[str, Any]:
    made: dict[str, Any] = {} if point.meaning is None else {MEANING: list(point.meaning)}
    return made | {n: edge.SparseVector(list(words), list(words.values())) for n, words in point.words.items()}


def _filter(said: Filter) -> Any:
    """The form of the HTTP interface -> theirs."""
    return edge.Filter(**{name: [_condition(each) for each in some] for name, some in said.items()})


def _condition(said: Mapping[str, Any]) -> Any:
    form = next((name for name in _FORMS if name in said), None)
    return _filter(said) if form is None else _FORMS[form](said)


def _circle(said: Mapping[str, Any]) -> Any:
    circle = said["geo_radius"]
    centre = edge.GeoPoint(lat=circle["center"]["lat"], lon=circle["center"]["lon"])
    return edge.FieldCondition(key=said["key"], geo_radius=edge.GeoRadius(center=centre, radius=circle["radius"]))


#: What makes a condition of each form; any other is a filter within the filter.
_FORMS: Final[Mapping[str, Callable[[Mapping[str, Any]], Any]]] = {
    "has_id": lambda said: edge.HasIdCondition(set(said["has_id"])),
    "nested": lambda said: edge.NestedCondition(said["nested"]["key"], _filter(said["nested"]["filter"])),
    "is_empty": lambda said: edge.IsEmptyCondition(said["is_empty"]["key"]),
    "match": lambda said: edge.FieldCondition(key=said["key"], match=edge.MatchAny(said["match"]["any"])),
    "range": lambda said: edge.FieldCondition(key=said["key"], range=edge.RangeFloat(**said["range"])),
    "geo_radius": _circle,
}
