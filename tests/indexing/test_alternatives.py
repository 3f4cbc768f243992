"""Does a list of alternatives match what its expressions joined match, whatever the text?"""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import indexing.doubt
from indexing.alternatives import alternatives, cues

LISTS = tomllib.loads(Path(indexing.doubt.__file__).with_suffix(".toml").read_text(encoding="utf-8"))
CUES = cues(LISTS)
JOINED = {name: re.compile("|".join(listed)) for name, listed in LISTS.items()}
GOLDEN = (Path(__file__).parents[1] / "golden" / "ended.tsv").read_text(encoding="utf-8").lower()
PIECES = sorted(set(re.findall(r"[a-z']+|[\u4e00-\u9fff]{1,3}|[,.;!? ]|\d+", GOLDEN)))


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["", " "]))
def test_an_answer_is_that_of_the_joined_list(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    assert {name for name, each in CUES.items() if each.search(text)} == {
        name for name, each in JOINED.items() if each.search(text)
    }


def test_real_sentences_match_as_by_the_joined_list() -> None:
    for text in GOLDEN.splitlines():
        for name, each in JOINED.items():
            assert CUES[name].search(text) == bool(each.search(text)), (name, text)


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ("a|b", ["a", "b"]),
        ("(?:a|b)c|d", ["(?:a|b)c", "d"]),
        (r"[|(]x|\|y|(z|(w|v))", ["[|(]x", r"\|y", "(z|(w|v))"]),
        ("a", ["a"]),
    ],
)
def test_only_bars_outside_of_brackets_cut(expression: str, parts: list[str]) -> None:
    assert list(alternatives(expression)) == parts


def test_digits_letters_and_nothing_are_no_words_to_wait_for() -> None:
    found = cues({"digit": [r"\d+ms"], "letter": ["[a-z]"], "empty": ["x*"]})
    assert [found[name].search("7ms") for name in found] == [True, True, True]
