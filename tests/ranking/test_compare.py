"""Does a comparison of systems add up?"""

import json
from itertools import count

import numpy as np
import pytest

from ranking.evaluate import JudgedQuery, Report, compare
from ranking.report import as_data, slot_table, text_table

QUERIES = [
    JudgedQuery("1", "安静的咖啡店", "zh", {"a": 1, "b": 1, "c": 0}, triples=(("ambience", "has", "quiet", 1),)),
    JudgedQuery(
        "2", "quiet café", "en", {"b": 3, "c": 1}, triples=(("ambience", "has", "quiet", 1), ("price", "lte", 9, 1))
    ),
    JudgedQuery("3", "nothing fits", "en", {"a": 0}),
]


def _report() -> Report:
    ticks = count()
    systems = {
        "backwards": lambda query: ["x", "c", "b", "a"],
        "oracle": lambda query: sorted(query.grades, key=lambda item: -query.grades[item]),
        "silent": lambda query: [],
    }
    return compare(systems, QUERIES, baseline="backwards", clock=lambda: next(ticks) / 1000)


def test_figures_by_hand() -> None:
    backwards, oracle, silent = _report().systems
    assert oracle.mean("ndcg@10") == oracle.mean("cs@10") == oracle.mean("mrr") == 1
    assert oracle.mean("p@10") == pytest.approx(0.2)
    assert backwards.mean("cs@10") == pytest.approx((0 + 0.5) / 2)
    assert backwards.mean("mrr") == pytest.approx((1 / 3 + 1 / 2) / 2)
    assert backwards.mean("judged@10") == pytest.approx((3 / 4 + 2 / 4 + 1 / 4) / 3)
    assert silent.mean("ndcg@10") == 0
    assert np.isnan(silent.mean("judged@10"))
    np.testing.assert_allclose(oracle.latency_ms, 1)


def test_the_baseline_is_compared_with_and_undefined_queries_are_not_counted() -> None:
    backwards, oracle, _ = _report().systems
    assert backwards.against is None
    assert oracle.against is not None
    assert oracle.against.queries == 2
    assert oracle.against.gain > 0


def test_an_answer_given_twice_counts_once() -> None:
    twice = compare({"s": lambda query: ["a", "a", "b"]}, QUERIES[:1]).systems[0]
    assert twice.mean("ndcg@10") == 1


def test_data_is_json_and_the_table_names_systems_and_languages() -> None:
    report = _report()
    data = json.loads(json.dumps(as_data(report), allow_nan=False))
    assert data["systems"]["oracle"]["by_language"]["zh"]["ndcg@10"] == 1
    assert data["systems"]["silent"]["judged@10"] is None
    table = text_table(report)
    assert "ndcg@10 en" in table
    assert all(name in table for name in ("backwards", "oracle", "silent"))


def test_failures_are_grouped_by_slot_worst_first() -> None:
    report = _report()
    assert {slot: int(mask.sum()) for slot, mask in report.slots().items()} == {"ambience": 2, "price": 1}
    lines = slot_table(report, "backwards").splitlines()[1:]
    assert [line.split()[:3] for line in lines] == [["ambience", "2", "0.2500"], ["price", "1", "0.5000"]]
