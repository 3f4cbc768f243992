"""Which tests need packages that not everybody installs? Of those that need a missing one, one is skipped aloud.

The others are left out of the run (pytest counts them as deselected); the one that is skipped says how many there are.
Mark a test or a parameter with `pytest.mark.needs("package", ..)`, by the names under which the packages are imported.
"""

from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec

import pytest


class OptionalPackages:
    """A plugin: once for each missing package, the reason; after whatever else chooses tests."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        missing = {item.nodeid: _missing(item) for item in items}
        counts = Counter(package for packages in missing.values() for package in packages)
        told: set[str] = set()
        left: list[pytest.Item] = []
        for item in items:
            packages = [package for package in missing[item.nodeid] if package not in told]
            if packages:
                told.update(packages)
                reasons = (f"{package} is not installed: {counts[package]} tests need it" for package in packages)
                item.add_marker(pytest.mark.skip(reason="; ".join(reasons) + " (make cluster)"))
            elif missing[item.nodeid]:
                left.append(item)
        if left:
            config.hook.pytest_deselected(items=left)
            gone = {item.nodeid for item in left}
            items[:] = [item for item in items if item.nodeid not in gone]


def _missing(item: pytest.Item) -> Sequence[str]:
    """The packages that a test needs and that are not installed, each once."""
    wanted = (package for mark in item.iter_markers("needs") for package in mark.args)
    return [package for package in dict.fromkeys(wanted) if find_spec(package) is None]
