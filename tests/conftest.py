"""Fixtures shared by every test."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root folder of a small published deployment; copy it before changing anything."""
    from tests.api import world  # noqa: PLC0415  # tests of the engine need none of it

    root = tmp_path_factory.mktemp("published")
    world.deploy(root, world.rows())
    return root
