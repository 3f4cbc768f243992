"""Does a busy route answer the same on its own way as on FastAPI's, and leave what is not plainly right to that one?"""

from typing import Any

import pytest
from starlette.testclient import TestClient

import api.direct

BODIES: dict[str, dict[str, Any]] = {
    "/v1/search": {"q": "适合周末带娃去的咖啡店", "limit": 5, "at": "2026-11-22T10:00:00+08:00", "kinds": ["poi"]},
    "/v1/feed": {"limit": 5},
}


def _page(client: TestClient, path: str, content_type: str) -> dict[str, Any]:
    reply = client.request("POST", path, json=BODIES[path], headers={"Content-Type": content_type})
    assert reply.status_code == 200
    page: dict[str, Any] = reply.json()
    for name in ("query_id", "timings"):
        assert page.pop(name)
    page["parse"].pop("parser", None)
    if path == "/v1/feed":  # each first page begins a list of its own
        assert page.pop("cursor")
    return page


@pytest.mark.parametrize("path", BODIES)
def test_both_ways_give_the_same_page(reader: TestClient, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = _page(reader, path, "application/vnd.lifestyle+json")  # FastAPI takes it, the short way does not

    async def never(*_: object) -> None:
        raise AssertionError("this request needs none of FastAPI's work")

    monkeypatch.setattr(api.direct.APIRoute, "handle", never)
    for content_type in ("application/json", "application/json; charset=utf-8"):
        assert _page(reader, path, content_type) == theirs


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"headers": {"Authorization": "Bearer nobody"}}, 401),
        ({"headers": {"Authorization": "Basic nobody"}}, 401),
        ({"json": {"q": "cafe", "limit": 0}}, 422),
        ({"json": {"q": "cafe", "unknown": 1}}, 422),
        ({"json": ["cafe"]}, 422),
        ({"json": {"q": "cafe", "sort": "beauty"}}, 422),
        ({"content": b"{"}, 400),
        ({"content": b"cafe", "headers": {"Content-Type": "text/plain"}}, 400),
        ({"content": b'{"q": "cafe"}', "headers": {"Content-Type": "text/plain"}}, 422),
    ],
)
def test_what_is_wrong_is_said_in_the_one_shape_of_errors(
    reader: TestClient, change: dict[str, Any], status: int
) -> None:
    reply = reader.request("POST", "/v1/search", **change)
    assert reply.status_code == status
    assert set(reply.json()["error"]) >= {"code", "message"}
