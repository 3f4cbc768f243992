"""Is it found again how often people look at each place?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadInput
from ranking.propensity import ESTIMATES, MOST_WEIGHT, How, Shown, estimate

TRUE = 1 / np.arange(1, 11)


def _log(count: int, shuffled: bool, seed: int = 3) -> list[Shown]:
    """Pages of ten items of 40 questions; where they are shuffled, an item comes to stand at several places."""
    rng = np.random.default_rng(seed)
    wanted = rng.random((40, 10))
    pages = []
    for _ in range(count):
        question = int(rng.integers(40))
        order = rng.permutation(10) if shuffled else np.arange(10)
        clicked = rng.random(10) < TRUE * wanted[question, order]
        pages.append(Shown(str(question), [str(item) for item in order], clicked.tolist()))
    return pages


@pytest.mark.parametrize("how", ESTIMATES)
def test_the_curve_is_found_again_from_items_seen_at_several_places(how: How) -> None:
    found = ESTIMATES[how](_log(8000, shuffled=True))
    assert np.abs(found.looks[:10] - TRUE).max() < 0.06
    assert found.clicks > 4000


@pytest.mark.parametrize("how", ESTIMATES)
def test_without_such_items_every_place_counts_the_same(how: How) -> None:
    found = ESTIMATES[how](_log(1000, shuffled=False))
    assert found.clicks == 0 and (found.looks == 1).all()
    assert (found.weights([0, 5, 99]) == 1).all()


def test_weights_are_bounded_and_deep_places_share_the_last() -> None:
    found = estimate(_log(5000, shuffled=True), places=4)
    weights = found.weights([0, 3, 50])
    assert weights[0] == 1 and weights[1] == weights[2] and (weights <= MOST_WEIGHT).all()


@settings(max_examples=40)
@given(st.lists(st.lists(st.booleans(), min_size=2, max_size=6), max_size=30), st.randoms(use_true_random=False))
def test_looks_never_rise_and_stay_positive(clicks: list[list[bool]], random: object) -> None:
    rng = np.random.default_rng(1)
    pages = [Shown("q", [str(i) for i in rng.permutation(len(c))], c) for c in clicks]
    for each in ESTIMATES.values():
        looks = each(pages).looks
        assert looks[0] == 1 and (np.diff(looks) <= 1e-12).all() and (looks > 0).all()


def test_marks_must_fit_the_items() -> None:
    with pytest.raises(BadInput, match="2 items, 1 marks"):
        estimate([Shown("q", ["a", "b"], [True])])
