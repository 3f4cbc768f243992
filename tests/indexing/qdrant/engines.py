"""The engines that tests run on: qdrant-client's local mode, and the engine itself in this process."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest


def _client(folder: Path) -> Any:
    return import_module("indexing.qdrant.client").ClientEngine.at(":memory:")


def _edge(folder: Path) -> Any:
    return import_module("indexing.qdrant.edge").EdgeEngine(folder)


#: The package that an engine needs -> an empty engine, which may keep its collections in a folder.
ENGINES: Final[dict[str, Callable[[Path], Any]]] = {"qdrant_client": _client, "qdrant_edge": _edge}
#: For fixtures: each engine in turn.
EACH: Final = [pytest.param(made, id=package, marks=pytest.mark.needs(package)) for package, made in ENGINES.items()]
