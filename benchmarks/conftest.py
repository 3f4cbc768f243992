"""On which indexes do the benchmarks run, and how is one stage timed over many queries?"""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from random import Random
from typing import Any, TypeAlias

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from api.systems import Bench
from benchmarks import roots

ROUNDS, WARM = 100, 10
Timed: TypeAlias = Callable[[Callable[..., Any], Sequence[tuple[Any, ...]]], None]


@pytest.fixture(scope="session")
def sample() -> Iterator[Bench]:
    """The bundled sample with its encoder and its trained ranker."""
    with roots.opening(roots.sample()) as made:
        yield made


@pytest.fixture(scope="session")
def scaled() -> Iterator[Bench]:
    """10k synthetic items under hash vectors."""
    with roots.opening(roots.scaled(10_000)) as made:
        yield made


@pytest.fixture(params=["sample", "scaled"], ids=["sample", "synthetic-10k-hash"])
def bench(request: pytest.FixtureRequest) -> Bench:
    """Each index in turn."""
    made: Bench = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def timed(benchmark: BenchmarkFixture) -> Timed:
    """Time `work` on one argument list a round, drawn from `arguments` in a seeded order; adds p90 and p99 in ms."""

    def run(work: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> None:
        order = list(arguments)
        Random(roots.SEED).shuffle(order)
        for given in order[:WARM]:
            work(*given)
        coming = cycle(order)
        pedantic: Callable[..., Any] = benchmark.pedantic  # it has no types
        pedantic(work, setup=lambda: (next(coming), {}), rounds=ROUNDS, iterations=1)
        if benchmark.stats is not None:
            spent = np.array(benchmark.stats.stats.data) * 1000
            benchmark.extra_info |= {
                "p90_ms": float(np.percentile(spent, 90)),
                "p99_ms": float(np.percentile(spent, 99)),
            }

    return run
