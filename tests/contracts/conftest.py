"""Each Index in turn, for the suites that hold all of them to one contract."""

import pytest

from engine.ports import Index
from tests.contracts.indexes import EACH


@pytest.fixture(scope="module", params=EACH)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return request.param(tmp_path_factory.mktemp("index"))
