"""Are words that lie on disk found as those in a dictionary would be?"""

from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.arrays import mapped, save
from indexing.columns import lexis
from indexing.columns.lexis import FILES, Lexis
from indexing.columns.values import Tags
from indexing.where import Where

_words = st.lists(st.text(alphabet="ab咖啡é ", max_size=4), unique=True, max_size=30)


@given(_words, st.text(alphabet="ab咖啡é ", max_size=4))
def test_every_word_is_found_by_its_number_and_no_other(words: list[str], other: str) -> None:
    made = Lexis.of(words)
    assert made[:] == words and list(made) == words
    assert [made.number(word) for word in words] == list(range(len(words)))
    assert made.number(other) == (words.index(other) if other in words else -1)


@given(_words, st.text(alphabet="ab咖啡é ", max_size=3))
def test_pieces_are_found_wherever_they_stand(words: list[str], part: str) -> None:
    assert Lexis.of(words).holding(part).tolist() == [at for at, word in enumerate(words) if part in word]


@given(_words, st.lists(st.text(alphabet="ab咖", max_size=3), max_size=12), st.integers(0, 5))
def test_many_words_are_found_as_one_is(words: list[str], asked: list[str], few: int) -> None:
    made, before = Lexis.of(words), lexis.FEW
    lexis.FEW = few  # type: ignore[misc]
    try:
        found = made.numbers(pa.array(asked, pa.string()))
    finally:
        lexis.FEW = before  # type: ignore[misc]
    assert found.tolist() == [made.number(word) for word in asked]


@given(_words.filter(bool), st.randoms(use_true_random=False))
def test_many_are_taken_out_as_few_are(words: list[str], random: Random) -> None:
    made, numbers = Lexis.of(words), [random.randrange(len(words)) for _ in range(2 * lexis.SOME)]
    assert made.take(np.array(numbers, np.int32)) == [words[number] for number in numbers]


def test_a_number_that_no_word_has_is_refused() -> None:
    made = Lexis.of(["a", "b"])
    with pytest.raises(IndexError, match="no word 2"):
        made[2]
    with pytest.raises(IndexError):
        made.take(np.array([2] * (lexis.SOME + 1)))


@given(st.lists(st.lists(st.sampled_from(["a", "ab", "咖啡", "草坪咖啡", ""]), max_size=3), max_size=12))
def test_tags_over_a_lexis_answer_as_tags_in_memory(rows: list[list[str]]) -> None:
    plain = Tags.of(rows)
    stored = Tags(Lexis.of(plain.words), plain.starts, plain.codes)
    asked = ["a", "咖啡", "tea"]
    every = np.arange(len(rows))
    assert stored.carrying(asked).mask().tolist() == plain.carrying(asked).mask().tolist()
    assert stored.containing("咖啡").mask().tolist() == plain.containing("咖啡").mask().tolist()
    np.testing.assert_array_equal(stored.carried(asked, every), plain.carried(asked, every))
    assert [stored.at(row) for row in range(len(rows))] == [plain.at(row) for row in range(len(rows))]


def test_a_lexis_is_the_same_from_disk(tmp_path: Path) -> None:
    made = Lexis.of(["草坪", "", "café"])
    save(made.arrays(), tmp_path)
    read = Lexis.from_arrays({name: mapped(tmp_path / f"{name}.npy") for name in FILES})
    assert read[:] == made[:] and read.number("café") == 2


def test_what_moved_or_went_is_where_it_is_now() -> None:
    where = Where(
        {"note": Lexis.of(["n"]), "poi": Lexis.of(["p", "q"])}, {"p": None, "n": ("poi", 7), "new": ("note", 1)}
    )
    assert [where.get(i) for i in ("p", "q", "n", "new", "?")] == [None, ("poi", 1), ("poi", 7), ("note", 1), None]
    kinds, rows = where.places(pa.array(["p", "q", "n", "new", "?"]))
    assert kinds.tolist() == [-1, 2, 2, 0, -1] and rows.tolist() == [-1, 1, 7, 1, -1]
    with pytest.raises(KeyError):
        where["p"]
