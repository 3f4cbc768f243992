"""Are events counted until a moment, and not one of later?"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from engine.counts import DAY_S, DECAYED, HOUR_S, TREND, Counts, Event, Pair, count, grouped, hour_before, rate, window

UNTIL = 1_790_000_000 // HOUR_S * HOUR_S


def _event(item: str, action: str, days: float, question: str = "", page: str = "p") -> Event:
    return (item, action, int(UNTIL - days * DAY_S), question, page)


def _column(counts: Counts, column: int, *items: str) -> list[float]:
    found: list[float] = counts.of(items)[column].tolist()
    return found


def test_windows_hold_what_lies_within_them() -> None:
    events = [_event("a", "click", days) for days in (0.5, 3, 20, 40)] + [
        _event("a", "book", 1),
        _event("b", "like", 2),
    ]
    counts = count(events, UNTIL)
    assert_allclose(
        [_column(counts, window("click", days), "a")[0] for days in (1, 7, 30)], np.log([2, 3, 4]), rtol=1e-6
    )
    assert_allclose(_column(counts, window("purchase", 1), "a", "b", "c"), [math.log(2), 0, 0], rtol=1e-6)
    assert_allclose(_column(counts, window("save", 7), "b"), [math.log(2)], rtol=1e-6)


def test_rates_are_drawn_to_that_of_all() -> None:
    events = [_event(item, "impression", 1) for item in "a" * 10 + "b" * 10] + [_event("a", "click", 1)] * 4
    counts = count(events, UNTIL)
    usual = 4 / 20
    ten = [(4 + 10 * usual) / 20, (0 + 10 * usual) / 20, usual]
    assert_allclose(_column(counts, rate("click", 7), "a", "b", "unknown"), ten, rtol=1e-6)
    by = grouped(counts, lambda name, ids: ["x" if name == "category" else None for _ in ids])
    assert by == {"category": {"x": pytest.approx((4 + 10 * usual) / 30)}, "brand": {}, "author_id": {}}


def test_what_rises_is_told_from_what_was() -> None:
    counts = count([_event("new", "click", 1)] * 5 + [_event("old", "click", 20)] * 5, UNTIL)
    new, old, none = _column(counts, TREND, "new", "old", "none")
    assert new > 0 > old and none == 0
    fresh, stale, nothing = _column(counts, DECAYED, "new", "old", "none")
    assert fresh > stale > nothing == 0


def test_a_question_has_its_own_counts() -> None:
    shown = [_event("a", "impression", 1, "q", page) for page in ("p1", "p2")]
    counts = count([*shown, _event("a", "click", 1, "q", "p1"), _event("a", "click", 1, "r", "p3")], UNTIL)
    assert counts.pairs["q"] == {"a": Pair(2, 1)}
    assert counts.pages == {"q": 2, "r": 1}


_EVENTS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(["impression", "click", "save", "purchase", "hide"]),
        st.integers(UNTIL - 35 * DAY_S, UNTIL + 5 * DAY_S),
        st.sampled_from(["", "q"]),
        st.sampled_from(["p1", "p2"]),
    ),
    max_size=30,
)


@given(_EVENTS)
def test_nothing_of_the_moment_or_later_is_counted_and_the_order_does_not_matter(events: list[Event]) -> None:
    known = [event for event in events if event[2] < UNTIL]
    all_of_it, then = count(reversed(events), UNTIL), count(known, UNTIL)
    assert all_of_it.of("abcd").tobytes() == then.of("abcd").tobytes()
    assert (all_of_it.pairs, all_of_it.pages, all_of_it.click_rate) == (then.pairs, then.pages, then.click_rate)


def test_an_hour_begins_before_its_requests() -> None:
    assert hour_before(UNTIL + 3599.9) == UNTIL == hour_before(UNTIL)
