"""Does a learnt order serve feeds, beside that of searches, on trial as theirs, and learnt from nothing of later?"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from api.feedtraining import MOMENTS, learn_order, past_lists
from api.layout import Layout
from engine.errors import GateRefused
from ranking.dataset import joined
from ranking.features import NAMES, schema_hash
from ranking.impressions import Grading
from ranking.registry import Registry
from ranking.settings import Settings
from ranking.train import train
from tests.api.world import FLAGSHIP, NOW, running
from tests.ranking.synthetic import lists

PERSON = {"user_id": "u7", "personalize": True, "limit": 20}


def _registry(root: Path) -> Registry:
    return Registry(Layout(root).models("default")).feeds


def _model(root: Path) -> int:
    trained = train(joined([lists(12, seed=1)]), Settings(few_trees=10))
    return _registry(root).add(trained.text, {"schema": schema_hash(), "base": list(trained.base)})


def _pages(client: TestClient) -> dict[str, Any]:
    parts = client.app.state.parts  # type: ignore[attr-defined]
    parts.recorder.flush()
    found: dict[str, Any] = parts.views.ledger.pages("default")
    return found


def test_a_model_orders_feeds_and_not_searches(root: Path) -> None:
    with running(root) as client:
        before = client.post("/v1/feed", json=PERSON).json()
        assert before["versions"]["model"] == "feed-by-hand-1"
        _registry(root).promote(_model(root))
        client.app.state.parts.views.show("default")  # type: ignore[attr-defined]
        after = client.post("/v1/feed", json=PERSON).json()
        assert after["versions"]["model"].startswith("lambdarank-") and not after["degraded"]
        assert [hit["id"] for hit in after["hits"]] != [hit["id"] for hit in before["hits"]]
        assert all(hit["why"] for hit in after["hits"])
        assert client.post("/v1/search", json={"q": FLAGSHIP}).json()["versions"]["model"] == "hand-weighted-2"
        page = _pages(client)[after["query_id"]]
        assert page.model == after["versions"]["model"] and list(page.items) == [hit["id"] for hit in after["hits"]]
        assert np.isfinite(page.features[:, NAMES.index("fused")]).all() and len(page.sources) == 20


@pytest.mark.parametrize("how", ["interleave", "split", "shadow"])
def test_an_order_of_feeds_is_tried_as_one_of_searches(root: Path, how: str) -> None:
    name = _registry(root).begin(_model(root), how, 0.5 if how == "split" else 1.0, NOW)
    with running(root) as client:
        answers = [client.post("/v1/feed", json={**PERSON, "user_id": f"u{n}"}).json() for n in range(12)]
        assert all(len({hit["id"] for hit in answer["hits"]}) == 20 for answer in answers)
        pages = _pages(client)
        assert {page.trial for page in pages.values()} == {name} and len(pages) == 12
        teams = {letter for page in pages.values() for letter in page.teams} - {"-"}
        sides = teams, {page.arm for page in pages.values()}
        assert sides == {"interleave": ({"a", "b"}, {""}), "split": (set(), {"a", "b"}), "shadow": (set(), {""})}[how]


def test_a_broken_order_harms_nobody(root: Path) -> None:
    number = _model(root)
    _registry(root).promote(number)
    (_registry(root).folder(number) / "model.txt").write_text("nonsense")
    with running(root) as client:
        told = client.post("/v1/feed", json=PERSON).json()
        assert len(told["hits"]) == 20 and told["versions"]["model"] == "feed-by-hand-1"


def _events(items: list[str], people: int = 30) -> list[dict[str, Any]]:
    """Everybody likes ten things of their half of the items, two hours apart."""
    dice, found = np.random.default_rng(3), list[dict[str, Any]]()
    for person in range(people):
        mine = dice.permutation([item for n, item in enumerate(items) if n % 2 == person % 2])[:10]
        for n, item in enumerate(mine):
            at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=2 * n, minutes=person)
            found.append({"user_id": f"p{person}", "object_id": str(item), "action": "save", "at": at.isoformat()})
    return found


def test_lists_of_the_past_know_nothing_of_later(client: TestClient) -> None:
    views = client.app.state.parts.views  # type: ignore[attr-defined]
    view = views.now("default")
    items = [str(one) for one in view.index.column("default", "poi", "id", np.arange(60))]
    events = _events(items)
    kept, held = past_lists(view, "default", events, Grading(), lambda _: None)
    assert len(kept) == len(MOMENTS) - 1 and len(held) == 1
    told = sorted(events, key=lambda event: str(event["at"]))
    until = int(0.6 * len(told))  # what follows that moment is done by somebody else with other things
    later = [{**event, "object_id": items[n % 60], "user_id": "x"} for n, event in enumerate(told[until:])]
    again, _ = past_lists(view, "default", [*told[:until], *later], Grading(), lambda _: None)
    before, same = ([one.digest() for one in lists] for lists in (kept, again))
    assert before[:3] == same[:3] and before != same
    assert all(one.y.max() > 0 for one in kept)


def test_the_gate_decides_whether_an_order_serves(client: TestClient, root: Path) -> None:
    views = client.app.state.parts.views  # type: ignore[attr-defined]
    items = [str(one) for one in views.now("default").index.column("default", "poi", "id", np.arange(60))]
    try:
        learnt = learn_order(views, _events(items), lambda _: None)
    except GateRefused:
        assert _registry(root).current() is None
    else:
        assert _registry(root).current() == learnt.number and learnt.difference.gain > 0
