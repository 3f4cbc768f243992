"""Does the planner find the nearest rows, whatever it picks, and keep away from those that may not answer?"""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.types import F32, I64, Mask
from indexing import vectors
from indexing.vectors import Among, Vectors, calibrate, exact, files, machine, nearest
from indexing.vectors import among as among_
from indexing.vectors import effort as effort_
from indexing.vectors import lists as lists_
from indexing.vectors import stack as stack_
from indexing.vectors.effort import Effort, Point, Table

K = 20
machine.make()


@pytest.fixture(params=["machine code", "faiss"])
def scanned_by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way by which codes are scanned. Vectors that were asked before keep theirs."""
    if request.param == "faiss":
        monkeypatch.setattr(stack_, "fastscan", lambda: None)
    elif machine.fastscan() is None:
        pytest.skip("needs numba (the extra 'fast') and AVX2")
    return str(request.param)


def unit(count: int, dim: int = 32, seed: int = 1) -> F32:
    """Rows around as many centres as there are hundreds."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(max(1, count // 100), dim))
    matrix = centres[rng.integers(0, len(centres), count)] + 0.8 * rng.normal(size=(count, dim))
    out: F32 = (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)
    return out


def best(matrix: F32, query: F32, rows: I64, k: int = K) -> list[int]:
    scores = matrix[rows] @ query
    return [int(row) for row in rows[np.argsort(-scores, kind="stable")][:k]]


@cache
def built(codes: lists_.Codes = "pq4") -> Vectors:
    """Six thousand rows with lists; three of them without a vector."""
    matrix = unit(6000)
    matrix[[7, 70, 700]] = np.nan
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "LISTS_FROM", 5_000)
        return vectors.build(matrix, codes=codes)


def forced(plan: str, made: Vectors | None = None) -> Vectors:
    """The same lists under one plan whatever the filter, and with more effort than is needed."""
    made, curve = made or built(), (Point(0.0, 0.5, 100), Point(0.5, 0.99, 1000))
    efforts = tuple(Effort(1.0, k, plan, 0.5, 20.0, 0.99, 1000, 1.0, curve) for k in (100, 200))
    return Vectors(made.matrix, made.lists, Table(0.99, efforts))


@pytest.mark.parametrize("kept", [1.0, 0.3, 0.001])
def test_without_lists_the_answer_is_that_of_brute_force(kept: float) -> None:
    matrix, query = unit(3000), unit(1, seed=2)[0]
    allowed = np.random.default_rng(3).random(3000) < kept
    allowed[0] = True
    found = Vectors(matrix).search(query, allowed, 10)
    assert found.rows.tolist() == best(matrix, query, np.flatnonzero(allowed), 10)
    assert found.plan.startswith("exact") and (np.diff(found.scores) <= 0).all()


@pytest.mark.parametrize("share", [1.0, 0.3, 0.1, 0.03])
@pytest.mark.parametrize("plan", ["near", "lists"])
@pytest.mark.parametrize("codes", ["pq4", "sq8"])
def test_the_measured_effort_finds_its_target_at_every_share(
    share: float, plan: str, codes: lists_.Codes, scanned_by: str
) -> None:
    made = Vectors(built(codes).matrix, built(codes).lists, effort(codes, plan))
    rng, hits = np.random.default_rng(5), []
    for query in unit(20, seed=6):
        allowed = rng.random(6000) < share
        found = made.search(query, allowed, 100)
        right = best(made.matrix, query, np.flatnonzero(allowed & made.present), 100)
        hits.append(len(set(found.rows.tolist()) & set(right)) / len(right))
        assert allowed[found.rows].all()
    assert np.mean(hits) >= 0.98


@cache
def effort(codes: lists_.Codes, plan: str) -> Table:
    return calibrate.calibrate(built(codes), plans=[plan])


def test_the_cheapest_plan_that_finds_enough_is_taken() -> None:
    table = built().table
    assert table is not None and {e.k for e in table.efforts} == {100, 200}
    assert all(e.recall >= 0.98 and e.ms > 0 for e in table.efforts)
    assert table.choose(0.0011, 10).k == 100 and table.choose(0.9, 150).share == 1.0


@given(seed=st.integers(0, 10_000), share=st.floats(0.0, 1.0), plan=st.sampled_from(["near", "lists"]))
def test_only_allowed_rows_with_a_vector_answer_best_first(seed: int, share: float, plan: str) -> None:
    made, rng = forced(plan), np.random.default_rng(seed)
    allowed: Mask = rng.random(6000) < share
    allowed[[7, 70, 700]] = True
    query = unit(1, seed=seed)[0]
    found = made.search(query, allowed, K)
    assert allowed[found.rows].all() and not {7, 70, 700} & set(found.rows.tolist())
    assert len(set(found.rows.tolist())) == len(found.rows) == min(K, int((allowed & made.present).sum()))
    assert np.allclose(found.scores, made.matrix[found.rows] @ query, atol=1e-6)
    assert (np.diff(found.scores) <= 0).all()


