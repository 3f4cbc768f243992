"""Does /openapi.json say everything a client needs: every route, every answer, examples that are true?"""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api import schemas, schemas_console, schemas_feed, schemas_house
from tests.api.test_guard import ROUTES

BODIES_OF = (schemas, schemas_feed, schemas_house, schemas_console)
UNDOCUMENTED = {
    "/",
    "/console",
    "/static/page.json",
    "/openapi.json",
    "/docs",
    "/docs/oauth2-redirect",
    "/redoc",
    "/static/{path}",
}
DOCUMENTED = sorted(route for route in ROUTES if route[1] not in UNDOCUMENTED)


@pytest.fixture(scope="module")
def contract(reader: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = reader.get("/openapi.json").json()
    return found


def operation(contract: dict[str, Any], route: tuple[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = contract["paths"][route[1]][route[0].lower()]
    return found


def test_it_documents_every_route_and_no_other(contract: dict[str, Any]) -> None:
    there = {(method.upper(), path) for path, methods in contract["paths"].items() for method in methods}
    assert there == set(DOCUMENTED)


@pytest.mark.parametrize("route", DOCUMENTED, ids=" ".join)
def test_every_answer_is_described_with_an_example(contract: dict[str, Any], route: tuple[str, str]) -> None:
    said = operation(contract, route)
    assert said["summary"]
    assert said["description"]
    for status, answer in said["responses"].items():
        assert answer["description"], status
        assert all("example" in content for content in answer["content"].values()), status
        if status != "200":
            assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ErrorAnswer"}


@pytest.mark.parametrize("route", [r for r in DOCUMENTED if ROUTES[r][0]], ids=" ".join)
def test_guarded_routes_say_so(contract: dict[str, Any], route: tuple[str, str]) -> None:
    said = operation(contract, route)
    assert said["security"] == [{"HTTPBearer": []}]
    assert {"401", "403"} <= said["responses"].keys()


@pytest.mark.parametrize(
    "route", [r for r in DOCUMENTED if ROUTES[r][2] is not None and not r[1].endswith(":stream")], ids=" ".join
)
def test_every_body_has_an_example_that_is_accepted(
    reader: TestClient, contract: dict[str, Any], route: tuple[str, str]
) -> None:
    schema = operation(contract, route)["requestBody"]["content"]["application/json"]["schema"]
    name = schema["$ref"].rsplit("/", 1)[1]
    examples = contract["components"]["schemas"][name]["examples"]
    assert examples
    for example in examples:
        next(getattr(m, name) for m in BODIES_OF if hasattr(m, name)).model_validate(example)
        if ROUTES[route][0] == "search":
            assert reader.request(route[0], route[1], json=example).status_code == 200


def test_the_example_of_a_page_has_the_fields_of_a_page(reader: TestClient, contract: dict[str, Any]) -> None:
    example = operation(contract, ("POST", "/v1/search"))["responses"]["200"]["content"]["application/json"]["example"]
    asked = {"q": "有草坪的咖啡店", "kinds": ["poi"], "facets": ["city", "price"], "budget_ms": 2000}
    real = reader.post("/v1/search", json=asked).json()
    assert example.keys() == real.keys()
    assert example["hits"][0].keys() == real["hits"][0].keys()
    proofs = [proof for hit in real["hits"] for proof in hit["evidence"]]
    assert any(example["hits"][0]["evidence"][0].keys() == proof.keys() for proof in proofs)
    assert example["parse"].keys() <= real["parse"].keys()


def test_errors_have_the_shape_they_are_documented_with(reader: TestClient) -> None:
    for reply in (
        reader.post("/v1/search", json={"q": 1}),
        reader.post("/v1/search", content=b"{"),
        reader.get("/v1/items/none"),
        reader.get("/nowhere"),
        reader.put("/v1/search"),
        reader.post("/v1/search", json={"q": "x", "cursor": "?"}),
    ):
        error = schemas.ErrorAnswer.model_validate(reply.json()).error
        assert reply.status_code >= 400
        assert error.code
        assert error.message
