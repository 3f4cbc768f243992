"""How large may a request be, and is it JSON? Bytes are counted as they arrive, whatever Content-Length says."""

from typing import Final

import msgspec
from fastapi import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer

#: Where the request's scope keeps the body, once it has been read.
JSON: Final = "lifestyle.json"
SMALL, LARGE = 64 * 1024, 1024 * 1024
#: Bytes of all headers together.
HEADERS: Final = 16 * 1024
#: Paths that take batches.
LARGE_PATHS = frozenset({"/v1/items:upsert", "/v1/events"})
#: Paths that take lines as they come: the route bounds each line (api/lines.py).
STREAM_PATHS = frozenset({"/v1/items:stream"})


class BodyLimit:
    """431 for large headers, 413 once a body is said to be, or grows, too large for its route, 400 for no JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The whole (small) body is read before any work starts; the application gets it in one message.

        The strict reader refuses what the lenient one behind it takes: NaN, infinity, halves of surrogate pairs.
        """
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADERS:
            await answer(431, "TooLarge", f"the headers are larger than {HEADERS} bytes")(scope, receive, send)
            return
        if scope["path"] in STREAM_PATHS:
            await self.app(scope, receive, send)
            return
        body = await _read(receive, _declared(scope), LARGE if scope["path"] in LARGE_PATHS else SMALL)
        if body is None:
            return  # the client left
        if body and not isinstance(body, Response):
            try:
                scope[JSON] = msgspec.json.decode(body)
            except (ValueError, RecursionError) as error:
                body = answer(400, "BadJson", f"the body is not JSON in UTF-8: {error}")
        if isinstance(body, Response):
            await body(scope, receive, send)
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return waiting.pop() if waiting else await receive()

        await self.app(scope, replay, send)


async def _read(receive: Receive, declared: int, limit: int) -> bytes | Response | None:
    body, more = bytearray(), True
    while more:
        if max(declared, len(body)) > limit:
            return answer(413, "TooLarge", f"the body is larger than {limit} bytes; send smaller batches")
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False) or len(body) > limit
    return bytes(body)


def _declared(scope: Scope) -> int:
    """What Content-Length says; 0 when it is missing or no number, for the bytes are counted anyway."""
    said = dict(scope["headers"]).get(b"content-length", b"0")
    return int(said) if said.isdigit() and len(said) < 19 else 0
