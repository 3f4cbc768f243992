"""Who gets in where? Every route of the application against every kind of key, and two tenants side by side."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from api.app import create_app
from engine.rules import Rule
from tests.api.world import bearer, clock, copied, key_for, neighbouring, settings

pytestmark = pytest.mark.promise(21)

SEARCH, WRITE, ADMIN = "search", "write", "admin"
RULE = {"action": "hide", "items": ["x"], "query": "y"}
ITEM = {"id": "p-guard", "name": "守门咖啡"}

#: What each route needs, and a request that it answers with 200 when the key is right. None: open to all.
ROUTES: dict[tuple[str, str], tuple[str | None, str, dict[str, Any] | None]] = {
    ("POST", "/v1/search"): (SEARCH, "/v1/search", {"q": "cafe"}),
    ("GET", "/v1/search"): (SEARCH, "/v1/search?q=cafe", None),
    ("GET", "/v1/suggest"): (SEARCH, "/v1/suggest?q=caf", None),
    ("POST", "/v1/understand"): (SEARCH, "/v1/understand", {"q": "cafe"}),
    ("POST", "/v1/feed"): (SEARCH, "/v1/feed", {}),
    ("GET", "/v1/similar/{item_id}"): (SEARCH, "/v1/similar/p-hz-078", None),
    ("GET", "/v1/trending"): (SEARCH, "/v1/trending?city=杭州&topic=cafe", None),
    ("GET", "/v1/related/{item_id}"): (SEARCH, "/v1/related/p-hz-078", None),
    ("GET", "/v1/users/{user_id}/interests"): (WRITE, "/v1/users/u/interests", None),
    ("PUT", "/v1/users/{user_id}/interests"): (WRITE, "/v1/users/u/interests", {"interests": ["camping"]}),
    ("POST", "/v1/users/{user_id}:remove"): (WRITE, "/v1/users/u:remove", {"key": "kids"}),
    ("POST", "/v1/users/{user_id}:reset"): (WRITE, "/v1/users/u:reset", None),
    ("GET", "/v1/users/{user_id}"): (WRITE, "/v1/users/u", None),
    ("GET", "/v1/items/{item_id}"): (SEARCH, "/v1/items/p-hz-078", None),
    ("GET", "/v1/items/{item_id}/evidence"): (SEARCH, "/v1/items/p-hz-078/evidence", None),
    ("POST", "/v1/items:upsert"): (WRITE, "/v1/items:upsert", {"items": [{"kind": "poi", "item": ITEM}]}),
    ("POST", "/v1/items:stream"): (WRITE, "/v1/items:stream", {"kind": "poi", "item": ITEM}),
    ("PATCH", "/v1/items/{item_id}"): (WRITE, "/v1/items/p-hz-078", {"rating": 4.5}),
    ("DELETE", "/v1/items/{item_id}"): (WRITE, "/v1/items/p-hz-002", None),
    ("POST", "/v1/events"): (
        WRITE,
        "/v1/events",
        {"events": [{"user_id": "u", "action": "click", "object_id": "x"}]},
    ),
    ("DELETE", "/v1/users/{user_id}"): (WRITE, "/v1/users/u", None),
    ("GET", "/v1/house/rules"): (ADMIN, "/v1/house/rules", None),
    ("PUT", "/v1/house/rules/{rule_id}"): (
        ADMIN,
        "/v1/house/rules/g",
        {"action": "hide", "items": ["x"], "query": "y"},
    ),
    ("DELETE", "/v1/house/rules/{rule_id}"): (ADMIN, "/v1/house/rules/old", None),
    ("GET", "/v1/house/shadow"): (ADMIN, "/v1/house/shadow", None),
    ("GET", "/v1/house/versions"): (ADMIN, "/v1/house/versions", None),
    ("POST", "/v1/house/versions"): (ADMIN, "/v1/house/versions", {"snapshot": "00000001"}),
    ("GET", "/v1/house/curves"): (ADMIN, "/v1/house/curves?hours=3", None),
    ("GET", "/v1/house/queries"): (ADMIN, "/v1/house/queries", None),
    ("GET", "/v1/house/jobs"): (ADMIN, "/v1/house/jobs", None),
    ("GET", "/v1/house/rejects"): (ADMIN, "/v1/house/rejects", None),
    ("POST", "/v1/house/compare"): (ADMIN, "/v1/house/compare", {"q": "cafe", "right": {"model": "hand"}}),
    ("GET", "/v1/house/judgments"): (ADMIN, "/v1/house/judgments", None),
    ("PUT", "/v1/house/judgments"): (ADMIN, "/v1/house/judgments", {"q": "cafe", "grades": {"p-hz-078": 3}}),
    ("POST", "/v1/items/{item_id}:block"): (ADMIN, "/v1/items/p-hz-001:block", {"reason": "x"}),
    ("POST", "/v1/items/{item_id}:unblock"): (ADMIN, "/v1/items/p-hz-001:unblock", {"reason": "x"}),
    ("POST", "/v1/items/{item_id}:report"): (
        WRITE,
        "/v1/items/p-hz-078:report",
        {"user_id": "u", "reason": "other"},
    ),
    ("GET", "/v1/mentions"): (ADMIN, "/v1/mentions", None),
    ("POST", "/v1/mentions"): (ADMIN, "/v1/mentions", {"id": "p-hz-078", "name": "守门人咖啡"}),
    ("GET", "/v1/review"): (ADMIN, "/v1/review", None),
    ("POST", "/v1/review/{item_id}"): (ADMIN, "/v1/review/p-hz-078", {"decision": "keep", "reason": "x"}),
    ("GET", "/metrics"): (ADMIN, "/metrics", None),
    ("GET", "/healthz"): (None, "/healthz", None),
    ("GET", "/readyz"): (None, "/readyz", None),
    ("GET", "/openapi.json"): (None, "/openapi.json", None),
    ("GET", "/docs"): (None, "/docs", None),
    ("GET", "/docs/oauth2-redirect"): (None, "/docs/oauth2-redirect", None),
    ("GET", "/redoc"): (None, "/redoc", None),
    ("GET", "/"): (None, "/", None),
    ("GET", "/console"): (None, "/console", None),
    ("GET", "/static/page.json"): (None, "/static/page.json", None),
    ("GET", "/static/{path}"): (None, "/static/icon.svg", None),
}
GUARDED = sorted(key for key, (scope, _, _) in ROUTES.items() if scope)


def mounted(app: FastAPI) -> set[tuple[str, str]]:
    """Every (method, path) that the application answers, documented or not."""
    return {
        (method, str(route.path_format))
        for route in iter_route_contexts(app.routes)
        for method in (route.methods or {"GET"}) - {"HEAD"}
    }


@pytest.fixture(scope="module")
def guarded(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One key for each set of scopes, and no demo key."""
    root = copied(published, tmp_path_factory.mktemp("guard") / "root")
    sets = itertools.chain.from_iterable(itertools.combinations((SEARCH, WRITE, ADMIN), n) for n in range(4))
    keys = [key_for("-".join(("key", *scopes)), "default", *scopes) for scopes in sets]
    app = create_app(settings(root, keys=keys, demo_key=False, budget_ms=2000.0), clock=clock)
    app.state.parts.views.ledger.put("default", Rule("old", "hide", ("x",), query="y"), "test")
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def call(client: TestClient, route: tuple[str, str], headers: dict[str, str]) -> Any:
    _, url, body = ROUTES[route]
    return client.request(route[0], url, json=body, headers=headers)


