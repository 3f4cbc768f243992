"""Does the planner find the nearest rows, whatever it picks?"""

from pathlib import Path

import numpy as np
import pytest

from engine.types import F32
from indexing import vectors
from indexing.vectors import Vectors


def unit(count: int, dim: int = 16, seed: int = 1) -> F32:
    matrix = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    out: F32 = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    return out


@pytest.mark.parametrize(("kept", "plan"), [(1.0, "flat"), (0.3, "exact"), (0.001, "exact")])
def test_exact_plans_equal_brute_force(kept: float, plan: str) -> None:
    matrix, query = unit(6000), unit(1, seed=2)[0]
    allowed = np.random.default_rng(3).random(6000) < kept
    allowed[0] = True
    found = Vectors(matrix).search(query, allowed, 10)
    rows = np.flatnonzero(allowed)
    best = rows[np.argsort(-(matrix[rows] @ query), kind="stable")][:10]
    assert found.rows.tolist() == best.tolist() and found.plan.startswith(plan)
    assert (np.diff(found.scores) <= 0).all()


def test_inverted_lists_answer_under_a_filter_and_come_back_from_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(vectors, "IVF_FROM", 2000)
    monkeypatch.setattr(vectors, "NLIST", 32)
    monkeypatch.setattr(vectors, "NPROBE", 24)
    monkeypatch.setattr(vectors, "FEW", 100)
    matrix, query = unit(4000), unit(1, seed=2)[0]
    matrix[7] = np.nan  # a vector that is still to come
    vectors.save(vectors.build(matrix), tmp_path)
    allowed = np.arange(4000) % 3 == 1
    found = vectors.load(tmp_path).search(query, allowed, 10)
    exact = Vectors(matrix).search(query, allowed, 10)
    assert found.plan.startswith("ivf:") and allowed[found.rows].all() and 7 not in found.rows
    assert len(set(found.rows) & set(exact.rows)) >= 9
    assert found.scores[0] == pytest.approx(float(exact.scores[0]))


def test_rows_without_a_vector_and_empty_kinds_are_no_answers() -> None:
    matrix = unit(3)
    matrix[1] = np.nan
    found = Vectors(matrix).search(matrix[0], np.ones(3, bool), 5)
    assert sorted(found.rows.tolist()) == [0, 2]
    assert len(Vectors(np.empty((0, 4), np.float32)).search(np.ones(4, np.float32), np.ones(0, bool), 5).rows) == 0
