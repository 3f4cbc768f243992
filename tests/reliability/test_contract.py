"""Does the server keep its own contract, whatever the requests? Schemathesis reads /openapi.json and tries."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from api import state
from tests.api.test_openapi import DOCUMENTED
from tests.api.world import KEY, listening

#: Requests of each sort for every operation, so that it gets twice as many; at night over 100,000 requests in all.
EXAMPLES, MANY = 100, 1500
#: Rules that a JSON schema cannot say (a cursor of ours, an item's own fields, q or parse) refuse what fits the schema.
NOT_SAID = [positive_data_acceptance]
#: A body of lines is nothing that the tool can write: tests/api/test_writes.py does.
OPERATIONS = [route for route in DOCUMENTED if not route[1].endswith(":stream")]


def unread(case: schemathesis.Case) -> list[Any]:
    """A header that nobody reads is no wrong request: what a server does not know it ignores (RFC 9110, 5.1)."""
    parts = case.meta.components if case.meta is not None else {}
    wrong = {where for where, part in parts.items() if part.mode is GenerationMode.NEGATIVE}
    read = {parameter.name.lower() for parameter in case.operation.headers}
    sent = {name.lower() for name in case.headers}
    ignored = wrong <= {ParameterLocation.HEADER, ParameterLocation.COOKIE} and read.isdisjoint(sent)
    return [negative_data_rejection] if ignored else []


@pytest.fixture(scope="module")
def contract(published: Path) -> Iterator[schemathesis.BaseSchema]:
    with pytest.MonkeyPatch.context() as patch, listening(published, queue=4096) as port:
        patch.setattr(state, "CUT_MS", 60_000.0)  # how fast it answers is not asked here
        yield schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/openapi.json")


@pytest.mark.promise(14)
@pytest.mark.parametrize("examples", [EXAMPLES, pytest.param(MANY, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfitting"])
@pytest.mark.parametrize("route", OPERATIONS, ids=" ".join)
def test_any_request_gets_an_answer_of_the_contract(
    contract: schemathesis.BaseSchema,
    route: tuple[str, str],
    mode: GenerationMode,
    examples: int,
    record_property: Callable[[str, object], None],
) -> None:
    operation, sent = contract[route[1]][route[0]], 0
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.path_parameters):
        pytest.skip("takes nothing that could be wrong")

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(mode))
    def probe(case: schemathesis.Case) -> None:
        nonlocal sent
        sent += 1
        case.call_and_validate(headers=KEY, timeout=60, excluded_checks=[*NOT_SAID, *unread(case)])

    probe()
    record_property("requests", sent)