def test_every_route_has_its_line_in_the_table(guarded: TestClient) -> None:
    app = guarded.app
    assert isinstance(app, FastAPI)
    assert mounted(app) == set(ROUTES)


@pytest.mark.parametrize("route", GUARDED, ids=" ".join)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "key-search-write-admin"},
        {"Authorization": "Basic a2V5OnNlYXJjaA=="},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        bearer("nobody"),
        bearer("key-search-write-admin "[:-2]),
        bearer("demo-key-for-this-machine-only"),
        {"X-Api-Key": "key-search-write-admin"},
    ],
    ids=str,
)
def test_no_key_or_a_wrong_one_is_401(guarded: TestClient, route: tuple[str, str], headers: dict[str, str]) -> None:
    reply = call(guarded, route, headers)
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"
    assert reply.json()["error"].keys() == {"code", "message"}


@pytest.mark.parametrize("route", GUARDED, ids=" ".join)
def test_a_key_without_the_scope_is_403(guarded: TestClient, route: tuple[str, str]) -> None:
    needed = ROUTES[route][0]
    others = "-".join(scope for scope in (SEARCH, WRITE, ADMIN) if scope != needed)
    for key in ("key", f"key-{others}"):
        reply = call(guarded, route, bearer(key))
        assert reply.status_code == 403
        assert f"'{needed}'" in reply.json()["error"]["message"]