@pytest.mark.parametrize("plan", ["exact", "near", "lists"])
def test_ties_come_in_the_order_of_rows(plan: str) -> None:
    matrix = unit(6000)
    matrix[1000:1100] = matrix[1000]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "LISTS_FROM", 5_000)
        made = vectors.build(matrix)
    found = forced(plan, made).search(matrix[1000], None, 60)
    assert found.rows.tolist() == list(range(1000, 1060))


@pytest.mark.parametrize("plan", ["exact", "near", "lists"])
def test_a_filter_may_come_as_mask_as_words_or_as_rows(plan: str) -> None:
    made, query = forced(plan), unit(1, seed=9)[0]
    mask = np.random.default_rng(9).random(6000) < 0.4
    packed = Among(6000, words=Among.of(mask, 6000).words)
    answers = [made.search(query, each, K) for each in (mask, packed, np.flatnonzero(mask))]
    assert all(a.rows.tolist() == answers[0].rows.tolist() for a in answers)


@given(st.lists(st.booleans(), min_size=1, max_size=300))
def test_a_set_of_rows_is_the_same_in_every_form(bits: list[bool]) -> None:
    mask = np.array(bits)
    among = Among.of(mask, len(mask))
    again = Among(len(mask), rows=among.rows)
    assert among.rows.tolist() == np.flatnonzero(mask).tolist() and among.count == again.count == int(mask.sum())
    assert np.array_equal(among.words, again.words) and np.array_equal(among.at(np.arange(len(mask))), mask)
    every_other = among.sample(2)
    assert set(every_other.tolist()) == {row for row in among.rows.tolist() if row // 64 % 2 == 0}


@pytest.mark.parametrize("plan", ["exact", "near", "lists"])
@pytest.mark.parametrize("codes", ["pq4", "sq8"])
def test_changes_go_into_the_lists_of_the_base(plan: str, codes: lists_.Codes, scanned_by: str) -> None:
    base = forced(plan, built(codes))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "CHANGES_FROM", 100)
        patch.setattr("indexing.vectors.plan.FEW", 10)
        news = vectors.build(unit(600, seed=12), base)
        assert news.lists is not None and news.table is None
        alive = np.random.default_rng(1).random(6000) < 0.9
        both = np.concatenate([base.matrix, news.matrix])
        live = np.concatenate([alive & base.present, np.ones(600, bool)])
        hits = []
        for query in unit(20, seed=13):
            found = nearest([base, news], query, [alive, None], 100)
            right = best(both, query, np.flatnonzero(live), 100)
            hits.append(len(set(found.rows.tolist()) & set(right)))
            assert live[found.rows].all() and len(set(found.rows.tolist())) == 100
        assert np.mean(hits) >= 98
        assert "+" in found.plan or plan == "near"


def test_a_change_takes_the_place_of_what_it_changed(scanned_by: str) -> None:
    base, query = forced("lists"), unit(1, seed=3)[0]
    first = int(base.search(query, None, 1).rows[0])
    alive = np.arange(6000) != first
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "CHANGES_FROM", 1)
        news = vectors.build(base.matrix[[first, 7]], base)
    found = nearest([base, news], query, [alive, None], K)
    right = [6000, *(row for row in base.search(query, None, K).rows.tolist() if row != first)]
    assert found.rows.tolist() == right


def test_machine_code_scans_to_the_same_answers_as_faiss() -> None:
    if machine.fastscan() is None:
        pytest.skip("needs numba (the extra 'fast') and AVX2")
    rng = np.random.default_rng(4)
    for seed, query in enumerate(unit(20, seed=14)):
        allowed = rng.random(6000) < (1.0 if seed % 2 else 0.02)
        here = forced("lists").search(query, allowed, K)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stack_, "fastscan", lambda: None)
            there = forced("lists").search(query, allowed, K)
        assert here.rows.tolist() == there.rows.tolist()
        assert np.allclose(here.scores, there.scores, atol=1e-6)


def test_little_time_means_fewer_lists_and_the_estimate_says_so() -> None:
    curve = (Point(0.0, 0.5, 10), Point(0.1, 0.8, 100), Point(0.2, 0.99, 1000))
    effort = Effort(1.0, 100, "lists", 0.2, 2.0, 0.99, 1000, 1.0, curve)
    assert effort.cut(2.0) == effort
    assert (effort.cut(0.5).gap, effort.cut(0.5).recall) == (0.1, 0.8)
    assert effort.cut(0.0).gap == 0.0
    assert [effort.cut(2.0, enough).gap for enough in (0.4, 0.7, 0.8, 0.9, 1.0)] == [0.0, 0.1, 0.1, 0.2, 0.2]
    assert effort.cut(0.5, 0.4).gap == 0.0 and effort.cut(0.5, 0.9).gap == 0.1
    made, query = forced("lists"), unit(1, seed=3)[0]
    hurried = nearest([made], query, [None], K, within_ms=0.0)
    assert hurried.recall == 0.5 and made.search(query, None, K).recall == 0.99
    assert hurried.plan.endswith("~0.50") and "~" not in made.search(query, None, K).plan


