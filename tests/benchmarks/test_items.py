"""Are recombined items valid, the same for the same seed, and are their vectors near what their words say?"""

import numpy as np
import pytest

from benchmarks.corpora.items import Mixed, Summed, items
from engine.types import Kind
from indexing.columns.words import naming
from indexing.encode import HashEncoder
from indexing.passages import passage
from indexing.sample.files import load_tables
from indexing.sample.scale import Row
from indexing.validate import validate

COUNT = 300


@pytest.fixture(scope="module")
def made() -> list[tuple[Kind, Row, Mixed]]:
    out: list[tuple[Kind, Row, Mixed]] = []
    for _ in items(COUNT, 7, lambda *given: out.append(given)):
        pass
    return out


def test_the_same_seed_gives_the_same_items(made: list[tuple[Kind, Row, Mixed]]) -> None:
    again = list(items(COUNT, 7, lambda *_: None))
    assert again == [(kind, row) for kind, row, _ in made]
    assert list(items(COUNT, 8, lambda *_: None)) != again


def test_all_are_valid_and_none_is_a_row_of_the_sample(made: list[tuple[Kind, Row, Mixed]]) -> None:
    known = {row["id"] for rows in load_tables().values() for row in rows}
    assert not known & {row["id"] for _, row, _ in made}
    for kind in ("poi", "note", "product"):
        table, refused = validate(kind, [row for of, row, _ in made if of == kind])
        assert not refused
        assert len(table) > 10


def test_words_come_from_items_of_the_same_category_and_language(made: list[tuple[Kind, Row, Mixed]]) -> None:
    tables = load_tables()
    for kind, row, made_of in made:
        for of, at in made_of:
            assert of == kind
            assert tables[kind][at].get("category") == row.get("category")
            assert tables[kind][at]["lang"] == row["lang"]


def test_vectors_are_near_their_sources_and_differ(made: list[tuple[Kind, Row, Mixed]]) -> None:
    inner, words = HashEncoder(), naming()
    vectors = Summed(inner, 7)
    for kind, row, made_of in made:
        vectors.learn(kind, row, made_of)
    texts = [passage(kind, row, words) for kind, row, _ in made]
    found = vectors.encode(texts, "passage")
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(vectors.encode(texts[5:6], "passage")[0], found[5])  # whatever its batch mates
    sources = [[vectors.start[of] + at for of, at in made_of] for _, _, made_of in made]
    own = [float((vectors.base[at] @ row).max()) for at, row in zip(sources, found, strict=True)]
    others = [float((vectors.base[at] @ row).max()) for at, row in zip(sources[1:], found[:-1], strict=True)]
    assert np.mean(own) > np.mean(others) + 0.1
    assert len(np.unique(found, axis=0)) > 0.99 * len(set(texts))


def test_what_nobody_mixed_is_encoded_truly() -> None:
    inner = HashEncoder()
    vectors = Summed(inner, 7)
    assert vectors.fingerprint == inner.fingerprint
    for role in ("query", "passage"):
        np.testing.assert_array_equal(vectors.encode(["有草坪的咖啡店"], role), inner.encode(["有草坪的咖啡店"], role))
