"""Does the lexical index find words as people write them, under any filter?"""

from pathlib import Path

import numpy as np
import pytest

from indexing import text
from indexing.text import TextIndex
from indexing.tokens import tokens

TEXTS = [
    {"title": "草地咖啡", "all": "草地咖啡 cafe 大草坪边的咖啡馆"},
    {"title": "Quiet cafés", "all": "Quiet cafés 咖啡 working downtown, running late"},
    {"title": "城西公园", "all": "城西公园 park 湖边的公园，可以露营"},
]


def test_tokens_are_folded_stemmed_words_and_character_pairs() -> None:
    assert tokens("Cafés running") == ["cafe", "run"]
    assert tokens("北京大學") == tokens("北京大学")
    assert {"草坪", "咖啡"} <= set(tokens("大草坪边的咖啡馆"))
    assert "烤肉" in tokens("老王烤肉店") and tokens("!?") == []


def test_a_word_in_the_title_outweighs_one_in_the_body() -> None:
    index = TextIndex.build(TEXTS)
    assert index.search("咖啡", np.ones(3, bool), 5).rows.tolist() == [0, 1]
    assert index.search("a run in the parks", np.ones(3, bool), 5).rows.tolist() in ([1, 2], [2, 1])


@pytest.mark.parametrize("named", [0, 10_000])
def test_both_ways_of_filtering_give_the_same_rows(monkeypatch: pytest.MonkeyPatch, named: int) -> None:
    rng = np.random.default_rng(1)
    rows = [{"title": " ".join(f"w{n}" for n in rng.integers(0, 40, 6))} for _ in range(1500)]
    index, allowed = TextIndex.build(rows), rng.random(1500) < 0.02
    everything = index.search("w1 w2 w3", np.ones(1500, bool), 1500)
    expected = [row for row in everything.rows.tolist() if allowed[row]][:5]
    monkeypatch.setattr(text, "NAMED", named)
    found = index.search("w1 w2 w3", allowed, 5)
    assert found.rows.tolist() == expected and allowed[found.rows].all() and len(expected) == 5


def test_an_index_comes_back_from_disk_and_odd_queries_are_harmless(tmp_path: Path) -> None:
    TextIndex.build(TEXTS, tmp_path / "text")
    index = TextIndex.open(tmp_path / "text")
    assert index.search("露營", np.ones(3, bool), 5).rows.tolist() == [2]
    for odd in ("", "的", "title:x AND (", "\x00", "草" * 5000, '"'):
        assert len(index.search(odd, np.ones(3, bool), 5).rows) <= 3
    assert len(TextIndex.build([]).search("x", np.ones(0, bool), 5).rows) == 0
