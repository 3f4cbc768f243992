"""Do the load generators ask as they say they do, and is a limited server limited?"""

import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from benchmarks.load import nothing
from benchmarks.load.clients import CONNECTIONS, Seen, closed_loop, fresh_words, open_loop
from benchmarks.load.http import SHARES, by_share
from benchmarks.load.limits import limited

ANSWER = b'{"hits": [], "total": 3, "degraded": [{"stage": "rank"}]}'
AT_ONCE = 8


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    together: threading.Barrier | None = None
    bodies: list[bytes] = []  # noqa: RUF012  # one list for each test

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.bodies.append(body)
        if self.together is not None:
            self.together.wait(20)
        self.send_response(500 if b"bad" in body else 200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_: object) -> None:
        """Be silent."""


@contextmanager
def _served(together: int = 0) -> Iterator[tuple[int, list[bytes]]]:
    """A server that, when told so, answers nobody before so many ask at once."""
    barrier = threading.Barrier(together) if together else None
    handler = type("Handler", (_Handler,), {"together": barrier, "bodies": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1], handler.bodies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_closed_loop_counts_what_it_saw() -> None:
    with _served() as (port, bodies):
        seen, _ = closed_loop(port, [{"q": "good"}, {"q": "bad"}], 2, 0.3, unique=False)
    assert len(seen.spent) + seen.failed["500"] == len(bodies) > 0
    assert seen.degraded["rank"] == len(seen.spent) == len(seen.totals)
    assert {total for _, total in seen.totals} <= {3}


def test_an_open_loop_sends_on_while_nobody_answers() -> None:
    assert AT_ONCE <= CONNECTIONS
    with _served(together=AT_ONCE) as (port, bodies):
        seen, _ = open_loop(port, [{"q": "a"}], rate=2000.0, seconds=0.05, unique=True)
    whole = len(bodies) - len(bodies) % AT_ONCE  # the last ones may have waited for others in vain
    assert len(seen.spent) >= whole >= AT_ONCE
    assert len(set(bodies)) == len(bodies)  # no text twice


def test_no_two_words_come_twice_and_they_are_of_the_language_of_the_text() -> None:
    words = [fresh_words(text) for text in ("cafe", "咖啡", "cafe 咖啡") for _ in range(2000)]
    assert len(set(words)) == 6000
    assert all(each.isascii() == (at < 2000) for at, each in enumerate(words))


def test_every_answer_has_its_group() -> None:
    seen = Seen(totals=[(1.0, total) for total in (0, 1, 5, 40, 500, 1000)])
    rows = by_share(seen, 1000)
    assert [row["answers"] for row in rows] == [2, 1, 1, 2]
    assert len(rows) == len(SHARES)
    assert rows[1]["p50 ms"] == 1.0


def test_without_a_number_there_is_no_limit() -> None:
    with limited(None) as limit:
        assert limit.said == "no memory limit"


def test_a_process_is_held() -> None:
    with limited(512) as limit:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        try:
            limit.hold(child.pid)
            if "group" in limit.said:
                assert "lifestyle-load" in Path(f"/proc/{child.pid}/cgroup").read_text("ascii")
            else:
                assert resource.prlimit(child.pid, resource.RLIMIT_AS)[0] == 512 << 20
        finally:
            child.communicate(b"\n")


def test_the_route_that_does_nothing_returns_the_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "answer.json").write_bytes(ANSWER)
    monkeypatch.setenv("LIFESTYLE_ANSWER", str(tmp_path / "answer.json"))
    with TestClient(nothing.create_app()) as client:
        assert client.post("/v1/search", json={"q": "x"}).content == ANSWER
        assert client.get("/readyz").status_code == 200
