"""Does the simulated fan-out say what queueing theory says, where that has an answer?"""

from math import inf

import numpy as np
import pytest

from indexing.sizing.fanout import Fleet, simulate, utilisation

#: Every question takes 10 ms.
EVEN = np.full(101, 10.0)
#: Exponential times of mean 10 ms, cut at the 99.95th percentile.
RANDOM = -10 * np.log(1 - np.clip(np.linspace(0, 1, 2001), 0, 0.9995))


def test_one_idle_server_answers_in_the_time_of_its_service() -> None:
    found = simulate(Fleet(1, 1, 1, qps=0.5, service=EVEN, ahead_ms=3, after_ms=2))
    assert (found.p50, found.p90) == pytest.approx((15, 15))


def test_one_queue_waits_as_long_as_pollaczek_and_khinchine_say() -> None:
    fleet = Fleet(1, 1, 1, qps=70, service=RANDOM)
    busy = utilisation(fleet)
    found = simulate(fleet, questions=60_000)
    # M/M/1: the time in the system is exponential with mean service / (1 - busy).
    mean = float(np.mean(RANDOM)) / (1 - busy)
    assert found.p50 == pytest.approx(np.log(2) * mean, rel=0.1)
    assert found.p99 == pytest.approx(np.log(100) * mean, rel=0.15)


def test_an_answer_waits_for_its_latest_shard() -> None:
    one, many = (simulate(Fleet(shards, 1, 4, qps=1, service=RANDOM), questions=4000) for shards in (1, 30))
    assert many.p50 > one.p90  # the median of the latest of thirty is about the 98th percentile of one


def test_hedges_cut_the_tail_and_cost_few_questions() -> None:
    service = np.concatenate([np.full(97, 10.0), [10.0, 100.0, 200.0, 400.0]])
    plain = simulate(Fleet(10, 2, 4, qps=20, service=service), questions=5000)
    hedged = simulate(Fleet(10, 2, 4, qps=20, service=service, hedge_ms=15.0), questions=5000)
    assert hedged.p99 < plain.p99 / 2
    assert 0 < hedged.hedged < 0.1


def test_the_replicas_that_are_left_bear_the_load_of_a_dead_one() -> None:
    whole = Fleet(2, 3, 1, qps=120, service=EVEN)
    hurt = Fleet(2, 3, 1, qps=120, service=EVEN, dead=1)
    assert utilisation(hurt) == pytest.approx(1.5 * utilisation(whole))
    assert simulate(hurt).p99 > simulate(whole).p99


@pytest.mark.parametrize("fleet", [Fleet(1, 1, 1, 101, EVEN), Fleet(1, 2, 1, 1, EVEN, dead=2)])
def test_what_cannot_keep_up_never_answers(fleet: Fleet) -> None:
    assert simulate(fleet).p99 == inf


def test_the_same_seed_says_the_same() -> None:
    fleet = Fleet(3, 2, 1, qps=50, service=RANDOM, hedge_ms=30)
    assert simulate(fleet, 2000) == simulate(fleet, 2000)
