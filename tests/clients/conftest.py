"""Which servers do the clients' tests ask? One with a published index, and one that refuses; both over sockets."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.world import copied, key_for, listening

SLOW = ("slow-1", "slow-2", "slow-3", "slow-4")


@pytest.fixture(scope="package")
def url(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a copy of the published deployment, which tests may write to."""
    root = copied(published, tmp_path_factory.mktemp("clients") / "root")
    with listening(root) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="package")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with nothing published. `narrow` may search only; `slow-*` may send one request, then one a second."""
    slow = {"rate_per_second": 1.0, "rate_burst": 1}
    keys = [key_for(name, "default", "search", "write").model_copy(update=slow) for name in SLOW]
    with listening(tmp_path_factory.mktemp("empty"), keys=[key_for("narrow", "default", "search"), *keys]) as port:
        yield f"http://127.0.0.1:{port}"
