"""What must every Store do? One suite, for the real one and the one in memory."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import BadQuery
from engine.ports import Receipt, Store
from engine.types import Kind, Profile
from indexing.postgres.store import PostgresStore
from indexing.store import SqliteStore
from indexing.tastes import TasteSettings
from tests.fakes.store import MemoryStore

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TASTES = TasteSettings(
    gains={"click": 1.0, "save": 4.0}, half_life=timedelta(days=10), seen_for=timedelta(days=5), liked=3
)


@pytest.fixture(params=["sqlite", "memory", pytest.param("postgres", marks=pytest.mark.needs("psycopg"))])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    made: Any
    if request.param == "postgres":
        made = PostgresStore(request.getfixturevalue("postgres").database(), clock=lambda: NOW, tastes=TASTES)
    elif request.param == "sqlite":
        made = SqliteStore(tmp_path / "live.db", clock=lambda: NOW, tastes=TASTES)
    else:
        made = MemoryStore(clock=lambda: NOW, tastes=TASTES)
    yield made
    made.close()


def poi(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "name": name, **more}


def event(action: str, item: str, days_ago: float = 0, **more: Any) -> dict[str, Any]:
    at = (NOW - timedelta(days=days_ago)).isoformat()
    return {"user_id": "u", "action": action, "object_id": item, "at": at, **more}


def test_changes_come_in_order_and_only_the_newest_of_each_id(store: Store) -> None:
    first = store.upsert("demo", [("poi", poi("a")), ("poi", poi("b", amenities=["草坪"]))])
    second = store.delete("demo", "a")
    third = store.upsert("demo", [("note", {"id": "n", "title": "t", "body": "b"})])
    assert first < second < third
    assert list(store.changes("demo", 0)) == [
        (first, "b", "poi", poi("b", amenities=["草坪"])),
        (second, "a", None, None),
        (third, "n", "note", {"id": "n", "title": "t", "body": "b"}),
    ]
    assert [seq for seq, *_ in store.changes("demo", second)] == [third]
    assert list(store.changes("demo", third)) == []


def test_an_unknown_id_can_be_deleted_and_come_back(store: Store) -> None:
    gone = store.delete("demo", "only-in-the-snapshot")
    assert list(store.changes("demo", 0)) == [(gone, "only-in-the-snapshot", None, None)]
    back = store.upsert("demo", [("poi", poi("only-in-the-snapshot"))])
    assert [(seq, kind) for seq, _, kind, _ in store.changes("demo", 0)] == [(back, "poi")]


def test_nothing_upserted_moves_nothing(store: Store) -> None:
    assert store.upsert("demo", []) == 0
    last = store.upsert("demo", [("poi", poi("a"))])
    assert store.upsert("demo", []) == last


def test_items_of_several_kinds_are_one_write(store: Store) -> None:
    last = store.upsert("demo", [("poi", poi("a")), ("note", {"id": "n", "title": "t", "body": "b"})])
    assert [(seq, kind) for seq, _, kind, _ in store.changes("demo", 0)] == [(last - 1, "poi"), (last, "note")]


def test_an_amendment_sees_what_is_held_and_replaces_it(store: Store) -> None:
    seen: list[Any] = []

    def rename(known: Any) -> tuple[Kind, dict[str, Any]]:
        seen.append(known)
        return "poi", poi("a", rating=len(seen))

    store.amend("demo", "a", rename)
    store.amend("demo", "a", rename)
    store.delete("demo", "a")
    last = store.amend("demo", "a", rename)
    assert seen == [None, ("poi", poi("a", rating=1)), (None, None)]
    assert list(store.changes("demo", 0)) == [(last, "a", "poi", poi("a", rating=3))]


def test_an_amendment_that_fails_changes_nothing(store: Store) -> None:
    def refuse(_: Any) -> Any:
        raise BadQuery("rating", "must be within 0..5")

    last = store.upsert("demo", [("poi", poi("a"))])
    with pytest.raises(BadQuery, match="rating"):
        store.amend("demo", "a", refuse, Receipt("k", "1"))
    assert list(store.changes("demo", 0)) == [(last, "a", "poi", poi("a"))]
    assert store.upsert("demo", [("poi", poi("b"))], Receipt("k", "2")) == last + 1  # no receipt was kept


def test_a_write_with_a_receipt_is_done_once(store: Store) -> None:
    first, again = Receipt("k", "digest"), Receipt("k", "digest")
    last = store.upsert("demo", [("poi", poi("a"))], first)
    store.delete("demo", "a")
    assert store.upsert("demo", [("poi", poi("a"))], again) == last
    assert [kind for _, _, kind, _ in store.changes("demo", 0)] == [None]  # the deletion after it stands
    assert store.upsert("other", [("poi", poi("a"))], again) == 1  # keys belong to a tenant
    assert store.record("demo", [event("save", "a")], Receipt("e", "1")) == 1
    assert store.record("demo", [event("save", "a")], Receipt("e", "1")) == 1
    with pytest.raises(BadQuery, match="Idempotency-Key"):
        store.record("demo", [event("save", "b")], first._replace(digest="another"))
    assert [item for item, _ in store.profile("demo", "u").liked] == ["a"]


def test_a_stored_item_does_not_follow_the_callers_object(store: Store) -> None:
    item = poi("a", tags=["x"])
    store.upsert("demo", [("poi", item)])
    item["tags"].append("y")
    assert [found for *_, found in store.changes("demo", 0)] == [poi("a", tags=["x"])]


def test_tenants_see_nothing_of_each_other(store: Store) -> None:
    store.upsert("one", [("poi", poi("a"))])
    store.delete("one", "b")
    store.record("one", [event("save", "a"), event("hide", "b")])
    assert list(store.changes("two", 0)) == []
    assert store.profile("two", "u") == Profile("u")
    assert store.forget_user("two", "u") == 0
    assert store.profile("one", "u").liked


def test_every_call_refuses_a_name_that_is_no_tenant(store: Store) -> None:
    for call in (
        lambda: store.upsert("../x", []),
        lambda: store.delete("", "a"),
        lambda: list(store.changes("A", 0)),
        lambda: store.record("a b", [event("save", "a")]),
        lambda: store.profile("ä", "u"),
        lambda: store.forget_user("a" * 64, "u"),
    ):
        with pytest.raises(BadQuery, match="tenant"):
            call()


def test_gains_add_up_and_halve_with_age(store: Store) -> None:
    store.record("demo", [event("click", "a"), event("save", "a", 10), event("save", "b", 20), event("click", "c", 10)])
    assert store.profile("demo", "u").liked == (("a", pytest.approx(3.0)), ("b", pytest.approx(1.0)), ("c", 0.5))


def test_equal_gains_stand_newest_first_and_only_so_many_are_kept(store: Store) -> None:
    store.record("demo", [event("click", name, 0) for name in "dcba"] + [event("save", "old", 20)])
    assert [item for item, _ in store.profile("demo", "u").liked] == ["a", "b", "c"]


def test_seen_is_recent_and_hidden_is_for_good(store: Store) -> None:
    store.record("demo", [event("impression", "a", 1), event("click", "b", 2), event("impression", "c", 6)])
    store.record("demo", [event("hide", "b", 300), event("report", "d", 3000), event("save", "d")])
    profile = store.profile("demo", "u")
    assert profile.seen == {"a", "b"}
    assert profile.hidden == {"b", "d"}
    assert profile.liked == ()


def test_what_was_done_is_told_newest_first(store: Store) -> None:
    store.record("demo", [event("impression", "a", 3), event("hide", "b", 1), event("save", "a", 2)])
    told = store.profile("demo", "u").deeds
    assert [(item, action) for item, action, _ in told] == [("b", "hide"), ("a", "save"), ("a", "impression")]
    assert [at for *_, at in told] == sorted((at for *_, at in told), reverse=True)


def test_an_event_from_the_future_counts_as_fresh(store: Store) -> None:
    store.record("demo", [event("save", "a", -3)])
    assert store.profile("demo", "u").liked == (("a", 4.0),)


def test_an_event_sent_twice_is_one_event(store: Store) -> None:
    sent = [event("save", "a", query_id="q", position=3), event("save", "a", query_id="r", position=3)]
    assert store.record("demo", sent) == 2
    assert store.record("demo", [*sent, event("click", "a")]) == 1
    assert store.profile("demo", "u").liked == (("a", 9.0),)


def test_a_person_can_be_forgotten(store: Any) -> None:
    store.record("demo", [event("save", "a"), event("hide", "b"), {**event("save", "a"), "user_id": "other"}])
    store.declare("demo", "u", ["camping"])
    assert store.profile("demo", "u").interests == ("camping",)
    assert store.forget_user("demo", "u") == 3
    assert store.profile("demo", "u") == Profile("u")
    assert store.profile("demo", "other").liked == (("a", 4.0),)
    assert store.forget_user("demo", "u") == 0


def test_declared_interests_are_replaced(store: Any) -> None:
    store.declare("demo", "u", ["camping", "coffee"])
    store.declare("demo", "u", ["books"])
    assert store.profile("demo", "u").interests == ("books",)


STEPS = st.lists(
    st.tuples(st.sampled_from(["upsert", "delete"]), st.sampled_from("abc"), st.integers(0, 9)), max_size=20
)


@given(STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_follower_ends_where_a_dictionary_ends(store: Any, steps: list[tuple[str, str, int]]) -> None:
    start = store.sequence("demo")
    wanted: dict[str, Any] = {}
    seen: dict[str, Any] = {}
    at = start
    for n, (what, name, value) in enumerate(steps):
        if what == "upsert":
            store.upsert("demo", [("poi", poi(name, rating=value))])
        else:
            store.delete("demo", name)
        wanted[name] = poi(name, rating=value) if what == "upsert" else None
        if n % 3 == 0:
            for seq, changed, _, item in store.changes("demo", at):
                seen[changed], at = item, seq
    seen.update({name: item for _, name, _, item in store.changes("demo", at)})
    assert seen == wanted
    assert store.sequence("demo") == start + len(steps)


def test_a_query_is_shown_when_five_different_people_asked_it(store: Store) -> None:
    for person in "abcd":
        store.remember("demo", person, "带娃")
        store.remember("demo", person, "带娃")
    store.remember("other", "e", "带娃")
    assert store.popular("demo") == []
    store.remember("demo", "e", "带娃")
    assert store.popular("demo") == [("带娃", 5)]
    assert store.popular("other") == []
    assert store.forget_user("demo", "e") == 1
    assert store.popular("demo") == []
