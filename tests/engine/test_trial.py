"""Is a page drafted fairly, and does the same person always see the same side?"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.trial import draft, drawn

ORDERS = st.permutations(range(12)).map(lambda order: np.array(order, np.int64))


@given(ORDERS, ORDERS, st.integers(1, 12), st.text(max_size=5))
def test_a_page_holds_each_item_once_and_each_team_its_best(a: np.ndarray, b: np.ndarray, most: int, seed: str) -> None:
    page, teams = draft(a, b, most, seed)
    assert len(page) == len(teams) == most == len(set(page.tolist()))
    assert abs(teams.count("a") - teams.count("b")) <= 1
    for team, order in (("a", a), ("b", b)):
        mine = [at for at, side in zip(page.tolist(), teams, strict=True) if side == team]
        assert [order.tolist().index(at) for at in mine] == sorted(order.tolist().index(at) for at in mine)


@given(ORDERS, ORDERS, st.text(max_size=5))
def test_a_second_page_goes_on_where_the_first_ended(a: np.ndarray, b: np.ndarray, seed: str) -> None:
    assert draft(a, b, 12, seed)[0][:5].tolist() == draft(a, b, 5, seed)[0].tolist()


def test_orders_that_agree_are_kept_and_each_side_begins_half_the_time() -> None:
    order = np.arange(10)
    first = []
    for seed in range(400):
        page, teams = draft(order, order, 10, str(seed))
        assert page.tolist() == order.tolist()
        first.append(teams[0] == "a")
    assert 160 < sum(first) < 240


def test_buckets_are_steady_even_and_apart() -> None:
    people = [f"u{n}" for n in range(2000)]
    one, other = (np.array([drawn(name, who) for who in people]) for name in ("one", "other"))
    assert (one == [drawn("one", who) for who in people]).all()
    assert abs((one < 0.5).mean() - 0.5) < 0.05
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.1
