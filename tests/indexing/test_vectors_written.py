"""Do vectors that are read from disk answer as those that were built, and is a damaged file named?"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.errors import CorruptSnapshot
from indexing import vectors
from indexing.vectors import lists as lists_
from tests.indexing.test_vectors import K, built, unit


@pytest.mark.parametrize("codes", ["pq4", "sq8"])
def test_what_is_read_from_disk_answers_like_what_was_built(codes: lists_.Codes, tmp_path: Path) -> None:
    made = built(codes)
    vectors.save(made, tmp_path)
    again = vectors.load(tmp_path)
    assert again.table == made.table
    for seed, share in enumerate([1.0, 0.3, 0.05, 0.01]):
        query, allowed = unit(1, seed=seed)[0], np.random.default_rng(seed).random(6000) < share
        assert again.search(query, allowed, K).rows.tolist() == made.search(query, allowed, K).rows.tolist()


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Path]:
    vectors.save(built(), tmp_path)
    yield tmp_path


@pytest.mark.parametrize("name", ["vectors.npy", "lists.faiss", "assign.npy", "axes.npy", "effort.json"])
def test_a_damaged_file_is_named(name: str, written: Path) -> None:
    path = written / name
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(CorruptSnapshot, match=name):
        vectors.load(written)


def test_files_of_two_builds_do_not_fit(written: Path) -> None:
    np.save(written / "assign.npy", np.zeros(9, np.uint16))
    with pytest.raises(CorruptSnapshot, match="fit together"):
        vectors.load(written)
