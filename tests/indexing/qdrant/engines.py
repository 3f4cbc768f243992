"""The engines that tests run on: qdrant-client's local mode, and the engine itself in this process."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.contracts.indexes import needs


def client(folder: Path) -> Any:
    needs("qdrant_client")
    return import_module("indexing.qdrant.client").ClientEngine.at(":memory:")


def edge(folder: Path) -> Any:
    needs("qdrant_edge")
    return import_module("indexing.qdrant.edge").EdgeEngine(folder)


ENGINES: dict[str, Callable[[Path], Any]] = {"client": client, "edge": edge}
