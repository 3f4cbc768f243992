"""Does the paired test see a difference where there is one, and none where there is none?"""

import numpy as np
import pytest

from ranking.significance import paired


def test_exact_enumeration_of_a_small_sample() -> None:
    # Five equal gains: of the 32 sign patterns one reaches the mean, so p = 1/32 one-sided, 2/32 two-sided.
    difference = paired([0.6] * 5, [0.5] * 5, draws=40_000)
    assert difference.p == pytest.approx(1 / 32, abs=0.004)
    assert difference.p_two_sided == pytest.approx(2 / 32, abs=0.006)
    assert difference.gain == pytest.approx(0.1)


def test_equal_systems_do_not_differ() -> None:
    same = np.linspace(0, 1, 40)
    difference = paired(same, same)
    assert difference.gain == 0
    assert difference.p == 1
    assert (difference.low, difference.high) == (0, 0)


def test_chance_is_called_chance_about_as_often_as_promised() -> None:
    rng = np.random.default_rng(0)
    ps = [paired(rng.normal(size=30), rng.normal(size=30), seed=i, draws=500).p for i in range(200)]
    assert 0.01 <= np.mean(np.array(ps) < 0.05) <= 0.10


def test_undefined_queries_are_left_out_in_pairs() -> None:
    difference = paired([1, np.nan, 0.5], [0.5, 1, np.nan])
    assert difference.queries == 1
    assert paired([np.nan], [1.0]).p == 1


def test_same_seed_same_figures_and_they_can_be_read() -> None:
    a, b = np.random.default_rng(1).random((2, 50))
    assert paired(a, b, seed=3) == paired(a, b, seed=3)
    assert "50 queries" in str(paired(a, b))