@pytest.mark.parametrize("route", sorted(ROUTES), ids=" ".join)
def test_the_right_key_opens(guarded: TestClient, route: tuple[str, str]) -> None:
    scope = ROUTES[route][0]
    headers = bearer(f"key-{scope}") if scope else {}
    assert call(guarded, route, headers).status_code == 200


def test_a_refused_caller_learns_nothing_of_the_body(guarded: TestClient) -> None:
    reply = guarded.post("/v1/search", json={"q": 5, "nonsense": 1})
    assert reply.status_code == 401


def test_keys_are_kept_as_digests_only(guarded: TestClient) -> None:
    app = guarded.app
    assert isinstance(app, FastAPI)
    assert "key-search" not in repr(app.state.keys) + repr(app.state.parts.settings)


@pytest.fixture
def neighbours(tmp_path: Path) -> Iterator[TestClient]:
    with neighbouring(tmp_path) as client:
        yield client


@pytest.mark.promise(22)
@pytest.mark.parametrize(("mine", "theirs"), [("left", "right"), ("right", "left")])
def test_tenants_never_see_each_other(neighbours: TestClient, mine: str, theirs: str) -> None:
    neighbours.headers = bearer(mine)  # type: ignore[assignment]
    live = {"kind": "poi", "item": {"id": f"{theirs}-live", "name": "同名咖啡二店", "category": "cafe"}}
    event = {"user_id": "u", "action": "save", "object_id": f"{theirs}-cafe"}
    other = bearer(theirs)
    assert neighbours.post("/v1/items:upsert", json={"items": [live]}, headers=other).status_code == 200
    assert neighbours.post("/v1/events", json={"events": [event]}, headers=other).status_code == 200
    answers = [
        neighbours.post("/v1/search", json={"q": "有草坪的同名咖啡", "limit": 100}),
        neighbours.get("/v1/search", params={"q": "同名咖啡二店"}),
        neighbours.post("/v1/feed", json={"user_id": "u", "personalize": True}),
        neighbours.get(f"/v1/similar/{mine}-cafe"),
        neighbours.post("/v1/understand", json={"q": "同名咖啡二店"}),
        neighbours.get("/v1/suggest", params={"q": "同名"}),
    ]
    assert [reply.status_code for reply in answers] == [200] * 6
    assert "二店" not in answers[5].json()["suggestions"].__repr__()
    assert f"{mine}-cafe" in answers[0].text
    assert not [reply.text for reply in answers if theirs in reply.text]
    assert "二店" not in answers[0].json()["hits"][0]["item"]["name"]


def test_no_id_of_another_tenant_can_be_touched(neighbours: TestClient) -> None:
    left, right = bearer("left"), bearer("right")
    for method, path in (("GET", "/v1/items/"), ("GET", "/v1/similar/"), ("DELETE", "/v1/items/")):
        assert neighbours.request(method, f"{path}right-cafe", headers=left).status_code == 404
    same = {"items": [{"kind": "poi", "item": {"id": "right-cafe", "name": "冒名"}}]}
    assert neighbours.post("/v1/items:upsert", json=same, headers=left).status_code == 200
    assert neighbours.get("/v1/items/right-cafe", headers=right).json()["name"] == "同名咖啡"
    neighbours.delete("/v1/items/right-cafe", headers=left)
    assert neighbours.get("/v1/items/right-cafe", headers=right).status_code == 200


def test_a_key_of_a_tenant_without_data_is_told_so(neighbours: TestClient) -> None:
    reply = neighbours.post("/v1/search", json={"q": "x"}, headers=bearer("ghost"))
    assert reply.status_code == 404
    assert reply.json()["error"]["code"] == "UnknownTenant"
    assert "'ghost'" in reply.json()["error"]["message"]
