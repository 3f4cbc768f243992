"""What does a small real deployment look like? A part of the sample, through the real jobs, with the hash encoder."""

import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.testclient import TestClient

from api.app import create_app
from api.guard import digest
from api.layout import Layout
from api.settings import DEMO_KEY, Key, Settings
from engine.types import Kind
from indexing.encode import load_encoder
from indexing.ingest import ingest
from indexing.jobs import build, publish, tables_in
from indexing.publish import Publisher
from indexing.sample.files import load_tables
from indexing.store import SqliteStore

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FLAGSHIP = "适合周末带娃去的、有草坪的、近郊的咖啡店"
KEY = {"Authorization": f"Bearer {DEMO_KEY}"}
PLACES, PRODUCTS = 120, 80

Rows = Mapping[Kind, Sequence[Mapping[str, Any]]]


def clock() -> datetime:
    """The sample's present."""
    return NOW


def rows() -> dict[Kind, list[dict[str, Any]]]:
    """Cafés first (the flagship ones among them), then other places; the notes about them; some products."""
    tables = load_tables()
    places = sorted(tables["poi"], key=lambda row: row["category"] != "cafe")[:PLACES]
    products = tables["product"][:PRODUCTS]
    known = {row["id"] for row in (*places, *products)}
    about = [n for n in tables["note"] if known.intersection([*(n["poi_ids"] or ()), *(n["product_ids"] or ())])]
    return {"poi": places, "product": products, "note": about}


def settings(root: Path, **more: Any) -> Settings:
    """Settings of a deployment under `root`."""
    return Settings(root=root, **{"encoder": "hash", "spare_mb": 0, **more})


def deploy(root: Path, tables: Rows, tenant: str = "default", fresh: bool = True) -> str:
    """Ingest, build (with what the live store holds) and publish; -> the snapshot's number."""
    layout = Layout(root)
    if fresh:
        take_in(root, tables, tenant)
    store = SqliteStore(layout.store)
    try:
        build(tables_in(layout.tables(tenant)), tenant, store, load_encoder("hash", offline=True),
              layout.built(tenant), now=NOW, voices=True)  # fmt: skip
    finally:
        store.close()
    return publish(layout.built(tenant), tenant, Publisher(root))


def copied(root: Path, to: Path) -> Path:
    """A copy of a deployment without its live store.

    Whoever opens and closes the files of a store lets go of the locks that SQLite holds on them for this process: then
    another process cuts off the memory that a server here still shares through them.
    """
    return Path(shutil.copytree(root, to, ignore=shutil.ignore_patterns("store.sqlite*")))


def take_in(root: Path, tables: Rows, tenant: str = "default") -> None:
    """Write the rows to files and ingest them."""
    folder = root / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    for kind, items in tables.items():
        path = folder / f"{kind}.jsonl"
        path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), encoding="utf-8")
        assert ingest([path], kind, None, Layout(root).tables(tenant), clock).refused == 0


@contextmanager
def running(root: Path, now: Callable[[], datetime] = clock, **more: Any) -> Iterator[TestClient]:
    """An application with its lifespan, asked with the demo key. Crashes become answers, as over a socket.

    Searches are never cut unless a test says so: a busy machine must not fail a test.
    """
    app = create_app(settings(root, **{"budget_ms": 2000.0, "follow_seconds": 0.05, **more}), clock=now)
    with TestClient(app, headers=KEY, raise_server_exceptions=False) as client:
        yield client


@contextmanager
def neighbouring(root: Path, places: int = 1) -> Iterator[TestClient]:
    """An application of two tenants, left and right, with the same texts under ids of their own. Keys: their names."""
    for tenant in ("left", "right"):
        ids = [f"{tenant}-cafe" if number == 0 else f"{tenant}-cafe-{number}" for number in range(places)]
        cafes = [{"id": i, "name": "同名咖啡", "category": "cafe", "city": "杭州", "body": "有草坪。"} for i in ids]
        note = {"id": f"{tenant}-note", "title": "同名咖啡有草坪", "body": "草坪很大。", "poi_ids": [ids[0]]}
        deploy(root, {"poi": cafes, "note": [note]}, tenant)
    keys = [key_for(tenant, tenant, "search", "write") for tenant in ("left", "right", "ghost")]
    app = create_app(settings(root, keys=keys, demo_key=False, budget_ms=2000.0), clock=clock)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@contextmanager
def listening(root: Path, now: Callable[[], datetime] = clock, **more: Any) -> Iterator[int]:
    """A real uvicorn over `root` in a thread of its own; -> the port that the system gave it."""
    app = create_app(settings(root, **{"budget_ms": 2000.0, **more}), clock=now)
    quiet = {"log_level": "critical", "access_log": False, "timeout_graceful_shutdown": 10}
    server = uvicorn.Server(uvicorn.Config(app, port=0, **quiet))
    thread = threading.Thread(target=server.run)
    thread.start()
    while thread.is_alive() and not server.started:
        time.sleep(0.02)
    assert server.started
    port: int = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(30)
    assert not thread.is_alive()


def key_for(name: str, tenant: str, *scopes: str) -> Key:
    """An API key as settings hold it, for the bearer token `name`."""
    return Key(digest=digest(name), tenant=tenant, scopes=frozenset(scopes))


def bearer(name: str) -> dict[str, str]:
    """The header that a client sends."""
    return {"Authorization": f"Bearer {name}"}


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ready(client: httpx.Client) -> bool:
    """Does a server of its own process answer, with a snapshot loaded?"""
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False
