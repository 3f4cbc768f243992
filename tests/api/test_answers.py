"""Are answers of the shape that /openapi.json shows, with no field that it does not?"""

from typing import Any

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

from tests.api.world import FLAGSHIP

SEARCH = {"q": FLAGSHIP, "kinds": ["poi", "note"], "facets": ["city", "price"], "explain": True, "budget_ms": 2000}
EVENT = {"user_id": "u-shape", "action": "save", "object_id": "p-hz-001"}
ITEM = {"kind": "poi", "item": {"id": "p-shape", "name": "形状咖啡", "category": "cafe"}}

#: (method, template, path, body): what changes nothing that another test reads.
READ: list[tuple[str, str, str, Any]] = [
    ("POST", "/v1/search", "/v1/search", SEARCH),
    ("POST", "/v1/search", "/v1/search", {"q": "宝石衫"}),
    ("POST", "/v1/search", "/v1/search", {"q": "100元以下 有草坪的 川菜馆 在杭州 评分4.9以上"}),
    ("GET", "/v1/search", "/v1/search?q=cafe", None),
    ("POST", "/v1/understand", "/v1/understand", {"q": FLAGSHIP, "explain": True}),
    ("GET", "/v1/suggest", "/v1/suggest?q=咖", None),
    ("POST", "/v1/feed", "/v1/feed", {"user_id": "u001", "personalize": True}),
    ("GET", "/v1/similar/{item_id}", "/v1/similar/p-hz-078", None),
    ("GET", "/v1/trending", "/v1/trending", None),
    ("GET", "/v1/related/{item_id}", "/v1/related/p-hz-078", None),
    ("GET", "/v1/items/{item_id}", "/v1/items/p-hz-078", None),
    ("GET", "/v1/items/{item_id}/evidence", "/v1/items/p-hz-078/evidence", None),
    ("GET", "/readyz", "/readyz", None),
]
#: In this order: the person and the item of one request are read by those after it.
WRITTEN: list[tuple[str, str, str, Any]] = [
    ("POST", "/v1/items:upsert", "/v1/items:upsert", {"items": [ITEM]}),
    ("POST", "/v1/items:stream", "/v1/items:stream", ITEM),
    ("PATCH", "/v1/items/{item_id}", "/v1/items/p-shape", {"rating": 4.5}),
    ("POST", "/v1/items/{item_id}:report", "/v1/items/p-shape:report", {"user_id": "u-shape", "reason": "other"}),
    ("DELETE", "/v1/items/{item_id}", "/v1/items/p-shape", None),
    ("POST", "/v1/events", "/v1/events", {"events": [EVENT]}),
    ("PUT", "/v1/users/{user_id}/interests", "/v1/users/u-shape/interests", {"interests": ["camping"]}),
    ("GET", "/v1/users/{user_id}/interests", "/v1/users/u-shape/interests", None),
    ("POST", "/v1/users/{user_id}:remove", "/v1/users/u-shape:remove", {"key": "kids"}),
    ("GET", "/v1/users/{user_id}", "/v1/users/u-shape", None),
    ("POST", "/v1/users/{user_id}:reset", "/v1/users/u-shape:reset", None),
    ("DELETE", "/v1/users/{user_id}", "/v1/users/u-shape", None),
]


def closed(schema: Any) -> Any:
    """The same schema, which allows no field that it does not name."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    more = {"additionalProperties": False} if "properties" in schema and schema.get("type") == "object" else {}
    return {name: closed(part) for name, part in schema.items()} | more


def shape(contract: dict[str, Any], method: str, template: str) -> jsonschema_rs.Validator:
    answer = contract["paths"][template][method.lower()]["responses"]["200"]["content"]["application/json"]
    schemas = closed(contract["components"])
    return jsonschema_rs.Draft202012Validator({**answer["schema"], "components": schemas})


@pytest.fixture(scope="module")
def contract(reader: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = reader.get("/openapi.json").json()
    return found


@pytest.mark.parametrize(("method", "template", "path", "body"), READ, ids=lambda v: v if isinstance(v, str) else "")
def test_what_is_read_has_its_shape(
    reader: TestClient, contract: dict[str, Any], method: str, template: str, path: str, body: Any
) -> None:
    reply = reader.request(method, path, json=body)
    assert reply.status_code == 200, reply.text
    shape(contract, method, template).validate(reply.json())


def test_what_is_written_is_answered_in_its_shape(client: TestClient, contract: dict[str, Any]) -> None:
    for method, template, path, body in WRITTEN:
        reply = client.request(method, path, json=body)
        assert reply.status_code == 200, (path, reply.text)
        shape(contract, method, template).validate(reply.json())


def test_a_field_that_is_not_named_would_be_found(contract: dict[str, Any]) -> None:
    with pytest.raises(jsonschema_rs.ValidationError):
        shape(contract, "POST", "/v1/events").validate({"accepted": 1, "more": 2})
