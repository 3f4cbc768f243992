"""Applications over a small real deployment: one to read from, one for each test that changes something."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.api.world import running


@pytest.fixture(scope="session")
def reader(published: Path) -> Iterator[TestClient]:
    """An application that no test changes."""
    with running(published) as client:
        yield client


@pytest.fixture
def root(published: Path, tmp_path: Path) -> Path:
    """A deployment that a test may change."""
    return Path(shutil.copytree(published, tmp_path / "root"))


@pytest.fixture
def client(root: Path) -> Iterator[TestClient]:
    """An application over `root`."""
    with running(root) as client:
        yield client
