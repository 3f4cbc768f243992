"""How large may a request be? Bytes are counted as they arrive, whatever Content-Length says."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer

SMALL, LARGE = 64 * 1024, 1024 * 1024
#: Paths that take batches.
LARGE_PATHS = frozenset({"/v1/items:upsert", "/v1/events"})


class BodyLimit:
    """413 as soon as a body grows past its route's limit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap `receive` with a counter; the whole (small) body is read before any work starts."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = LARGE if scope["path"] in LARGE_PATHS else SMALL
        chunks: list[Message] = []
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return  # the client left
            chunks.append(message)
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
            if size > limit:
                reply = answer(413, "TooLarge", f"the body is larger than {limit} bytes; send smaller batches")
                await reply(scope, receive, send)
                return

        async def replay() -> Message:
            return chunks.pop(0) if chunks else await receive()

        await self.app(scope, replay, send)
