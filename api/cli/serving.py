"""lifestyle serve, lifestyle demo: the API and the page."""

import ipaddress
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.cli.shared import Root, Tenant, settings
from api.settings import Settings
from api.workers import serve_many
from engine.errors import BadQuery

Port = Annotated[int, typer.Option("--port", min=1, max=65535)]


def add(app: typer.Typer) -> None:
    """Mount the commands."""
    app.command()(serve)
    app.command()(demo)


def serve(
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="processes that share the port")] = 1,
    root: Root = None,
    tenant: Tenant = None,
) -> None:
    """Serve the HTTP API and the page at `/`.

    Each worker searches on LIFESTYLE_WORKERS threads of its own.

    Example: `lifestyle serve --port 8080 --root var --workers 2`
    """
    chosen = settings(root, tenant)
    refuse_open_demo(host, chosen)
    if workers > 1:
        serve_many(chosen, host, port, workers)
        return
    # uvicorn finishes what runs and then raises the signal again: SIGTERM is a clean end here, with exit code 0.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        create_app(chosen), host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=10
    )


def demo(
    port: Port = 8000,
    root: Root = Path("var/demo"),
    once: Annotated[bool, typer.Option("--once", help="stop after the answers instead of serving on")] = False,
) -> None:
    """Build an index from the bundled sample, train the ranker, start the API and the page, ask the flagship query.

    Example: `lifestyle demo --port 8000`
    """
    from api.demo import run_demo  # noqa: PLC0415  # it trains; `serve` does not wait for what training needs

    run_demo(settings(root, "default"), port, once)


def refuse_open_demo(host: str, chosen: Settings) -> None:
    """The demo key is published: it must not open anything to a network."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if chosen.demo_key and not loopback:
        raise BadQuery("--host", f"{host} is open to a network; set LIFESTYLE_DEMO_KEY=false and LIFESTYLE_KEYS first")
