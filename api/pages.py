"""Which pages does the server hand out, and what may they do? Only what comes from here: nothing inline, nobody else.

The files are made by `make page` from clients/web and lie in api/web, in the wheel too.
"""

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

from api.settings import Settings

WEB: Final = Path(__file__).parent / "web"
#: Names of assets hold a digest of what is in them; a page is asked for anew each time, which is answered by 304.
FOREVER, ANEW = "public, max-age=31536000, immutable", "no-cache"


class Assets(StaticFiles):
    """The files below api/web; those with a digest in their names are kept by browsers."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """As StaticFiles, and how long it may be kept."""
        found = await super().get_response(path, scope)
        found.headers["Cache-Control"] = FOREVER if path.startswith("assets") and found.status_code < 400 else ANEW
        return found


def pages(app: FastAPI, settings: Settings) -> None:
    """Mount the page at / and its files at /static."""
    manners = _manners(settings)
    told = {"tiles": settings.tiles_url, "credit": settings.tiles_credit, "budget_ms": settings.budget_ms}

    @app.get("/", include_in_schema=False)
    @app.get("/console", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(WEB / "index.html", headers=manners)

    @app.get("/static/page.json", include_in_schema=False)
    async def configured() -> JSONResponse:
        return JSONResponse(told, headers={"Cache-Control": ANEW})

    app.mount("/static", Assets(directory=WEB), name="static")


def _manners(settings: Settings) -> dict[str, str]:
    """The headers of a page."""
    tiles = [_origin(settings.tiles_url)] if settings.tiles_url else []
    rules: dict[str, list[Any]] = {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", *tiles],
        "connect-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    return {
        "Content-Security-Policy": "; ".join(" ".join([name, *allowed]) for name, allowed in rules.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer" if not tiles else "strict-origin",  # owners of tiles ask who shows them
        "Cache-Control": ANEW,
    }


def _origin(url: str) -> str:
    """https://{s}.tile.example/{z}/{x}/{y}.png -> https://*.tile.example"""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"
