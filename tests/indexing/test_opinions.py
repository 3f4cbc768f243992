"""Is praise and blame given to the thing it is about?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.understand.fold import fold
from engine.understand.lexicon import load
from engine.vocabulary import MINED
from indexing import opinions as module
from indexing.doubt import asks
from indexing.opinions import Opinion, attributes, judgements, opinions


def _said(text: str) -> set[tuple[str, int]]:
    return {(o.attribute, o.sign) for o in opinions(fold(text).text)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("服务员态度特别差，上菜挺快的", {("good_service", -1), ("fast_service", 1)}),
        ("环境和服务都很好", {("good_service", 1), ("pleasant_setting", 1)}),
        ("热情的服务员", {("good_service", 1)}),
        ("店里的服务很好", {("good_service", 1)}),
        ("不是很干净", {("clean", -1)}),
        ("性价比不高", {("good_value", -1)}),
        ("味道不错，就是有点吵", {("tasty", 1), ("quiet", -1)}),
        ("位置不太好找", {("easy_to_find", -1)}),
        ("服務員很熱情", {("good_service", 1)}),
        ("服务好热情", {("good_service", 1)}),
    ],
)
def test_an_opinion_goes_to_its_thing(text: str, said: set[tuple[str, int]]) -> None:
    assert _said(text) == said


@pytest.mark.parametrize(
    "text",
    ["希望上菜快一点", "不难吃", "大厅人太多", "停车方便吗？", "服务好吗", "听说味道不错", "环境一般", "店面不大",
     "最好先排队", ""],
)  # fmt: skip
def test_wishes_questions_and_faint_words_are_no_opinions(text: str) -> None:
    assert _said(text) == set()


def test_every_attribute_is_one_that_notes_can_prove() -> None:
    assert all(load().entries[name].slot in MINED for name in attributes())


@given(st.text(alphabet="服务员态度环境味道很不太没有好差快慢的和、，。吗？ab", max_size=40))
def test_any_text_is_read_within_its_bounds(text: str) -> None:
    folded = fold(text).text
    assert all(0 <= o.start < o.end <= len(folded) and o.sign in (1, -1) for o in opinions(folded))


def _asked_of_all(folded: str) -> list[Opinion]:
    """The same reading without the gate."""
    found, begin = [], 0
    for stop, onward in [*(m.span() for m in module._CLAUSE.finditer(folded)), (len(folded), 0)]:
        clause = folded[begin:stop]
        if clause and not clause.endswith("吗") and folded[stop : stop + 1] != "?" and not asks(clause):
            for name, aspect in module._table()[0]:
                found += [Opinion(name, sign, begin + at, begin + to) for sign, at, to in module._read(clause, aspect)]
        begin = onward
    return found


_WORDS = sorted(
    {
        word
        for _, aspect in module._table()[0]
        for words in (aspect.about, aspect.alone, aspect.general, aspect.faint)
        for word in words.words
    }
)


@given(st.lists(st.sampled_from(_WORDS) | st.sampled_from(["的", "不", "很", "，", "吗", "和", "。"]), max_size=12))
def test_asking_only_who_can_answer_loses_nothing(words: list[str]) -> None:
    folded = fold("".join(words)).text
    assert judgements(folded) == _asked_of_all(folded)
    assert opinions(folded) == [opinion for opinion in _asked_of_all(folded) if opinion.sign]


@pytest.mark.parametrize(
    ("text", "attribute", "sign"),
    [
        ("价格越来越高", "good_value", 0),
        ("价格很公道", "good_value", 1),
        ("不用担心没有停车位", "parking", 1),
        ("之前还怕没地方停", "parking", 0),
        ("客流量比较小", "large_portions", 0),
        ("麻雀虽小五脏俱全", "clean", 0),
        ("包厢更私密", "spacious", 0),
        ("店面不算太大", "spacious", 0),
        ("服务员没有什么不满", "good_service", 0),
        ("人多也不会显得拥挤", "spacious", 0),
        ("价格有点偏高，位置好找", "easy_to_find", 1),
    ],
)
def test_words_within_words_and_what_is_not_feared_are_no_blame(text: str, attribute: str, sign: int) -> None:
    assert {o.sign for o in opinions(fold(text).text) if o.attribute == attribute} == ({sign} if sign else set())
