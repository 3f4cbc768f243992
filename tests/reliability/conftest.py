"""What is apart from the default run? Minutes of stress, faults and hostile input: all here is `make reliability`."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The mark of this folder."""
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("nightly") is None:
            item.add_marker(pytest.mark.reliability)
