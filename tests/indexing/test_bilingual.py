"""Are things called in the other language as people call them?"""

import pytest

from indexing.bilingual.words import Names, across


@pytest.mark.parametrize(
    ("word", "name"),
    [("雨伞", "umbrella"), ("瀑布", "waterfall"), ("parrot", "鹦鹉"), ("parrots", "鹦鹉"), ("hot spring", "温泉"),
     ("cherry blossom", "樱花"), ("投影仪", "projector")],
)  # fmt: skip
def test_sure_names(word: str, name: str) -> None:
    assert name in across(word).sure


@pytest.mark.parametrize("word", ["", "\t", "|", "zzzz", "\n", "a" * 500, "龘龘"])
def test_of_other_words_nobody_knows_any(word: str) -> None:
    assert across(word) == Names()
