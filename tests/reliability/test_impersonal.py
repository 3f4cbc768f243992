"""Is a feed without leave the same whatever a person did before, and does it read nothing of them?"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api import views
from engine.feed import book
from tests.api.world import running

CASES: Final = 1000
ITEMS: Final = ("p-hz-001", "p-hz-078", "g-0001", "g-0002", "n-p-0044", "no-such-item")
ACTIONS: Final = ("click", "save", "hide", "report")
DEEDS: Final = st.lists(st.tuples(st.sampled_from(ACTIONS), st.sampled_from(ITEMS)), max_size=6)
ASKED: Final = st.fixed_dictionaries(
    {"user_id": st.sampled_from(["one", "two", "three"])},
    optional={
        "personalize": st.just(False),
        "limit": st.integers(1, 20),
        "kinds": st.sampled_from([["poi"], ["product"], ["note"], ["poi", "note"]]),
    },
)


def page(client: TestClient, path: str, body: dict[str, Any]) -> list[Any]:
    """What is shown once there was time for all of it: a busy machine may take some of it from any page."""
    for _ in range(50):
        reply = client.post(path, json=body)
        assert reply.status_code == 200, reply.text
        if not reply.json()["degraded"]:
            break
    assert reply.json()["degraded"] == []
    return [(hit["id"], hit["position"], hit.get("reasons")) for hit in reply.json()["hits"]]


@pytest.mark.promise(25)
def test_no_history_changes_what_is_shown_without_leave(
    root: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    reads: list[str] = []
    monkeypatch.setattr(book, "COUNTED_S", math.inf)  # what all do is not counted again between two pages
    monkeypatch.setattr(views, "POPULAR_SECONDS", math.inf)
    with running(root, log_share=0.0, remember_queries=False) as client:
        parts = client.app.state.parts  # type: ignore[attr-defined]
        parts.views._until.clear()
        parts.views.count("default")
        store = parts.engine.store
        profile = store.profile
        monkeypatch.setattr(store, "profile", lambda tenant, user: reads.append(user) or profile(tenant, user))

        @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(deeds=DEEDS, asked=ASKED, searched=st.booleans())
        def same(deeds: list[tuple[str, str]], asked: dict[str, Any], searched: bool) -> None:
            events = [{"user_id": asked["user_id"], "action": a, "object_id": item} for a, item in deeds]
            if events:
                assert client.post("/v1/events", json={"events": events}).status_code == 200
            path, body = ("/v1/search", {**asked, "q": "咖啡"}) if searched else ("/v1/feed", asked)
            nobody = {name: value for name, value in body.items() if name not in ("user_id", "personalize")}
            assert page(client, path, body) == page(client, path, nobody)

        same()
    assert reads == []
    record_property("figure", f"{CASES} cases: the page of somebody unknown; 0 reads of a profile")
