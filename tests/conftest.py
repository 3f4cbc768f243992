"""Fixtures shared by every test."""

from pathlib import Path

import pytest
from hypothesis import settings

# Timing belongs in benchmarks: a slow machine must not fail a property.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root folder of a small published deployment; copy it before changing anything."""
    from tests.api import world  # noqa: PLC0415  # tests of the engine need none of it

    root = tmp_path_factory.mktemp("published")
    world.deploy(root, world.rows())
    return root
