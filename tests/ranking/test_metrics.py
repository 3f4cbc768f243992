"""Do the metrics agree with values worked out by hand, and with their own laws?"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranking import metrics

GRADES = st.lists(st.integers(0, 4), min_size=1, max_size=20)


def test_graded_ndcg_by_hand() -> None:
    # gains 7, 3, 7 at discounts 1, log2(3), 2; the best order is 7, 7, 3.
    dcg = 7 + 3 / math.log2(3) + 7 / 2
    best = 7 + 7 / math.log2(3) + 3 / 2
    assert metrics.ndcg_at([3, 2, 3], [3, 2, 3], 10) == pytest.approx(dcg / best)


def test_binary_ndcg_counts_what_was_not_found() -> None:
    # One of two relevant items, at place 2.
    assert metrics.ndcg_at([0, 1], [1, 1, 0], 10) == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))


def test_only_the_first_k_count() -> None:
    assert metrics.ndcg_at([0, 0, 1], [1, 0, 0], 2) == 0
    assert metrics.precision_at([False, True, True], 2) == 0.5


def test_precision_divides_by_k_when_few_came() -> None:
    assert metrics.precision_at([True], 10) == pytest.approx(0.1)


def test_reciprocal_rank() -> None:
    assert metrics.reciprocal_rank([False, False, True, True]) == pytest.approx(1 / 3)
    assert metrics.reciprocal_rank([False]) == 0
    assert metrics.reciprocal_rank([]) == 0


def test_average_precision_by_hand() -> None:
    # Relevant at places 1, 3, 5 of 4 relevant in all: (1 + 2/3 + 3/5) / 4.
    assert metrics.average_precision([1, 0, 1, 0, 1], 4) == pytest.approx((1 + 2 / 3 + 3 / 5) / 4)


def test_satisfaction_measures_as_many_places_as_there_is_gold() -> None:
    assert metrics.satisfaction_at(["a", "x", "b"], {"a", "b"}, 10) == 0.5
    assert metrics.satisfaction_at(["a"], {"a", "b", "c"}, 10) == pytest.approx(1 / 3)
    assert math.isnan(metrics.satisfaction_at(["a"], set(), 10))


def test_shares() -> None:
    assert metrics.judged_share_at(["a", "x"], {"a": 0.0}, 10) == 0.5
    assert math.isnan(metrics.judged_share_at([], {"a"}, 10))
    assert metrics.coverage([["a", "b"], ["b"]], 4) == 0.5


def test_nothing_relevant_is_undefined_and_left_out_of_the_mean() -> None:
    assert math.isnan(metrics.ndcg_at([0, 0], [0, 0], 10))
    assert math.isnan(metrics.average_precision([0], 0))
    assert metrics.mean_known([1.0, math.nan, 0.0]) == 0.5
    assert math.isnan(metrics.mean_known([math.nan]))


def test_ndcg_of_scores_keeps_lists_apart_and_ties_in_order() -> None:
    values = metrics.ndcg_of_scores([1, 2, 5, 5], [0, 1, 1, 0], [2, 2])
    np.testing.assert_allclose(values, [1, 1])
    np.testing.assert_allclose(metrics.ndcg_of_scores([2, 1], [0, 1], [2]), [1 / math.log2(3)])


@settings(max_examples=60)
@given(GRADES, st.integers(1, 12))
def test_no_order_beats_the_ideal_and_none_is_negative(grades: list[int], k: int) -> None:
    if any(grades):
        assert 0 <= metrics.ndcg_at(grades, grades, k) <= 1 + 1e-12
        assert metrics.ndcg_at(sorted(grades, reverse=True), grades, k) == pytest.approx(1)


@settings(max_examples=60)
@given(GRADES, st.data())
def test_moving_a_better_answer_up_never_hurts(grades: list[int], data: st.DataObject) -> None:
    if len(grades) < 2 or not any(grades):
        return
    place = data.draw(st.integers(0, len(grades) - 2))
    swapped = [*grades[:place], grades[place + 1], grades[place], *grades[place + 2 :]]
    better, worse = (swapped, grades) if grades[place + 1] >= grades[place] else (grades, swapped)
    for measure in (lambda g: metrics.ndcg_at(g, grades, 10), lambda g: metrics.reciprocal_rank([x > 0 for x in g])):
        assert measure(better) >= measure(worse) - 1e-12
