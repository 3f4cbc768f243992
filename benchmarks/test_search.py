"""What does a whole search cost, without HTTP and without a deadline?"""

import pytest

from api.systems import UNHURRIED_MS, Bench
from benchmarks import roots
from benchmarks.conftest import Timed
from engine.budget import Budget
from engine.types import Query, Results
from engine.vectors import QueryVectors


@pytest.mark.parametrize("vectors", ["encoded", "cached"])
@pytest.mark.benchmark(group="search, page of 10")
def test_search(bench: Bench, timed: Timed, vectors: str) -> None:
    """`encoded`: every query's vector is made anew; `cached`: all are at hand."""
    engine = bench.engine(bench.view.ranker)

    def search(query: Query) -> Results:
        if vectors == "encoded":
            engine.vectors = engine.encoding.vectors = QueryVectors()
        return engine.search(query, Budget(UNHURRIED_MS))

    asked = [(query,) for query in roots.queries(bench)]
    for (query,) in asked:
        assert not search(query).degraded
    timed(search, asked)
