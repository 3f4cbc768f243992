"""A language model's endpoint on this machine, and a question with a good answer of it."""

import json
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any

from api.refiner import ChatRefiner

TEXT = "想找个能看夜景的安静咖啡馆，要素食"
QUIET = {"slot": "ambience", "op": "has", "value": "quiet", "hardness": "hard", "polarity": 1, "span": [8, 10]}
CAFE = {"slot": "category", "op": "eq", "value": "coffee shop", "hardness": "hard", "polarity": 1, "span": [10, 13]}
GOOD = {"intent": "find_place", "constraints": [QUIET, CAFE], "sort": "rating", "limit": None}


class Endpoint:
    """A chat endpoint on this machine that says what it is told to say."""

    def __init__(self) -> None:
        self.content: Any = GOOD
        self.raw: bytes | None = None
        self.status, self.slow, self.asked = 200, 0.0, list[dict[str, Any]]()
        self.keys: list[str | None] = []
        self.parents: list[str | None] = []
        self.stop = Event()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                endpoint.keys.append(self.headers.get("Authorization"))
                endpoint.parents.append(self.headers.get("traceparent"))
                endpoint.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                endpoint.stop.wait(endpoint.slow)
                said = endpoint.content if isinstance(endpoint.content, str) else json.dumps(endpoint.content)
                body = endpoint.raw or json.dumps({"choices": [{"message": {"content": said}}]}).encode()
                self.send_response(endpoint.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

            def handle(self) -> None:
                with suppress(ConnectionError):  # the other side had no more patience
                    super().handle()

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def refiner(self, timeout_ms: float = 2000) -> ChatRefiner:
        return ChatRefiner(self.url, "model", "secret", timeout_ms)