def test_questions_that_lie_apart_from_the_rows_are_looked_for_further() -> None:
    made, rng = built(), np.random.default_rng(8)
    apart = rng.normal(size=(64, made.matrix.shape[1])).astype(np.float32)
    apart /= np.linalg.norm(apart, axis=1, keepdims=True)
    near, far = (calibrate.calibrate(made, plans=["lists"], asked=asked).choose(1.0, K) for asked in (None, apart))
    assert far.gap > near.gap and far.recall >= 0.99
    table, present = calibrate.calibrate(made, plans=["lists"], asked=apart), np.flatnonzero(made.present)
    asked = [(Vectors(made.matrix, made.lists, table).search(each, None, 100).rows, each) for each in apart]
    found = [len(set(rows.tolist()) & set(best(made.matrix, each, present, 100))) for rows, each in asked]
    assert np.mean(found) >= 99


def test_rows_without_a_vector_and_empty_kinds_are_no_answers() -> None:
    matrix = unit(3)
    matrix[1] = np.nan
    found = Vectors(matrix).search(matrix[0], np.ones(3, bool), 5)
    assert sorted(found.rows.tolist()) == [0, 2]
    assert len(Vectors(np.empty((0, 4), np.float32)).search(np.ones(4, np.float32), np.ones(0, bool), 5).rows) == 0


def some_lists() -> lists_.Lists:
    made = built().lists
    assert made is not None
    return made


def joined(words: Any) -> Among:
    """The rows in common to three sets of words."""
    return Among.common([Among(64 * len(words), words=each) for each in (words, words[::-1].copy(), np.roll(words, 1))])


@given(seed=st.integers(0, 1000), n=st.integers(1, 300), k=st.sampled_from([1, 100, 200]))
def test_machine_code_says_what_numpy_says(seed: int, n: int, k: int) -> None:
    code = machine.compiled()
    if code is None:
        pytest.skip("numba is not installed (the extra 'fast')")
    rng = np.random.default_rng(seed)
    matrix, words = unit(n, seed=seed), rng.integers(0, 2**63, n, dtype=np.uint64)
    rows, scores, counts = np.sort(rng.permutation(n)[: n // 2]), matrix[:, 0].copy(), rng.integers(0, 50, n)
    assert np.allclose(code.gather(matrix, rows, matrix[0]), matrix[rows] @ matrix[0], atol=1e-6)
    assert np.allclose(code.every(matrix, matrix[:3]), matrix[:3] @ matrix.T, atol=1e-6)
    among, here = Among(64 * n, words=words), effort_.level(scores, counts, k)
    expanded, sampled = among.rows, among.sample(4)
    some, assign = np.sort(rng.permutation(n)[: n // 3]), rng.integers(0, 5, 64 * n).astype(np.uint16)
    inside, lists = np.array([True, False, True, False, True]), replace(some_lists(), assign=assign)
    told: list[Any] = [lists.tally(among, 1), lists.tally(among, 4), lists.near(some, inside), among.keep(some)]
    told += [Among(64 * n, rows=some).words, *exact.best(rows, scores[rows].round(1), k), joined(words).rows]
    reach = lists.probe(matrix[0], np.arange(lists.nlist), k, 0.1)
    with pytest.MonkeyPatch.context() as patch:
        for module in (effort_, among_, exact, lists_):
            patch.setattr(module, "compiled", lambda: None)
        said: list[Any] = [lists.tally(among, 1), lists.tally(among, 4), lists.near(some, inside), among.keep(some)]
        said += [Among(64 * n, rows=some).words, *exact.best(rows, scores[rows].round(1), k), joined(words).rows]
        assert all(np.array_equal(one, other) for one, other in zip(told, said, strict=True))
        other = lists.probe(matrix[0], np.arange(lists.nlist), k, 0.1)
        assert np.allclose(reach.scores, other.scores, atol=1e-5)
        span = float(other.scores.max() - other.scores.min()) / 512
        assert reach.least == pytest.approx(other.least, abs=1.01 * span + 1e-5)
        assert np.array_equal(Among(64 * n, words=words).rows, expanded)
        assert np.array_equal(among.sample(4), sampled)
        step = 1.01 * float(scores.max() - scores.min()) / 512
        assert effort_.level(scores, counts, k) == pytest.approx(here, abs=step + 1e-6)
