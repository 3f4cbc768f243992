"""Do rules of the house move what they name, when they hold, and nothing else?"""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.rules import ACTIONS, Rule, active, apply
from engine.types import Query
from tests.ranking import world

NOW = datetime(2026, 11, 22, tzinfo=UTC)
INDEX = world.index()
FOUND = world.found(("poi", 0), ("poi", 1), ("poi", 2))
ASKED = Query("demo", "有草坪的咖啡店")


def _moved(*rules: Rule) -> list[str]:
    order, _ = apply(active(rules, world.intent(world.LAWN), ASKED, NOW), INDEX, "demo", FOUND, np.arange(3))
    return [("lawn", "plain", "bare")[at] for at in order]


def test_each_action_does_what_it_says() -> None:
    said = {"query": "有草坪的咖啡店"}
    assert _moved(Rule("r", "pin", ("bare",), **said)) == ["bare", "lawn", "plain"]
    assert _moved(Rule("r", "pin", ("bare", "plain"), places=1, **said)) == ["lawn", "bare", "plain"]
    assert _moved(Rule("r", "boost", ("bare",), places=1, **said)) == ["lawn", "bare", "plain"]
    assert _moved(Rule("r", "bury", ("lawn",), places=9, **said)) == ["plain", "bare", "lawn"]
    assert _moved(Rule("r", "hide", ("lawn", "nobody"), **said)) == ["plain", "bare"]


def test_it_holds_by_query_by_slot_and_within_its_dates() -> None:
    lawn = Rule("r", "hide", ("lawn",), slot="amenity", value="lawn")
    assert _moved(lawn) == ["plain", "bare"]
    assert _moved(Rule("r", "hide", ("lawn",), slot="amenity", value="parking")) == ["lawn", "plain", "bare"]
    assert _moved(Rule("r", "hide", ("lawn",), query="another")) == ["lawn", "plain", "bare"]
    late = Rule("r", "hide", ("lawn",), slot="amenity", since=NOW + timedelta(days=1))
    over = Rule("r", "hide", ("lawn",), slot="amenity", until=NOW)
    assert _moved(late) == _moved(over) == ["lawn", "plain", "bare"]


@given(
    st.lists(
        st.builds(
            Rule,
            st.text("abc", min_size=1, max_size=3),
            st.sampled_from(ACTIONS),
            st.lists(st.sampled_from(["lawn", "plain", "bare", "n1", "nobody"]), max_size=4).map(tuple),
            slot=st.just("amenity"),
            places=st.integers(0, 50),
        ),
        max_size=6,
    )
)
def test_whatever_rules_say_no_item_comes_twice_and_only_hidden_ones_go(rules: list[Rule]) -> None:
    order, moved = apply(active(rules, world.intent(world.LAWN), ASKED, NOW), INDEX, "demo", FOUND, np.arange(3))
    hidden = {move.item for move in moved if move.action == "hide"}
    left = [("lawn", "plain", "bare")[at] for at in order]
    assert sorted(left) == sorted({"lawn", "plain", "bare"} - hidden)
