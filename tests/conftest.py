"""Fixtures shared by every test."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.optional import OptionalPackages
from tests.promises import Promises

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tests.contracts.servers import Server

# Timing belongs in benchmarks: a slow machine must not fail a property. The default suite tries the same cases every
# time, so that a change is judged by what it changed; nightly runs try new ones, and a failure becomes a case.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("new", deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    """Choose the cases of property tests before any test module is imported; gather what promises are kept."""
    config.pluginmanager.register(OptionalPackages())
    config.pluginmanager.register(Promises())
    settings.load_profile("new" if config.getoption("markexpr") == "nightly" else "same")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root folder of a small published deployment; copy it before changing anything."""
    from tests.api import world  # noqa: PLC0415  # tests of the engine need none of it

    root = tmp_path_factory.mktemp("published")
    world.deploy(root, world.rows())
    return root


@pytest.fixture(scope="session")
def reader(published: Path) -> Iterator["TestClient"]:
    """An application that no test changes."""
    from tests.api.world import running  # noqa: PLC0415

    with running(published) as client:
        yield client


@pytest.fixture
def root(published: Path, tmp_path: Path) -> Path:
    """A deployment that a test may change."""
    from tests.api.world import copied  # noqa: PLC0415

    return copied(published, tmp_path / "root")


@pytest.fixture
def client(root: Path) -> Iterator["TestClient"]:
    """An application over `root`."""
    from tests.api.world import running  # noqa: PLC0415

    with running(root) as client:
        yield client


@pytest.fixture(scope="session")
def postgres() -> Iterator["Server"]:
    """A PostgreSQL server; whoever asks for it is marked `needs("psycopg")`."""
    from tests.contracts.servers import running  # noqa: PLC0415

    with running() as server:
        yield server
