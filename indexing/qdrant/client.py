"""How is a Qdrant cluster asked? Through qdrant-client: a URL in service, memory or a folder in tests.

Shards by key exist on a cluster alone: `shards` are the cities that have one of their own.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import httpx
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException, UnexpectedResponse

from indexing.qdrant.port import BATCH, LIVE, MEANING, NEIGHBOURS, WORDS, Ask, Filter, Point, Unreachable

_TIMEOUT_S: Final = 60
#: So long a search is waited for, and so long nobody is asked who did not answer.
SEARCH_S, AGAIN_S = 1, 5.0


class ClientEngine:
    """An Engine (port.py) over one client."""

    def __init__(
        self, client: QdrantClient, searching: QdrantClient | None = None, *, sharded: bool = False, replicas: int = 1
    ) -> None:
        """`searching`: who searches, where that is another. `sharded`: a cluster, whose shards have keys."""
        self._client, self.sharded, self._replicas = client, sharded, replicas
        self._searching, self._gone = searching or client, 0.0

    @staticmethod
    def at(where: str, key: str | None = None, *, sharded: bool = False, replicas: int = 1) -> "ClientEngine":
        """`where`: http(s)://host:port, ":memory:" or a folder."""
        if where.startswith(("http://", "https://")):
            client, searching = (
                QdrantClient(url=where, api_key=key, timeout=seconds, check_compatibility=False)
                for seconds in (_TIMEOUT_S, SEARCH_S)
            )
            return ClientEngine(client, searching, sharded=sharded, replicas=replicas)
        return ClientEngine(QdrantClient(":memory:") if where == ":memory:" else QdrantClient(path=where))

    def create(self, name: str, dim: int, indexes: Mapping[str, str], shards: Sequence[str]) -> None:
        """Payload indexes are made before any point comes, so that the graph gets their links."""
        self.drop(name)
        more: dict[str, Any] = {}
        if self.sharded:
            more = {"sharding_method": models.ShardingMethod.CUSTOM, "replication_factor": self._replicas}
        with self._reached():
            self._client.create_collection(
                name,
                vectors_config={MEANING: models.VectorParams(size=dim, distance=models.Distance.DOT)},
                sparse_vectors_config={WORDS: models.SparseVectorParams(), LIVE: models.SparseVectorParams()},
                hnsw_config=models.HnswConfigDiff(m=NEIGHBOURS, payload_m=NEIGHBOURS),
                **more,
            )
            for shard in shards if self.sharded else ():
                self._client.create_shard_key(name, shard)
            if _remote(self._client):
                for field, kind in indexes.items():
                    self._client.create_payload_index(name, field, models.PayloadSchemaType(kind), wait=True)

    def drop(self, name: str) -> None:
        """Nothing where there is none."""
        with self._reached():
            self._client.delete_collection(name)

    def names(self) -> list[str]:
        """Of all collections."""
        with self._reached():
            return [each.name for each in self._client.get_collections().collections]

    def put(self, name: str, points: Sequence[Point]) -> None:
        """Batch by batch, each shard's by itself; returns when they are found."""
        for shard, some in self._batches(points):
            made = [models.PointStruct(id=p.id, vector=_vectors(p), payload=dict(p.payload)) for p in some]
            with self._reached():
                self._client.upsert(name, made, wait=True, shard_key_selector=shard)

    def describe(self, name: str, points: Sequence[Point]) -> None:
        """One call a batch: every point has a payload of its own."""
        for shard, some in self._batches(points):
            made = [
                models.OverwritePayloadOperation(
                    overwrite_payload=models.SetPayload(payload=dict(p.payload), points=[p.id], shard_key=shard)
                )
                for p in some
            ]
            with self._reached():
                self._client.batch_update_points(name, made, wait=True)

    def delete(self, name: str, ids: Sequence[str]) -> None:
        """In whatever shard they are."""
        if ids:
            with self._reached():
                self._client.delete(name, models.PointIdsList(points=list(ids)), wait=True)

    def search(self, name: str, ask: Ask) -> list[tuple[str, float]]:
        """One request."""
        query: Any = ask.query
        if isinstance(query, Mapping):
            query = models.SparseVector(indices=list(query), values=list(query.values()))
        with self._reached():
            found = self._searching.query_points(
                name, query=query, using=ask.using, limit=ask.limit, query_filter=_filter(ask.filter),
                with_payload=["id"], shard_key_selector=list(ask.shards) if ask.shards and self.sharded else None,
            )  # fmt: skip
        return [(str((p.payload or {})["id"]), float(p.score)) for p in found.points]

    def count(self, name: str, filter: Filter | None) -> int:
        """Exactly."""
        with self._reached():
            return int(self._client.count(name, _filter(filter), exact=True).count)

    def alias(self, names: Mapping[str, str]) -> None:
        """One request: nobody sees half of it."""
        known = self.aliases()
        steps: list[Any] = []
        for alias, name in names.items():
            if alias in known:
                steps.append(models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=alias)))
            made = models.CreateAlias(collection_name=name, alias_name=alias)
            steps.append(models.CreateAliasOperation(create_alias=made))
        with self._reached():
            self._client.update_collection_aliases(steps)

    def aliases(self) -> dict[str, str]:
        """Alias -> collection."""
        with self._reached():
            return {each.alias_name: each.collection_name for each in self._client.get_aliases().aliases}

    def close(self) -> None:
        """No call may follow."""
        self._client.close()
        if self._searching is not self._client:
            self._searching.close()

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Nobody who did not answer is asked again at once: searches that wait would miss their deadlines."""
        if time.monotonic() < self._gone:
            raise Unreachable("Qdrant cannot be asked: it did not answer a moment ago")
        try:
            yield
        except (ApiException, ResponseHandlingException, httpx.HTTPError) as error:
            if not isinstance(error, UnexpectedResponse):  # that is an answer
                self._gone = time.monotonic() + AGAIN_S
            raise Unreachable(f"Qdrant cannot be asked: {error}") from error

    def _batches(self, points: Sequence[Point]) -> Iterator[tuple[str | None, Sequence[Point]]]:
        by_shard: dict[str | None, list[Point]] = {}
        for point in points:
            by_shard.setdefault(point.shard if self.sharded else None, []).append(point)
        for shard, some in by_shard.items():
            for start in range(0, len(some), BATCH):
                yield shard, some[start : start + BATCH]


def _remote(client: QdrantClient) -> bool:
    """Local mode keeps no payload indexes, and warns of them."""
    return hasattr(client._client, "rest_uri")


def _filter(filter: Filter | None) -> models.Filter | None:
    return None if filter is None else models.Filter(**filter)


def _vectors(point: Point) -> dict[str, Any]:
    made: dict[str, Any] = {} if point.meaning is None else {MEANING: list(point.meaning)}
    for name, words in point.words.items():
        made[name] = models.SparseVector(indices=list(words), values=list(words.values()))
    return made
