"""Each Index in turn, for the suites that hold all of them to one contract."""

import pytest

from engine.ports import Index
from tests.contracts.indexes import BUILDERS


@pytest.fixture(scope="module", params=BUILDERS)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return BUILDERS[request.param](tmp_path_factory.mktemp("index"))
