"""What goes over the wire to a cluster? None runs here: a server that answers anything keeps what it was asked."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from threading import Thread
from typing import Any

import pytest

from indexing.qdrant.payload import INDEXES
from indexing.qdrant.port import MEANING, WORDS, Ask, Point, Unreachable
from tests.api.world import free_port

pytestmark = pytest.mark.needs("qdrant_client")
ID = "00000000-0000-0000-0000-000000000001"


class Wire(ThreadingHTTPServer):
    """(method, path, body) of all that was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Kept)
        self.asked: list[tuple[str, str, Any]] = []


class Kept(BaseHTTPRequestHandler):
    server: Wire

    def answer(self) -> None:
        length, path = int(self.headers.get("Content-Length") or 0), self.path.partition("?")[0]
        self.server.asked.append((self.command, path, json.loads(self.rfile.read(length) or b"null")))
        points = {"points": [{"id": ID, "version": 0, "score": 0.5, "payload": {"id": "a"}}]}
        result: Any = points if path.endswith("/query") else True
        if self.command == "PUT" and path.endswith(("/points", "/index")):
            result = {"operation_id": 0, "status": "completed"}
        body = json.dumps({"result": result, "status": "ok", "time": 0.0}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = answer

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    thread = Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def engine(port: int, **more: Any) -> Any:
    return import_module("indexing.qdrant.client").ClientEngine.at(f"http://127.0.0.1:{port}", **more)


def test_shards_are_keyed_and_fields_indexed_before_any_point_comes(wire: Wire) -> None:
    made = engine(wire.server_port, sharded=True, replicas=2)
    made.create("c", 2, INDEXES, ["杭州", "elsewhere"])
    point = Point(ID, {"id": "a"}, [1.0, 0.0], {WORDS: {3: 0.5}}, "杭州")
    made.put("c", [point, Point(ID, {"id": "b"}, shard="elsewhere")])
    found = made.search(
        "c", Ask(MEANING, [1.0, 0.0], {"must": [{"key": "city", "match": {"any": ["杭州"]}}]}, 5, ["杭州"])
    )
    made.close()
    assert found == [("a", 0.5)]
    asked = [(method, path) for method, path, _ in wire.asked]
    said = {path: body for method, path, body in wire.asked if method != "DELETE"}
    assert (said["/collections/c"]["sharding_method"], said["/collections/c"]["replication_factor"]) == ("custom", 2)
    keys = [body["shard_key"] for _, path, body in wire.asked if path == "/collections/c/shards"]
    assert keys == ["杭州", "elsewhere"]
    fields = {
        body["field_name"]: body["field_schema"] for _, path, body in wire.asked if path == "/collections/c/index"
    }
    assert fields == dict(INDEXES)
    put = [body for method, path, body in wire.asked if (method, path) == ("PUT", "/collections/c/points")]
    assert [body["shard_key"] for body in put] == ["杭州", "elsewhere"]
    assert put[0]["points"][0]["vector"] == {MEANING: [1.0, 0.0], WORDS: {"indices": [3], "values": [0.5]}}
    assert said["/collections/c/points/query"]["shard_key"] == ["杭州"]
    first = asked.index(("PUT", "/collections/c/points"))
    assert not any(path.endswith(("/index", "/shards")) for _, path in asked[first:])


def test_without_shards_none_is_named(wire: Wire) -> None:
    made = engine(wire.server_port)
    made.create("c", 2, {}, ["杭州", "elsewhere"])
    made.put("c", [Point(ID, {"id": "a"}, [1.0, 0.0], shard="杭州")])
    made.close()
    assert not any(path.endswith("/shards") for _, path, _ in wire.asked)
    assert not any((body or {}).get("shard_key") for _, _, body in wire.asked)


def test_who_does_not_answer_is_left_alone_for_a_while() -> None:
    made = engine(free_port())
    with pytest.raises(Unreachable, match="cannot be asked"):
        made.search("c", Ask(MEANING, [1.0, 0.0], None, 5))
    with pytest.raises(Unreachable, match="a moment ago"):
        made.search("c", Ask(MEANING, [1.0, 0.0], None, 5))
    made.close()
