"""Does a pattern that looks ahead for its words find all that it would find without?"""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.understand import cues, parse, patterns, signals
from engine.understand.fold import fold
from engine.understand.needing import needed
from engine.understand.patterns import Text, gated

GOLDEN = Path(__file__).parents[2] / "golden" / "understanding.jsonl"


def _known() -> list[patterns.Pattern]:
    assert parse.understand and signals.fillers()  # every reader is imported, every data file compiled
    return list(patterns._PATTERNS)


def _differ(text: str) -> list[str]:
    folded = fold(text).text
    scanned = Text(folded)
    return [
        each.pattern
        for each in _known()
        if [m.span() for m in each.finditer(scanned)] != [m.span() for m in re.finditer(each.pattern, folded)]
        or bool(each.search(scanned)) != bool(re.search(each.pattern, folded))
    ]


def test_golden_queries_are_searched_to_the_same_effect() -> None:
    for line in GOLDEN.read_text("utf-8").splitlines()[::5]:
        assert _differ(json.loads(line)["query"]) == []


@given(
    st.text(max_size=40)
    | st.text(alphabet="的一二3.5k元人均以内附近步行走分钟walk in open 不要free没有 ,。", max_size=40)
)
def test_any_text_is_searched_to_the_same_effect(text: str) -> None:
    assert _differ(text) == []


def test_parts_of_golden_queries_are_searched_to_the_same_effect() -> None:
    for line in GOLDEN.read_text("utf-8").splitlines()[::40]:
        folded = fold(json.loads(line)["query"]).text
        scanned = Text(folded)
        for place in ((len(folded) // 3,), (len(folded) // 4, 2 * len(folded) // 3)):
            differ = [
                each.pattern
                for each in _known()
                if [m.span() for m in each.finditer(scanned, *place)]
                != [m.span() for m in re.compile(each.pattern).finditer(folded, *place)]
            ]
            assert differ == []


def test_a_group_gives_those_of_its_patterns_that_can_match() -> None:
    walk, drive = gated("步行|walk"), gated("开车|drive")
    group = patterns.Group(walk, drive)
    assert list(group.able(Text("步行十分钟"))) == [walk]
    assert group.lives(Text("drive there")) and not group.lives(Text("附近的咖啡店"))
    assert list(group.able("附近的咖啡店")) == [walk, drive], "a plain text has not been scanned"


def test_most_readers_look_ahead() -> None:
    """Those that cannot would run on every text: there should be few."""
    always = [each.pattern for each in _known() if needed(each.pattern) is None]
    assert len(always) <= len(_known()) // 10, always


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("步行|walk", {"步行", "walk"}),
        ("(?:开车|驾车)?(?P<n>\\d+)公里", {"公里"}),
        ("[周天]末?", {"周", "天"}),
        ("a?b{0,3}", None),
        ("[^,]+", None),
        ("x|.", None),
        ("(?<=吃)的菜", {"的菜"}),
        ("(?:ab)+?c", {"ab"}),
        ("(?i)abc", None),
        ("(?i:abc)", None),
        ("[a-c]", {"a", "b", "c"}),
        ("\\bopen\\b", {"open"}),
        ("(a)\\1", {"a"}),
        ("(?:near|by) (?:me|us)", {"near me", "near us", "by me", "by us"}),
        ("(?:离|在)?我(?:的)?附近", {"我附近", "我的附近"}),
        ("(?:in|of) (?:the )?20\\d\\d", {"in 20", "in the 20", "of 20", "of the 20"}),
        ("近(?=日)|(?:在|去)的", {"日", "在的", "去的"}),
    ],
)
def test_the_words_that_an_expression_needs(expression: str, words: set[str] | None) -> None:
    assert needed(expression) == words


def test_a_text_without_the_words_is_not_searched_and_slices_are() -> None:
    late = gated("walk(?=ing)")
    assert Text("running").able != Text("walking").able
    assert not list(late.finditer(Text("running")))
    assert late.search(Text("running")) is None
    assert late.search(Text("walking"))
    assert late.search(Text("walking")[:7])


def test_a_pattern_made_after_a_text_was_scanned_still_searches_it() -> None:
    text = Text("a word that nobody else needs: zyzzyva")
    assert gated("zyzzyva+").search(text)


@given(st.text(max_size=60))
def test_any_expression_of_ours_holds_a_needed_word_where_it_matches(text: str) -> None:
    for each in (cues.FALSE, cues.NO_ZH, cues.AFTER, cues.LATER):
        if words := needed(each.pattern):
            assert all(any(word in text for word in words) for _ in each.finditer(text))
