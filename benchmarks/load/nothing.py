"""What does HTTP alone cost? A FastAPI route that returns the same bytes as our server and does nothing else."""

import os
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response

APP: Final = "benchmarks.load.nothing:create_app"
#: A setting (see benchmarks.load.server.serving): the file whose bytes are the answer.
ANSWER: Final = "ANSWER"


def create_app() -> FastAPI:
    """The request's body is received, and nobody reads it."""
    data, app = Path(os.environ[f"LIFESTYLE_{ANSWER}"]).read_bytes(), FastAPI()

    async def search(request: Request) -> Response:
        await request.body()
        return Response(data, media_type="application/json")

    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    app.post("/v1/search")(search)
    app.get("/readyz")(ready)
    return app
