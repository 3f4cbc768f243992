"""Do a hundred pages of one feed hold together while others and the reader act all the time?"""

import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from tests.api.test_feed_pages import ACTIONS, ids, page
from tests.api.world import running

PAGES: Final = 100


def busy(client: TestClient, seen: list[str], over: threading.Event) -> None:
    """The reader and three others act on what was shown, without a pause."""
    dice = random.Random(2)
    while not over.wait(0.01):
        if not seen:
            continue
        events = [
            {"user_id": user, "action": dice.choice(ACTIONS), "object_id": dice.choice(seen)}
            for user in ("u1", "u2", "u3", "u4")
        ]
        assert client.post("/v1/events", json={"events": events}).status_code == 200


@pytest.mark.promise(25)
def test_a_hundred_pages_under_events_repeat_and_skip_nothing(
    root: Path, record_property: Callable[[str, object], None]
) -> None:
    seen, over = list[str](), threading.Event()
    with running(root) as client:
        index = client.app.state.parts.views.now("default").index  # type: ignore[attr-defined]
        count = sum(index.count("default", kind) for kind in ("note", "poi", "product"))
        asked: dict[str, Any] = {"user_id": "u1", "personalize": True, "limit": max(1, count // PAGES)}
        others = threading.Thread(target=busy, args=(client, seen, over))
        others.start()
        try:
            told = page(client, **asked)
            while True:
                seen += ids(told)
                if told["cursor"] is None:
                    break
                told = page(client, **asked, cursor=told["cursor"])
        finally:
            over.set()
            others.join()
    pages = -(-len(seen) // asked["limit"])
    assert pages >= PAGES
    assert len(set(seen)) == len(seen) == count
    record_property("figure", f"{pages} pages of {asked['limit']} under events: 0 repeats, 0 gaps of {count} items")
