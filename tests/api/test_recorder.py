"""Is what was shown logged as it was, off the answer's path, and can a challenger be compared on live requests?"""

from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from api.history import counted
from api.layout import Layout
from engine.errors import UnknownItem
from engine.known import Known
from engine.rules import Rule
from engine.types import Query
from indexing.ledger import Ledger
from ranking.batch import Batch
from ranking.dataset import joined
from ranking.features import FEATURES, NAMES, matrix, schema_hash
from ranking.registry import Registry
from ranking.settings import Settings
from ranking.train import train
from tests.api.world import FLAGSHIP, NOW, clock, running
from tests.ranking.synthetic import lists

ASKED = {"q": FLAGSHIP, "kinds": ["poi"], "limit": 10}


def _model(root: Path, seed: int = 1) -> int:
    """A real model beside the hand weights, not promoted; -> its number."""
    trained = train(joined([lists(12, seed=seed)]), Settings(few_trees=10))
    card = {"schema": schema_hash(), "base": list(trained.base)}
    return Registry(Layout(root).models("default")).add(trained.text, card)


def _pages(client: TestClient) -> dict[str, Any]:
    parts = client.app.state.parts  # type: ignore[attr-defined]
    parts.recorder.flush()
    found: dict[str, Any] = parts.views.ledger.pages("default")
    return found


def test_a_page_is_logged_with_the_features_that_its_ranker_saw(client: TestClient) -> None:
    views = client.app.state.parts.views  # type: ignore[attr-defined]
    views._until.clear()
    views.count("default")  # now, and not by the follower's thread between the question and its like below
    nobody = client.post("/v1/search", json=ASKED).json()
    said = client.post("/v1/search", json={**ASKED, "user_id": "u7"}).json()
    page = _pages(client)[said["query_id"]]
    assert nobody["query_id"] not in _pages(client)
    assert list(page.items) == [hit["id"] for hit in said["hits"]]
    assert (page.user, page.schema, page.model) == ("u7", schema_hash(), said["versions"]["model"])
    assert FLAGSHIP not in str(page)
    engine = client.app.state.parts.engine  # type: ignore[attr-defined]
    view, intent, found = engine.candidates(Query("default", FLAGSHIP, kinds=("poi",), limit=10))
    batch = Batch(view.index, intent, Query("default", FLAGSHIP, kinds=("poi",), limit=10), found.candidates)
    ids = batch.texts("id")
    again = matrix(batch)[[ids.index(item) for item in page.items]]
    assert again.tobytes() == np.ascontiguousarray(page.features).tobytes()  # serving, logging, training: the same bits


def test_a_personal_page_is_made_again_from_the_events_of_then_to_the_bit(client: TestClient) -> None:
    """Counts and the person are read anew from the store, which knows more by now."""
    parts = client.app.state.parts  # type: ignore[attr-defined]
    views, plain = parts.views, client.post("/v1/search", json=ASKED).json()
    shown = [hit["id"] for hit in plain["hits"]]
    done = [(shown[0], "impression"), (shown[0], "click"), (shown[1], "save"), (shown[2], "hide")]
    views.store.record("default", [_event(item, action, hours=30) for item, action in done])
    views._until.clear()
    views.count("default")
    said = client.post("/v1/search", json={**ASKED, "user_id": "u7", "personalize": True}).json()
    page = _pages(client)[said["query_id"]]
    values = dict(zip(NAMES, page.features.T, strict=True))
    assert np.nanmax(values["window_count_click_7d"]) > 0 and np.nanmax(values["interacted_with_category"]) > 0
    views.store.record("default", [_event(item, "click", hours=-1, query_id=said["query_id"]) for item in page.items])
    query = Query("default", FLAGSHIP, kinds=("poi",), limit=10, user="u7", personalize=True)
    view, intent, found = parts.engine.candidates(query)
    counts = counted(views.layout, views.store, views.ledger, view.index, "default", NOW.timestamp())
    known = Known.of(NOW, views.store.profile("default", "u7"), counts)
    batch = Batch(view.index, replace(intent, known=known), query, found.candidates)
    again = matrix(batch)[[batch.ids.index(item) for item in page.items]]
    assert again.tobytes() == np.ascontiguousarray(page.features).tobytes()


def test_without_leave_nothing_of_the_person_is_logged_or_ranked_by(client: TestClient) -> None:
    parts = client.app.state.parts  # type: ignore[attr-defined]
    plain = client.post("/v1/search", json=ASKED).json()
    parts.views.store.record("default", [_event(hit["id"], "hide", hours=30) for hit in plain["hits"][:3]])
    said = client.post("/v1/search", json={**ASKED, "user_id": "u7", "personalize": False}).json()
    assert [hit["id"] for hit in said["hits"]] == [hit["id"] for hit in plain["hits"]]
    features = _pages(client)[said["query_id"]].features
    personal = [number for number, feature in enumerate(FEATURES) if feature.source == "person"]
    assert np.isnan(features[:, personal]).all()


def _event(item: str, action: str, hours: float, **more: str) -> dict[str, str]:
    at = (NOW - timedelta(hours=hours)).astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {"user_id": "u7", "action": action, "object_id": item, "at": at, **more}


