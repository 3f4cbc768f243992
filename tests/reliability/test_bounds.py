"""Is every input bounded? Both sides of each limit, and what stalls harms nobody else."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from starlette.testclient import TestClient

from tests.api.world import KEY, listening

LONG: Final = {"slot": "price", "op": "lte", "value": 100}
EVENT: Final = {"user_id": "u", "action": "click", "object_id": "x"}


def nested(depth: int) -> dict[str, Any]:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return {"q": "a", "filters": [{"slot": "price", "op": "lte", "value": value}]}


def cafe(number: int) -> dict[str, Any]:
    return {"kind": "poi", "item": {"id": f"b-{number}", "name": "x"}}


def padded(size: int) -> bytes:
    body = b'{"q": "a"}'
    return body + b" " * (size - len(body))


#: limit: method and path, the last that is allowed, the first that is not, the status of the second.
LIMITS: Final[dict[str, tuple[str, Any, Any, set[int]]]] = {
    "characters of a query": ("POST /v1/search", {"q": "草" * 512}, {"q": "草" * 513}, {422}),
    "bytes of a body": ("POST /v1/search", padded(65536), padded(65537), {413}),
    "hits of a page": ("POST /v1/search", {"q": "a", "limit": 100}, {"q": "a", "limit": 101}, {422}),
    "filters": ("POST /v1/search", {"q": "a", "filters": [LONG] * 32}, {"q": "a", "filters": [LONG] * 33}, {422}),
    "budget": ("POST /v1/search", {"q": "a", "budget_ms": 2000}, {"q": "a", "budget_ms": 2001}, {422}),
    "items of a batch": ("POST /v1/items:upsert", {"items": [cafe(n) for n in range(500)]},
                         {"items": [cafe(n) for n in range(501)]}, {422}),
    "events of a batch": ("POST /v1/events", {"events": [EVENT] * 500}, {"events": [EVENT] * 501}, {422}),
    "nesting": ("POST /v1/search", {"q": "a"}, nested(600), {400, 422}),
}  # fmt: skip


@pytest.mark.promise(13)
@pytest.mark.parametrize("what", LIMITS)
def test_the_last_allowed_is_taken_and_the_first_beyond_refused_before_any_search(
    client: TestClient, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    route, allowed, beyond, statuses = LIMITS[what]
    method, path = route.split()

    def send(body: Any) -> httpx.Response:
        if isinstance(body, bytes):
            return client.request(method, path, content=body, headers={"Content-Type": "application/json"})
        return client.request(method, path, json=body)

    assert send(allowed).status_code == 200
    searched: list[Any] = []
    monkeypatch.setattr(client.app.state.parts.engine, "search", lambda *a, **k: searched.append(a))  # type: ignore[attr-defined]
    reply = send(beyond)
    assert reply.status_code in statuses, reply.text
    assert searched == []
    assert reply.json()["error"]["message"]


@pytest.mark.promise(13)
def test_a_hundred_stalled_connections_harm_nobody(
    published: Path, record_property: Callable[[str, object], None]
) -> None:
    with listening(published) as port:
        stalled = []
        for _ in range(100):
            line = socket.create_connection(("127.0.0.1", port), timeout=30)
            line.sendall(b"POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Le")
            stalled.append(line)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=KEY, timeout=60) as client:
            answers = [client.post("/v1/search", json={"q": f"café {n}"}).status_code for n in range(20)]
        for line in stalled:
            line.close()
    assert answers == [200] * 20
    record_property("figure", "20 searches beside 100 stalled connections: all answered")


@pytest.mark.promise(13)
def test_headers_are_bounded(published: Path) -> None:
    with listening(published) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=KEY) as client:
        assert client.get("/v1/suggest?q=a", headers={"X-Long": "a" * 10_000}).status_code == 200
        refused = client.get("/v1/suggest?q=a", headers={"X-Long": "a" * 20_000})
        assert refused.status_code == 431
        assert refused.json()["error"]["code"] == "TooLarge"
