"""Can a name that a client sends become a path? Traversal strings through every route that takes one."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from engine.errors import BadQuery
from indexing.tenants import tenant_folder
from tests.api.world import running

_STEPS = ("..", ".", "%2e%2e", "..%2f", "..%5c", "．．", "..;", "‥", "%c0%ae%c0%ae", "....//", ".%00.", "%252e%252e")
_TARGETS = (
    "/etc/passwd", "\\windows\\win.ini", "/default/CURRENT", "/outside", "store.sqlite",
    "/snapshots/00000001/MANIFEST",
)  # fmt: skip
_LONE = (
    "", ".", "..", "~", "~root", "CON", "NUL", "aux.txt", "a" * 300, "\u202e/x", "a\u0000b", "file:///etc/passwd",
    "//server/share", "C:\\", "-rf", "$(id)", "`id`", "|id", ";id", "*", "?", "a\nb", "ａ／ｂ", "%", "%zz", "\ufeff..",
    "…/", "..\u2215..", "..\u2044..", "/dev/null", "/proc/self/environ", "default/../other",
    "'; DROP TABLE items; --",
)  # fmt: skip
STRINGS = [*_LONE, *(step * times + target for step in _STEPS for times in (1, 2, 5) for target in _TARGETS)]
#: Routes with a name in the path; method, path, body.
ROUTES = (
    ("GET", "/v1/items/{}", None),
    ("GET", "/v1/items/{}/evidence", None),
    ("GET", "/v1/similar/{}", None),
    ("PATCH", "/v1/items/{}", {"rating": 4}),
    ("DELETE", "/v1/items/{}", None),
    ("DELETE", "/v1/users/{}", None),
    ("GET", "/static/{}", None),
)


def tree(folder: Path, but: Path) -> str:
    """A digest of every path and byte below a folder, but those of the root."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path != but and but not in path.parents:
            digest.update(str(path).encode() + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest()


@pytest.fixture
def secret(tmp_path: Path) -> Iterator[str]:
    """A file beside the root that no answer may hold."""
    (tmp_path / "outside").write_text("the-secret-beside-the-root")
    yield "the-secret-beside-the-root"
    assert (tmp_path / "outside").read_text() == "the-secret-beside-the-root"


@pytest.mark.promise(17)
def test_no_name_is_a_path(
    root: Path, tmp_path: Path, secret: str, record_property: Callable[[str, object], None]
) -> None:
    before, sent = tree(tmp_path, root), 0
    with running(root) as client:
        for text in STRINGS:
            for method, path, body in ROUTES:
                reply = client.request(method, path.format(quote(text, safe="")), json=body)
                assert reply.status_code in {200, 307, 404, 405, 422}, (method, path, text, reply.text)
                assert secret not in reply.text and "root:x:0" not in reply.text
                sent += 1
            event = {"user_id": text or "u", "action": "save", "object_id": text or "x"}
            assert client.post("/v1/events", json={"events": [event]}).status_code in {200, 422}
            assert client.post("/v1/search", json={"q": text or "x", "user_id": text or "u"}).status_code in {200, 422}
            sent += 2
    assert tree(tmp_path, root) == before
    record_property("figure", f"{len(STRINGS)} strings, {sent} requests, nothing outside the root touched")


@pytest.mark.promise(17)
@pytest.mark.parametrize("text", STRINGS)
def test_no_such_string_is_a_tenant(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadQuery):
        tenant_folder(tmp_path, text)
