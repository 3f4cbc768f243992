"""Do near-copies count once, and names, fakes and questions not at all?"""

import numpy as np
import pytest

from indexing.echoes import clusters
from indexing.evidence import read, spelled

PRAISE = "草坪超大超好拍，咖啡超好喝，店员超热情，必须五星！环境一流，带朋友带家人都合适，强烈推荐大家来。"
COPY = "草坪超级大超好拍，咖啡超好喝，店员超级热情，必须五星！环境一流，带家人带朋友都合适，强烈推荐大家来。"
OTHER = "坐在河边的草地上喝了一下午手冲，老板讲了半天豆子，孩子追着狗跑，回家的路上有点堵车。"


def _clusters(texts: list[str], days: list[float], authors: list[int]) -> list[int]:
    count = len(texts)
    zero = np.zeros(count, np.int64)
    note = np.arange(count, dtype=np.int64)
    return clusters(zero, zero, note, np.array(days, float), np.array(authors, np.int64), texts).tolist()


def test_copies_by_several_authors_within_days_are_one() -> None:
    first, second, third = _clusters([PRAISE, OTHER, COPY], [0.0, 1.0, 1.0], [1, 2, 3])
    assert first == third >= 0 > second


@pytest.mark.parametrize(("days", "authors"), [([0.0, 400.0], [1, 2]), ([0.0, 1.0], [1, 1]), ([0.0, np.nan], [1, 2])])
def test_alike_notes_far_apart_or_by_one_author_are_no_burst(days: list[float], authors: list[int]) -> None:
    assert _clusters([PRAISE, COPY], days, authors) == [-1, -1]


def test_an_empty_note_is_nobodys_copy_of_words() -> None:
    assert _clusters([PRAISE, ""], [0.0, 0.0], [1, 2]) == [-1, -1]


def test_a_word_within_the_own_name_is_no_statement() -> None:
    names = spelled(["云上草坪咖啡"])
    assert not [f for f in read("云上草坪咖啡很好喝", names=names) if f[0] == "lawn"]
    assert [f[1] for f in read("云上草坪咖啡没有草坪", names=names) if f[0] == "lawn"] == [-1]


@pytest.mark.parametrize(
    "text", ["说好的草坪呢", "只有一块假草", "所谓的草坪很小", "The lawn is just plastic.", "It is artificial turf"]
)
def test_what_is_fake_or_missing_is_denied(text: str) -> None:
    assert [f[1] for f in read(text) if f[0] == "lawn"] == [-1]


@pytest.mark.parametrize("text", ["草坪在哪儿？", "请问有草坪吗"])
def test_questions_state_nothing(text: str) -> None:
    assert not [f for f in read(text) if f[0] == "lawn"]
