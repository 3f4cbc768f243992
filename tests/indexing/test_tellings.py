"""Do notes prove what they tell without naming it, and does mere mention prove nothing?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.understand.fold import fold
from engine.understand.lexicon import load
from engine.vocabulary import MINED
from indexing import tellings as module
from indexing.evidence import read
from indexing.tellings import attributes, tellings


def _told(text: str, attribute: str) -> set[int]:
    return {fact[1] for fact in read(text) if fact[0] == attribute and fact[4]}


@pytest.mark.parametrize(
    ("text", "attribute", "sign"),
    [
        ("孩子在沙池里玩得不肯走", "family_with_kids", 1),
        ("Our toddler loved it", "family_with_kids", 1),
        ("孩子很无聊，吵着要走", "family_with_kids", -1),
        ("推着婴儿车进得去", "stroller_friendly", 1),
        ("婴儿车推不进，门口全是台阶", "stroller_friendly", -1),
        ("停车二十块一小时", "parking", -1),
        ("老板很热情，还帮忙搬行李", "good_service", 1),
        ("排队排了两个小时", "no_queue", -1),
        ("每晚有乐队演出两场", "live_music", 1),
        ("用了三年还没坏", "durable", 1),
        ("The zip broke after a week", "durable", -1),
        ("淋了大雨里面还是干的", "waterproof", 1),
        ("续航不如以前", "long_battery", -1),
        ("The lawn has been dug up", "lawn", -1),
    ],
)
def test_a_telling_is_read(text: str, attribute: str, sign: int) -> None:
    assert _told(text, attribute) == {sign}


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        ("写到这里娃醒了", "family_with_kids"),
        ("孩子在这里会开心吗？", "family_with_kids"),
        ("要是孩子能玩得开心就好了", "family_with_kids"),
        ("早上吵了一架", "quiet"),
        ("对宠物宽松，没人赶", "low_crowd"),
    ],
)
def test_mentions_questions_and_lookalikes_tell_nothing(text: str, attribute: str) -> None:
    assert _told(text, attribute) == set()


def test_every_table_is_of_an_attribute_that_notes_can_prove() -> None:
    assert all(load().entries[name].slot in MINED for name in attributes())


def test_words_that_prove_an_attribute_are_the_lexicons_own_or_fold_to_themselves() -> None:
    for words in module._book().only.values():
        assert all(word == fold(word).text for word in words)


@given(st.lists(st.sampled_from([*module._book().forms.words, "没有", "不", "，", "。", "？", "但"]), max_size=8))
def test_any_row_of_words_is_read_within_its_bounds(words: list[str]) -> None:
    folded = fold("".join(words)).text
    assert all(0 <= t.start < t.end <= len(folded) and t.sign in (1, -1) for t in tellings(folded))
