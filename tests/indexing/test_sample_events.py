"""Do the simulated people act as their tastes and the click model say?"""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from indexing.items import ACTIONS, EVENTS
from indexing.sample import files, generate_events
from indexing.sample.people import Person, Seen, affinity


@pytest.fixture(scope="module")
def built() -> dict[str, list[generate_events.Row]]:
    return generate_events.build()


def test_building_twice_gives_the_same(built: dict[str, list[generate_events.Row]]) -> None:
    assert built == generate_events.build()


def test_the_bundled_files_are_what_the_generator_builds(built: dict[str, list[generate_events.Row]]) -> None:
    for name, rows in built.items():
        assert files.rows(name) == rows, f"{name} is stale: run python -m indexing.sample.generate_events"


def test_events_are_valid_and_cover_ninety_days(built: dict[str, list[generate_events.Row]]) -> None:
    events = built["events.jsonl"]
    known = {row["id"] for rows in files.load_tables().values() for row in rows}
    assert len(events) >= 6000
    assert all(set(row) == set(EVENTS.names) for row in events)
    assert {row["object_id"] for row in events} <= known
    assert {row["action"] for row in events} <= ACTIONS
    assert {row["user_id"] for row in events} == {row["id"] for row in built["users.jsonl"]}
    days = [datetime.fromisoformat(row["at"]) for row in events]
    assert days == sorted(days)
    assert datetime(2026, 11, 22, tzinfo=UTC) - timedelta(days=90) <= days[0] <= days[-1]
    assert days[-1] < datetime(2026, 11, 22, 1, tzinfo=UTC)


def test_every_act_follows_an_impression_of_its_page(built: dict[str, list[generate_events.Row]]) -> None:
    shown = set()
    for row in built["events.jsonl"]:
        key = (row["query_id"], row["object_id"], row["position"])
        if row["action"] == "impression":
            shown.add(key)
        assert key in shown


def test_clicks_fall_with_position_and_rise_with_taste(built: dict[str, list[generate_events.Row]]) -> None:
    clicks = Counter(row["position"] for row in built["events.jsonl"] if row["action"] == "click")
    assert clicks[1] > 1.5 * clicks[5] > 0
    tastes = {row["id"]: row["tastes"] for row in built["truth/users_truth.jsonl"]}
    category = {item.id: item.category for item in generate_events.catalogue()}

    def mean(action: str) -> float:
        acts = [r for r in built["events.jsonl"] if r["action"] == action]
        return sum(tastes[r["user_id"]].get(category[r["object_id"]], 0.0) for r in acts) / len(acts)

    assert mean("click") > 1.2 * mean("impression")


def test_affinity_counts_price_city_and_kids() -> None:
    who = Person("u", "zh", (3,), (), 2, {"cafe": 0.6}, {"杭州": 1.0})
    cafe = Seen("p", "poi", "cafe", "杭州", "zh", 2, 1.0, frozenset())
    away = Seen("p", "poi", "cafe", "成都", "zh", 2, 1.0, frozenset())
    dear = Seen("p", "poi", "cafe", "杭州", "zh", 4, 1.0, frozenset())
    kids = Seen("p", "poi", "cafe", "杭州", "zh", 2, 1.0, frozenset({"kids"}))
    assert affinity(who, kids) > affinity(who, cafe) > affinity(who, dear) > affinity(who, away)
