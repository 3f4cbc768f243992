"""A PostgreSQL server for the suites of this folder, and a database for each test."""

from collections.abc import Iterator

import pytest

from indexing.places import Address
from tests.contracts.servers import Server, running


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    with running() as made:
        yield made


@pytest.fixture
def address(server: Server) -> Address:
    return server.database()
