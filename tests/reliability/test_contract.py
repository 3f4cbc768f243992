"""Does the server keep its own contract, whatever the requests? Schemathesis reads /openapi.json and tries."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from tests.api.world import KEY, listening

EXAMPLES = 60


@pytest.fixture(scope="module")
def contract(published: Path) -> Iterator[schemathesis.BaseSchema]:
    with listening(published, queue=4096) as port:
        yield schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/openapi.json")


schema = schemathesis.pytest.from_fixture("contract")


@pytest.mark.promise(14)
@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_request_gets_an_answer_of_the_contract(case: schemathesis.Case) -> None:
    case.call_and_validate(headers=KEY)
