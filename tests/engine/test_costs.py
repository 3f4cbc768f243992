"""Does the estimate of a stage rise fast, fall slowly, and come back after a busy spell?"""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.budget import Budget
from engine.costs import Costs
from engine.live import View
from engine.search import Engine
from engine.types import F32
from ranking.model import KeepOrder
from tests.engine.world import CAFE, LAWN, intent, query, unit, world


def test_it_rises_faster_than_it_falls() -> None:
    costs = Costs({"encode": 6.0})
    costs.observe({"encode": 16.0})
    risen = costs.expect("encode")
    costs.observe({"encode": 6.0})
    assert risen - 6.0 > risen - costs.expect("encode") > 0


def test_a_skipped_stage_comes_back_to_what_was_assumed() -> None:
    costs = Costs({"encode": 6.0, "rank": 4.0})
    for _ in range(50):
        costs.observe({"encode": 60.0})
    for _ in range(200):
        costs.observe({}, skipped={"encode"})
    assert 6.0 < costs.expect("encode") < 6.1
    assert costs.expect("rank") == 4.0


def test_skipping_does_not_lift_an_estimate() -> None:
    costs = Costs({"encode": 6.0})
    for _ in range(100):
        costs.observe({"encode": 1.0})
    low = costs.expect("encode")
    costs.observe({}, skipped={"encode", "snapshot"})
    assert costs.expect("encode") == low
    assert costs.expect("snapshot") == 0.0


@given(st.lists(st.floats(0, 1e4), max_size=20))
def test_it_stays_between_what_was_seen(seen: list[float]) -> None:
    costs = Costs({"encode": 6.0})
    for spent in seen:
        costs.observe({"encode": spent})
    assert min([6.0, *seen]) - 1e-9 <= costs.expect("encode") <= max([6.0, *seen]) + 1e-9


class Encoder:
    """Gives the direction of the world's lawns."""

    fingerprint, dim, calls = "fixed", 4, 0

    def encode(self, texts: Sequence[str], role: str) -> F32:
        self.calls += 1
        return np.tile(unit(1, 0.1, 0, 0), (len(texts), 1))


def test_a_vector_at_hand_is_used_whatever_encoding_costs() -> None:
    index, encoder = world(), Encoder()
    view = View(index, encoder, KeepOrder())
    engine = Engine(lambda tenant: view, None, lambda: datetime(2026, 11, 22, tzinfo=UTC))  # type: ignore[arg-type]
    asked = query(parse=intent(CAFE, LAWN))
    engine.search(asked, Budget(60_000))
    for _ in range(100):
        engine.costs.observe({"encode": 500.0})
    before = engine.costs.expect("encode")
    again = engine.search(asked, Budget(400))
    assert not again.degraded
    assert encoder.calls == 1
    assert engine.costs.expect("encode") == before  # a look-up says nothing of what encoding costs
    fresh = engine.search(query(parse=intent(CAFE, LAWN, text="露台")), Budget(400))
    assert [given.stage for given in fresh.degraded] == ["encode"]
    assert encoder.calls == 1
    assert engine.costs.expect("encode") < before
