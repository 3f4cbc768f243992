"""Fixtures shared by every test."""

from pathlib import Path

import pytest
from hypothesis import settings

# Timing belongs in benchmarks: a slow machine must not fail a property. The default suite tries the same cases every
# time, so that a change is judged by what it changed; nightly runs try new ones, and a failure becomes a case.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("new", deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    """Choose the cases of property tests before any test module is imported."""
    settings.load_profile("new" if config.getoption("markexpr") == "nightly" else "same")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root folder of a small published deployment; copy it before changing anything."""
    from tests.api import world  # noqa: PLC0415  # tests of the engine need none of it

    root = tmp_path_factory.mktemp("published")
    world.deploy(root, world.rows())
    return root
