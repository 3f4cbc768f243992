"""What does every Index know of behaviour, and of several vectors at once?"""

import shutil
from pathlib import Path

import numpy as np

from engine.ports import Index
from engine.types import KINDS
from indexing.snapshot import Snapshot
from tests.contracts import corpus
from tests.contracts.corpus import TENANT
from tests.contracts.indexes import rows
from tests.fakes.index import MemoryIndex


def test_behaviour_knows_which_items_fit_a_person_and_go_together(index: Index) -> None:
    place = rows(index, "p-down")
    assert index.tasted(TENANT, "poi", place).tolist() == [[1.0, 0.0]]
    assert np.isnan(index.tasted(TENANT, "poi", rows(index, "p-bare"))).all()
    fitting = index.fitting(TENANT, "poi", np.array([1.0, 0.1], np.float32))
    assert fitting.shape == (index.count(TENANT, "poi"),) and np.flatnonzero(fitting).tolist() == place.tolist()
    assert fitting[place].tolist() == [1.0]
    assert index.chosen(TENANT, "poi", rows(index, "p-down", "p-bare")).tolist() == [0.5, 0.0]
    assert index.behind(TENANT, "poi")[place].tolist() == [3] and index.behind(TENANT, "poi").sum() == 3
    assert index.backing(TENANT) == 3.0
    gram, regularisation = index.folding(TENANT)
    assert gram.shape == (2, 2) and regularisation == 0.1
    kinds, near, weights = index.together(TENANT, "poi", int(place[0]))
    assert [(KINDS[code], row) for code, row in zip(kinds, near, strict=True)] == [index.locate(TENANT, "n-lawn")]
    assert weights.tolist() == [0.5]
    assert len(index.together(TENANT, "poi", int(rows(index, "p-bare")[0]))[0]) == 0


def test_what_was_learnt_can_be_put_in_another_place(index: Index) -> None:
    nothing = index.having_learnt(None)
    assert len(nothing.folding(TENANT)[0]) == 0 and len(index.folding(TENANT)[0]) == 2
    again, place = nothing.having_learnt(corpus.LEARNT), rows(index, "p-down")
    assert again.tasted(TENANT, "poi", place).tolist() == index.tasted(TENANT, "poi", place).tolist()
    assert nothing.count(TENANT, "poi") == index.count(TENANT, "poi")


def test_several_vectors_find_what_each_finds_alone(index: Index) -> None:
    vectors, rows_ = np.stack([*corpus.vectors().values()])[:3], np.arange(index.count(TENANT, "poi"))
    for mask in (np.ones(len(rows_), bool), rows_ % 2 == 0, np.zeros(len(rows_), bool)):
        each = index.dense_each(TENANT, "poi", vectors, mask, 3, within_ms=np.inf, enough=1.0)
        for vector, found in zip(vectors, each, strict=True):
            alone = index.dense(TENANT, "poi", vector, mask, 3)
            assert found.rows.tolist() == alone.rows.tolist()
            assert np.allclose(found.scores, alone.scores, atol=1e-6)


def test_without_anything_learnt_the_answers_are_empty(tmp_path: Path) -> None:
    corpus.write(tmp_path, corpus.POIS, corpus.PRODUCTS, corpus.NOTES)
    shutil.rmtree(tmp_path / "kindred")
    for index in (Snapshot.open(tmp_path, TENANT, "00000001"), MemoryIndex(pois=corpus.POIS)):
        gram, _ = index.folding(TENANT)
        assert gram.shape == (0, 0) and index.tasted(TENANT, "poi", np.arange(2)).shape == (2, 0)
        assert not index.fitting(TENANT, "poi", np.zeros(0, np.float32)).any()
        assert len(index.behind(TENANT, "poi")) == 0
        assert len(index.together(TENANT, "poi", 0)[0]) == 0
