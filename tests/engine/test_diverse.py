"""Is variety what it says: nothing lost, caps kept while they can be, likeness paid for?"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.diverse import PER_BRAND, WINDOW, diverse, spread
from tests.ranking import world

APART = np.zeros((6, 6))


def test_worth_alone_keeps_the_order_and_likeness_breaks_it() -> None:
    worths = np.array([1.0, 0.9, 0.8, 0.1])
    twins = np.eye(4)
    twins[0, 1] = twins[1, 0] = 1.0
    assert spread(worths, twins, [], 1.0, 4).tolist() == [0, 1, 2, 3]
    assert spread(worths, twins, [], 0.5, 4).tolist() == [0, 2, 3, 1]


def test_a_cap_is_kept_while_anything_keeps_it() -> None:
    brand = np.array([0, 0, 0, 0, 1, -1])
    order = spread(np.linspace(1, 0, 6), APART, [(brand, PER_BRAND)], 0.7, 6).tolist()
    assert order == [0, 1, 4, 5, 2, 3]


@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(-1, 3)), min_size=1, max_size=40),
    st.floats(0, 1),
    st.integers(1, 40),
)
def test_no_item_twice_and_no_window_breaks_a_cap_that_could_be_kept(
    items: list[tuple[float, int]], worth: float, most: int
) -> None:
    worths, brand = np.array([w for w, _ in items]), np.array([b for _, b in items])
    taken = spread(worths, np.zeros((len(items), len(items))), [(brand, PER_BRAND)], worth, most).tolist()
    assert len(taken) == len(set(taken)) == min(most, len(items))
    for at in range(len(taken)):
        window = [brand[i] for i in taken[max(0, at - WINDOW + 1) : at + 1]]
        over = brand[taken[at]] >= 0 and window.count(brand[taken[at]]) > PER_BRAND
        others = set(range(len(items))) - set(taken[: at + 1])
        recent = [brand[i] for i in taken[max(0, at - WINDOW + 1) : at]]
        assert not over or all(brand[i] >= 0 and recent.count(brand[i]) >= PER_BRAND for i in others)


def test_an_order_of_candidates_loses_nothing() -> None:
    found = world.found(("poi", 0), ("poi", 1), ("poi", 2))
    order = np.array([2, 0, 1])
    spread_out = diverse(world.index(), "demo", "poi", found, order, np.array([0.1, 0.2, 0.9], np.float32))
    assert sorted(spread_out.tolist()) == [0, 1, 2] and spread_out[0] == 2
