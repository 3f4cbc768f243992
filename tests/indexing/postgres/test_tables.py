"""Do the other tables of the live store keep their promises in PostgreSQL as in SQLite? Both are told the same."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.feed.book import Card, Listed
from engine.rules import Rule
from engine.trace import Served
from indexing.asked import listed
from indexing.erasure import deleted, erased, settle
from indexing.feedbook import FeedBook
from indexing.judgments import Judgments
from indexing.ledger import Ledger
from indexing.live import live_store
from indexing.moderation import Moderation
from indexing.places import Address, Place
from indexing.safety import Flag
from indexing.store import SqliteStore

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def clock() -> datetime:
    return NOW


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("psycopg"))])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return tmp_path / "live.db"
    found: Address = request.getfixturevalue("address")
    return found


@pytest.fixture
def store(place: Place) -> Iterator[SqliteStore]:
    made = live_store(place, clock=clock)
    yield made
    made.close()


def event(user: str, item: str, action: str = "save") -> dict[str, Any]:
    return {"user_id": user, "action": action, "object_id": item, "at": NOW.isoformat(), "query_id": "q"}


def test_what_is_blocked_is_told_as_deleted(place: Place, store: SqliteStore) -> None:
    house = Moderation(place, clock)
    store.upsert("demo", [("poi", {"id": "a"}), ("poi", {"id": "b"})])
    assert house.block("demo", "a", None, "me", "spam") and not house.block("demo", "a", None, "me", "again")
    assert house.block("demo", "built", ("poi", {"id": "built"}), "me", "spam")
    assert [(name, kind) for _, name, kind, _ in store.changes("demo", 0)] == [
        ("b", "poi"),
        ("a", None),
        ("built", None),
    ]
    assert store.removed("demo", 2) and not store.removed("demo", 4)
    assert house.unblock("demo", "a", "me", "fine")
    assert list(store.changes("demo", 4)) == [(5, "a", "poi", {"id": "a"})]
    assert house.report("demo", "b", "u", "spam") and not house.report("demo", "b", "u", "fake")
    house.flag("demo", [("b", Flag("illegal", "drugs", ("x",)))])
    assert [(w.id, w.reports, w.label) for w in house.queue("demo")] == [("b", 1, "illegal")]
    house.keep("demo", "b", "me", "looked")
    assert house.queue("demo") == [] and house.log("demo")[0]["what"] == "keep"
    store.record("demo", [event("u", "b"), event("v", "b")])
    assert house.report_rates("demo") == {"b": pytest.approx(1 / 22)}


def test_pages_and_rules_are_kept(place: Place, store: SqliteStore) -> None:
    ledger = Ledger(place, clock, most_pages=2)
    pages = [Served(f"q{n}", NOW, "u", "d", ("lang",), ("a",), np.ones((1, 2), np.float32), "s", "m") for n in range(3)]
    ledger.log("demo", pages)
    ledger.log("demo", pages[:1])
    assert len(ledger.pages("demo")) == 2 and set(ledger.questions("demo").values()) == {"d"}
    ledger.put("demo", Rule("spring", "pin", ("a",)), "me")
    ledger.put("demo", Rule("spring", "bury", ("a",)), "me")
    assert [rule.action for rule in ledger.rules("demo")] == ["bury"]
    ledger.drop("demo", "spring", "me")
    assert [line["what"] for line in ledger.rule_log("demo")] == ["drop", "put", "put"]


def test_lists_go_on_and_people_steer(place: Place, store: SqliteStore) -> None:
    book = FeedBook(place, clock)
    cards = [Card(name, "popular", "popular") for name in "abc"]
    name = book.open_list("demo", Listed("u", "digest", "zh", tuple(cards[:1])))
    assert [card.id for card in book.go_on("demo", name, 1, cards[1:])] == ["b", "c"]
    found = book.read_list("demo", name)
    assert found is not None and [card.id for card in found.cards] == ["a", "b", "c"]
    store.record("demo", [event(user, "a") for user in "uvw"] + [event("u", "b", "impression")])
    trends = book.trends("demo")
    assert set(trends.risen) == {"a"} and trends.shown == {"b": 1}
    book.remove("demo", "u", "topic:cafe")
    book.remove("demo", "u", "topic:cafe")
    assert "topic:cafe" in store.profile("demo", "u").removed
    told = book.export("demo", "u")
    assert len(told["events"]) == 2 and len(told["lists"]) == 1 and told["steering"][0]["name"] == "topic:cafe"
    book.reset("demo", "u")
    assert store.profile("demo", "u").liked == ()
    book.close()


def test_questions_and_grades_are_counted(place: Place, store: SqliteStore) -> None:
    for person in "abcde":
        store.remember("demo", person, "带娃", 0, ("price", "distance"))
        store.remember("demo", person, "带娃", 0, ("price",))
    told = listed(place, "demo", clock)
    assert [row["people"] for row in told["nothing"]] == [5] and told["relaxed"][0]["slots"] == ["price"]
    judgments = Judgments(place, clock)
    assert judgments.put("demo", {"query": "带娃"}, {"a": 3, "b": 0}, "me") == 2
    assert judgments.put("demo", {"query": "带娃"}, {"b": None}, "me") == 1
    assert judgments.grades("demo", {"query": "带娃"}) == {"a": 3}
    assert [row["grades"] for row in judgments.all("demo")] == [{"a": 3}]


def test_what_is_settled_is_gone_and_known(place: Place, store: SqliteStore) -> None:
    store.upsert("demo", [("poi", {"id": "a"}), ("poi", {"id": "b"})])
    last = store.delete("demo", "a")
    store.record("demo", [event("u", "a"), event("u", "b")])
    assert deleted(place, "demo") == {"a"} and store.forget_user("demo", "v") == 0
    assert settle(place, "demo", last) == 2
    assert list(store.changes("demo", 0)) == [] and store.sequence("demo") == last
    assert [deed[0] for deed in store.profile("demo", "u").deeds] == ["b"]
    assert len(erased(place, "demo", "item")) == 1 and len(erased(place, "demo", "user")) == 1
    assert [row["object_id"] for row in store.logged("demo")] == ["b"]
    assert [row[0] for row in store.done("demo", 0, 2**40)] == ["b"]