def test_forgetting_a_person_forgets_their_pages(client: TestClient) -> None:
    client.post("/v1/search", json={**ASKED, "user_id": "u7"})
    assert client.delete("/v1/users/u7").json()["deleted_rows"] >= 1
    assert not _pages(client)


@pytest.mark.parametrize("how", ["interleave", "split", "shadow"])
def test_a_trial_is_recorded_and_ends(root: Path, how: str) -> None:
    registry = Registry(Layout(root).models("default"))
    name = registry.begin(_model(root), how, 0.5 if how == "split" else 1.0, NOW)
    with running(root) as client:
        answers = [client.post("/v1/search", json={**ASKED, "user_id": f"u{n}"}).json() for n in range(12)]
        pages = _pages(client)
        assert {page.trial for page in pages.values()} == {name} and len(pages) == 12
        sides = {"".join(sorted(set(page.teams))) for page in pages.values()}, {page.arm for page in pages.values()}
        assert sides == {"interleave": ({"ab"}, {""}), "split": ({""}, {"a", "b"}), "shadow": ({""}, {""})}[how]
        models = {answer["versions"]["model"] for answer in answers}
        assert len(models) == (2 if how == "split" else 1)
        told = client.get("/v1/house/shadow").json()["slices"]
        assert (told.get("all", {}).get("requests") == 12) == (how == "shadow")


def test_a_trial_of_a_broken_model_harms_nobody(root: Path) -> None:
    registry = Registry(Layout(root).models("default"))
    number = _model(root)
    registry.begin(number, "interleave", 1.0, NOW)
    (registry.folder(number) / "model.txt").write_text("nonsense")
    with running(root) as client:
        assert client.post("/v1/search", json=ASKED).status_code == 200


def test_rules_are_put_seen_applied_audited_and_dropped(client: TestClient) -> None:
    before = [hit["id"] for hit in client.post("/v1/search", json=ASKED).json()["hits"]]
    pin = {"action": "pin", "items": [before[4]], "query": FLAGSHIP, "places": 0}
    hide = {"action": "hide", "items": [before[0]], "slot": "amenity", "value": "lawn", "until": "2026-12-01T00:00:00Z"}
    assert client.put("/v1/house/rules/spring", json=pin).status_code == 200
    assert client.put("/v1/house/rules/closed", json=hide).status_code == 200
    after = client.post("/v1/search", json=ASKED).json()
    shown = [hit["id"] for hit in after["hits"]]
    assert shown[0] == before[4] and before[0] not in shown
    assert after["hits"][0]["rule"] == {"id": "spring", "action": "pin"}
    assert {"rule": "closed", "action": "hide", "item": before[0]} in after["rules"]
    late = client.post("/v1/search", json={**ASKED, "at": "2026-12-02T12:00:00+08:00"}).json()
    assert before[0] in [hit["id"] for hit in late["hits"]]
    listed = client.get("/v1/house/rules").json()
    assert [rule["id"] for rule in listed["rules"]] == ["closed", "spring"]
    assert [(line["what"], line["id"]) for line in listed["log"]] == [("put", "closed"), ("put", "spring")]
    assert client.delete("/v1/house/rules/spring").status_code == 200
    assert client.delete("/v1/house/rules/spring").status_code == 404
    assert client.get("/v1/house/rules").json()["log"][0]["what"] == "drop"


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "burn", "items": ["a"], "query": "x"},
        {"action": "pin", "items": [], "query": "x"},
        {"action": "pin", "items": ["a"]},
        {"action": "boost", "items": ["a"], "query": "x", "places": 51},
        {"action": "hide", "items": ["a"], "slot": "nonsense"},
        {
            "action": "hide",
            "items": ["a"],
            "query": "x",
            "since": "2026-11-02T00:00Z",
            "until": "2026-11-01T00:00Z",
        },
        {"action": "hide", "items": [str(n) for n in range(21)], "query": "x"},
    ],
)
def test_a_rule_that_cannot_be_is_refused(reader: TestClient, wrong: dict[str, Any]) -> None:
    assert reader.put("/v1/house/rules/r", json=wrong).status_code == 422


def test_the_log_is_bounded_and_rules_are_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(root) as client:
        for number in range(5):
            client.post("/v1/search", json={**ASKED, "user_id": f"u{number}"})
        ledger = client.app.state.parts.views.ledger  # type: ignore[attr-defined]
        kept = list(_pages(client).values())
        Ledger(Layout(root).store, clock, most_pages=2).log("default", kept[:1])
        assert len(ledger.pages("default")) == 2
    monkeypatch.setattr("indexing.ledger.MOST_RULES", 1)
    ledger.put("default", Rule("one", "hide", ("a",), query="x"), "me")
    ledger.put("default", Rule("one", "hide", ("b",), query="x"), "me")
    with pytest.raises(Exception, match="there are 1 already"):
        ledger.put("default", Rule("two", "hide", ("a",), query="x"), "me")
    with pytest.raises(UnknownItem):
        ledger.drop("default", "none", "me")
