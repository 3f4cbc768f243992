"""Do logs, metrics and errors carry a person? Canaries go in at every door, and nothing of them comes out there."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.api.test_cli import serving
from tests.api.test_live import eventually
from tests.api.world import KEY, free_port, ready

CANARIES: Final = {
    "phone": "13912345678",
    "mail": "canary.person@example.org",
    "id number": "110101199003078888",
    "key": "canary-key-0f9e8d7c6b5a",
    "text": "canarytexttheywrote",
    "user": "canary-user-77",
}


def requests(c: dict[str, str]) -> Iterator[tuple[str, str, Any, dict[str, str]]]:
    """Good, bad and crashing requests with canaries in every part."""
    yield "POST", "/v1/search", {"q": f"{c['phone']} {c['text']}", "user_id": c["user"], "personalize": True}, KEY
    yield "GET", f"/v1/search?q={c['mail']}&user_id={c['user']}", None, KEY
    yield "GET", f"/v1/suggest?q={c['id number']}", None, KEY
    yield "POST", "/v1/understand", {"q": c["mail"]}, KEY
    yield "POST", "/v1/search", {"q": c["text"], c["mail"]: 1}, KEY
    yield "POST", "/v1/search", {"q": "a" * 600 + c["phone"]}, KEY
    yield "POST", "/v1/search", {"q": c["text"]}, {"Authorization": f"Bearer {c['key']}"}
    yield "GET", f"/v1/items/{c['phone']}", None, KEY
    yield "DELETE", f"/v1/users/{c['user']}", None, KEY
    yield "POST", "/v1/events", {"events": [{"user_id": c["user"], "action": "click", "object_id": c["text"]}]}, KEY
    yield "POST", "/v1/events", {"events": [{"user_id": c["user"], "action": c["mail"], "object_id": 5}]}, KEY
    note = {"id": "n-canary", "title": c["text"], "body": f"打 {c['phone']} 或写 {c['mail']}", "author_id": c["user"]}
    yield "POST", "/v1/items:upsert", {"items": [{"kind": "note", "item": note}]}, KEY
    yield "POST", "/v1/items:upsert", {"items": [{"kind": "note", "item": note | {"lang": c["text"]}}]}, KEY
    yield "POST", "/v1/feed", {"user_id": c["user"], "personalize": True}, KEY
    yield "GET", f"/{c['mail']}", None, KEY


@pytest.mark.promise(26)
def test_no_canary_is_in_what_a_server_says_of_itself(
    root: Path, record_property: Callable[[str, object], None]
) -> None:
    port = free_port()
    server, sent = serving(root, port), 0
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        assert eventually(lambda: ready(client), 120)
        for method, path, body, headers in requests(CANARIES):
            client.request(method, path, json=body, headers=headers)
            sent += 1
        shown = client.get("/metrics", headers=KEY).text + client.get("/readyz").text
    server.terminate()
    _, logged = server.communicate(timeout=60)
    for what, canary in CANARIES.items():
        assert canary not in shown, what
        assert canary not in (logged or ""), what
    record_property("figure", f"{sent} requests with {len(CANARIES)} canaries: 0 in logs, metrics and health")


@pytest.mark.promise(26)
def test_a_crash_logs_where_and_not_what(
    client: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(client.app.state.parts.engine, "search", broken)
    with caplog.at_level(logging.DEBUG):
        reply = client.post("/v1/search", json={"q": CANARIES["phone"], "user_id": CANARIES["user"]})
    assert reply.status_code == 500
    assert CANARIES["phone"] not in caplog.text + reply.text
    assert CANARIES["user"] not in caplog.text + reply.text
