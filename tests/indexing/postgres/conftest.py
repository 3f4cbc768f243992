"""A database for each test of this folder."""

import pytest

from indexing.places import Address
from tests.contracts.servers import Server


@pytest.fixture
def address(postgres: Server) -> Address:
    return postgres.database()
