"""Are the vector corpora what they are called, and their right answers right?"""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.corpora.filters import SHARES
from benchmarks.corpora.vectors import K, corpus
from engine.errors import BadInput


@pytest.mark.parametrize("name", ["clustered", "smooth"])
def test_a_corpus_is_seeded_unit_and_knows_its_answers(name: str, tmp_path: Path) -> None:
    made = corpus(name, 6_000, folder=tmp_path / "a")
    again = corpus(name, 6_000, folder=tmp_path / "b")
    assert np.array_equal(made.vectors, again.vectors) and made.filters == again.filters
    assert np.allclose(np.linalg.norm(made.vectors, axis=1), 1, atol=1e-5)
    for share, wanted in SHARES.items():
        kept = made.items.keeps(made.filters[share][0])
        assert 0.5 * wanted <= kept.mean() <= 1.7 * wanted
        rows = np.flatnonzero(kept)
        best = rows[np.argsort(-(made.vectors[rows] @ made.queries[0]), kind="stable")][:K]
        assert set(made.truth[share][0]) == set(best)


def test_an_unknown_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="clustered"):
        corpus("spiral", 10, folder=tmp_path)
