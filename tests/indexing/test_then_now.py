"""Is a sentence of two times read as what was and what is?"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality.statements import SURE
from engine.understand.fold import fold
from indexing.evidence import read
from indexing.lasting import LASTING
from indexing.then_now import change


@pytest.mark.parametrize(
    ("sentence", "attribute", "sign"),
    [
        ("老款能保温一天，新款半天就凉", "keeps_warm", -1),
        ("去年还是无酒精配方，今年看成分表多了变性酒精", "alcohol", 1),
        ("以前从来不漏，换了新盖子以后天天漏", "leakproof", -1),
        ("以前那块草地没有了，现在是一片木平台", "lawn", -1),
        ("The old one folded flat, this year's doesn't fold at all", "foldable", -1),
        ("They used to have a pianist, now it's the radio", "live_music", -1),
        ("The lawn everyone raves about was ripped out in March", "lawn", -1),
        ("They got rid of the lawn", "lawn", -1),
        ("The lawn gave way to a pool", "lawn", -1),
        ("The lawn has been a car park since spring", "lawn", -1),
        ("草坪今年被砌成了花坛", "lawn", -1),
        ("外摆被取缔了，只能坐里面", "outdoor_seating", -1),
        ("上一瓶成分里还没酒精，这瓶就有了", "alcohol", 1),
        ("My old pair went twenty hours, these are dead in three hours", "long_battery", -1),
        ("It doesn't last half as long as my first one", "long_battery", -1),
        ("去年那支喷一次能香一天，今年买的两小时就散", "waterproof_makeup", -1),
        ("Live music was cancelled last year and never came back", "live_music", -1),
    ],
)
def test_what_was_and_is_no_more_has_ended(sentence: str, attribute: str, sign: int) -> None:
    assert [(fact[1], fact[3]) for fact in read(sentence) if fact[0] == attribute and fact[4]] == [(sign, True)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The lawn survived the works, it is as big as ever",
        "We closed the evening on the lawn",
        "The lawn was full of children",
        "以前排队两小时，现在十分钟",
        "The battery lasts two days",
        "The old one lasted a day, this one lasts a week",
    ],
)
def test_what_goes_on_has_not_ended(sentence: str) -> None:
    assert not [fact for fact in read(sentence) if fact[0] in ("lawn", *LASTING) and fact[1] < 0]


@pytest.mark.parametrize(
    "sentence",
    ["以前就喜欢这里的草坪，现在草坪还是一样大", "The view kept us there until it was dark", "现在有草坪", "旧款能折"],
)
def test_one_time_and_what_stayed_are_no_change(sentence: str) -> None:
    assert change(fold(sentence).text) is None


def test_what_was_bad_and_is_no_longer_is_good() -> None:
    assert {(fact[0], fact[1]) for fact in read("以前很吵，装了隔音以后不吵了") if fact[0] == "quiet"} == {("quiet", 1)}


_WORDS = [
    "以前",
    "现在",
    "旧版",
    "新款",
    "没有",
    "草坪",
    "，",
    "。",
    "now",
    "until they",
    "used to ",
    "lawn ",
    "was ",
    "不",
]


@given(st.lists(st.sampled_from(_WORDS), max_size=10))
def test_both_times_come_from_the_sentence(words: list[str]) -> None:
    folded = fold("".join(words)).text
    if two := change(folded):
        assert two.now.strip() and set(two.now + two.then) <= set(folded) | {",", " "}


def _told() -> list[tuple[str, str, str]]:
    """(attribute, "ended" or "kept", sentence): written for this test, without sight of any judged text."""
    lines = (Path(__file__).parents[1] / "golden" / "ended.tsv").read_text(encoding="utf-8").splitlines()
    return [(name, what, text) for name, what, text in (line.split("\t") for line in lines)]


@pytest.mark.parametrize(("attribute", "what", "sentence"), _told())
def test_what_ended_is_told_from_what_was_renewed_or_goes_on(attribute: str, what: str, sentence: str) -> None:
    facts = [(fact[1], fact[3]) for fact in read(sentence) if fact[0] == attribute and fact[2] >= SURE]
    over = 1 if attribute == "alcohol" else -1  # no longer free of it
    assert facts and all(fact == (over, True) if what == "ended" else fact[0] > 0 for fact in facts)
