"""Does a real server, spoken to over sockets, bound its bodies, shut down gracefully and stay light?"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.settings import DEMO_KEY
from tests.api.world import FLAGSHIP, KEY, listening

HEAD = f"POST /v1/search HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {DEMO_KEY}\r\nContent-Type: application/json\r\n"
BODY = b'{"q": "cafe", "budget_ms": 2000}'


@pytest.fixture(scope="module")
def port(published: Path) -> Iterator[int]:
    """uvicorn on a port of its own."""
    with listening(published) as taken:
        yield taken


def raw(port: int, *parts: bytes) -> bytes:
    """Send bytes as they are; -> all that comes back until the server closes or is silent for long."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        got = b""
        try:
            for part in parts:
                line.sendall(part)
            while chunk := line.recv(65536):
                got += chunk
                if b"\r\n\r\n" in got and got.count(b"}}") and b"HTTP/1.1 4" in got:
                    break
        except (ConnectionError, TimeoutError):
            pass
        return got


def test_it_speaks_http(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=KEY) as client:
        reply = client.post("/v1/search", json={"q": FLAGSHIP, "kinds": ["poi"]})
        assert reply.status_code == 200
        assert "total;dur=" in reply.headers["server-timing"]
        assert reply.json()["hits"]
        assert client.get("/").headers["content-type"].startswith("text/html")
        assert client.get("/metrics").headers["content-type"].startswith("text/plain")


def test_a_body_without_a_length_is_counted(port: int) -> None:
    head = f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode()
    small = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(head + small)
        assert line.recv(100).startswith(b"HTTP/1.1 200")
    chunk = b"1000\r\n" + b" " * 4096 + b"\r\n"
    assert raw(port, head, chunk * 17).startswith(b"HTTP/1.1 413")


def test_a_length_that_is_too_large_is_refused_before_the_body_comes(port: int) -> None:
    assert raw(port, f"{HEAD}Content-Length: 99999999\r\n\r\n".encode()).startswith(b"HTTP/1.1 413")


def test_a_length_that_lies_harms_nobody(port: int) -> None:
    short = raw(port, f"{HEAD}Content-Length: 5\r\n\r\n".encode(), BODY)
    assert short.startswith(b"HTTP/1.1 400")
    assert raw(port, f"{HEAD}Content-Length: -5\r\n\r\n".encode(), BODY).startswith(b"HTTP/1.1 400")
    line = socket.create_connection(("127.0.0.1", port), timeout=5)
    line.sendall(f"{HEAD}Content-Length: 5000\r\n\r\n".encode() + BODY)  # and then nothing more
    assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    line.close()


def test_many_ask_at_once(port: int) -> None:
    replies: list[int] = []

    def ask() -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=KEY, timeout=30) as client:
            for n in range(5):
                replies.append(client.post("/v1/search", json={"q": f"cafe {n}"}).status_code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == [200] * 20


SERVING = """
import sys, time
began = time.perf_counter()
from pathlib import Path
from starlette.testclient import TestClient
from api.app import create_app
from api.settings import DEMO_KEY, Settings
with TestClient(create_app(Settings(root=Path(sys.argv[1]), encoder="hash"))) as client:
    started = time.perf_counter() - began
    key = {"Authorization": f"Bearer {DEMO_KEY}"}
    reply = client.post("/v1/search", json={"q": "cafe", "budget_ms": 2000}, headers=key)
heavy = sorted({name.split(".")[0] for name in sys.modules} & {"torch", "sentence_transformers", "transformers"})
import json
print(json.dumps({"status": reply.status_code, "seconds": round(started, 2), "heavy": heavy}))
"""


def test_the_serving_process_is_light(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-c", SERVING, str(root)]
    began = time.monotonic()
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(Path.cwd())}
    )
    said = json.loads(done.stdout)
    with capsys.disabled():
        sys.stdout.write(
            f"\nserving: ready {said['seconds']} s after its first import ({time.monotonic() - began:.1f} s in all)\n"
        )
    assert said["status"] == 200
    assert said["heavy"] == []
