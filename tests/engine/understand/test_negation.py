"""Is what a sentence says about a word read as a person would read it?"""

import pytest

from engine.understand.fold import fold
from engine.understand.negation import Polarity, scope


def _read(sentence: str) -> Polarity:
    """The word is marked [so]."""
    before, _, rest = sentence.partition("[")
    word, _, after = rest.partition("]")
    head = fold(before).text
    return scope(head + fold(word).text + fold(after).text, len(head), len(head) + len(fold(word).text))


@pytest.mark.parametrize(
    "sentence",
    [
        "有一大片[草坪]",
        "不仅有[草坪]，还有秋千",
        "不远处有[草坪]",
        "咖啡不贵，有[草坪]",
        "别提多[安静]了",
        "没想到有[草坪]",
        "不用担心没有[停车位]",
        "除了[草坪]还有沙坑",
        "以前没有[草坪]，现在新建了一块",
        "不错的[草坪]",
        "非常[安静]",
        "特别[出片]",
        "无论周末还是平时都[安静]",
        "虽然不大但[安静]",
        "There is a big [lawn] behind the house",
        "not only a [lawn] but also swings",
        "no problem [parking] there",
        "it isn't cheap but there is a [lawn]",
        "The coffee is not great, the [lawn] is",
        "a few [tables outside]",
        "周一closed on Mondays, [lawn] is huge",
        "The [lawn] is open, closed on Mondays",
    ],
)
def test_affirmed(sentence: str) -> None:
    assert _read(sentence).sign == 1
    assert not _read(sentence).ended


@pytest.mark.parametrize(
    "sentence",
    [
        "没有[草坪]",
        "这里并没有大片的[草坪]",
        "没有秋千、沙坑和[草坪]",
        "不是很[安静]",
        "不太[安静]",
        "没有想象中的[安静]",
        "[草坪]不让进",
        "[停车]很不方便",
        "[带狗]禁止",
        "[WiFi]很差",
        "[素食]几乎没有选择",
        "[停车]是真不方便",
        "想安静[聊天]的别来",
        "哪有什么[草坪]",
        "[敏感肌]慎入",
        "[Parking] is hopeless",
        "不接待[小朋友]",
        "不含[酒精]的面霜",
        "除了[星巴克]",
        "不像旁边那家那么[吵]",
        "no [lawn]",
        "there isn't a [lawn]",
        "it has no swings or [lawn]",
        "without any [outdoor seating]",
        "[dogs] are not allowed",
        "not very [quiet]",
        "[Parking] is terrible",
        "[alcohol]-free cream",
        "It doesn't have a [high chair]",
    ],
)
def test_denied(sentence: str) -> None:
    assert _read(sentence).sign == -1
    assert not _read(sentence).ended


@pytest.mark.parametrize(
    "sentence",
    [
        "以前有[草坪]",
        "[草坪]去年拆了",
        "[草坪]已经没有了",
        "那块[草坪]很美，可惜去年被铲了",
        "[草坪]改成停车场了",
        "used to have a [lawn]",
        "The [lawn] was removed last spring",
        "They no longer have a [lawn]",
        "The [lawn] was lovely, but it is gone now",
        "There is no [lawn] any more",
        "The [playground] closed last year",
    ],
)
def test_ended(sentence: str) -> None:
    assert _read(sentence).sign == -1
    assert _read(sentence).ended


@pytest.mark.parametrize(
    "sentence",
    [
        "有[草坪]吗？",
        "有没有[草坪]",
        "不知道有没有[草坪]",
        "请问能不能[带狗]？",
        "Is there a [lawn]?",
        "wondering if it has a [lawn]",
    ],
)
def test_asked(sentence: str) -> None:
    assert _read(sentence).question
    assert _read(sentence).sign == 1


@pytest.mark.parametrize(
    "sentence", ["听说有[草坪]", "好像能[带狗]", "据说，有[草坪]", "apparently they have a [lawn]"]
)
def test_hearsay(sentence: str) -> None:
    assert _read(sentence) == Polarity(hedge=True)


@pytest.mark.parametrize(
    "sentence", ["要是有[草坪]就好了", "希望能有[草坪]", "I wish it had a [lawn]", "a [lawn] would be nice"]
)
def test_wished(sentence: str) -> None:
    assert _read(sentence).wish


def test_a_neighbouring_clause_does_not_reach_over() -> None:
    text = "有草坪,没有秋千"
    assert scope(text, 1, 3).sign == 1
    assert scope(text, 6, 8).sign == -1


def test_another_things_end_is_not_its_end() -> None:
    assert _read("[草坪]很大，旁边的秋千拆了").sign == 1
