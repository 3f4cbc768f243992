"""Are unknown words read as what was meant, known ones left alone, and every change told where it was made?"""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.types import Constraint, Intent, Query
from engine.understand.fold import fold
from engine.understand.lexicon import load
from engine.understand.names import NO_NAMES, NameTable
from engine.understand.parse import understand
from engine.understand.scan import longest
from engine.understand.spelling import mend

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SURFACES = sorted({w for e in load().entries.values() for w in (*e.zh, *e.en, *e.no)})


def meant(text: str) -> str:
    folded = fold(text)
    return mend(text, folded, longest(load().scan(folded.text)))[0].text


def read(text: str) -> Intent:
    return understand(Query("default", text), NO_NAMES, NOW)


def slot(intent: Intent, name: str) -> Constraint:
    return next(c for c in intent.constraints if c.slot == name)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("kafeiguan", "咖啡馆"),
        ("kafei guan", "咖啡馆"),
        ("huoguo", "火锅"),
        ("chaoyang gongyuan", "朝阳 公园"),
        ("woxiangchihuoguo", "我想吃火锅"),
        ("you caoping de kafeidian", "有 草坪 的 咖啡店"),
        ("ｋａｆｅｉｇｕａｎ", "咖啡馆"),
        ("huoguo renjun 100 yinei", "火锅 人均 100 以内"),
        ("咖非店", "咖啡店"),
        ("咖啡厛 安静", "咖啡厅 安静"),
        ("北京考鸭", "北京烤鸭"),
        ("火郭", "火锅"),
        ("restuarant", "restaurant"),
        ("cofee shop", "coffee shop"),
        ("vegitarian", "vegetarian"),
        ("swiming pool hotle", "swimming pool hotel"),
        ("coffeeshop", "coffee shop"),
        ("petfriendly", "pet friendly"),
        ("dogfriendlyhotel", "dog friendly hotel"),
        ("杭州☕", "杭州咖啡"),
        ("☕️ for 👶🏽", "coffee for with kids"),
    ],
)
def test_what_was_meant(typed: str, read: str) -> None:
    assert meant(typed) == read


@pytest.mark.parametrize(
    "text",
    [
        "can pan hotel bar menu lawn tang guan",
        "you can pan the hotel bar",
        "kaffee und kuchen in haidhausen",
        "晚上11点以后还能吃饭的餐厅",
        "评分在4.5分以上还能玩上2小时的景点",
        "一家店的流沙包",
        "20寸行李箱能带上飞机吗",
        "zzzqx qwrt",
        "it's one's own",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert meant(text) == text


def test_a_name_of_the_index_is_no_misspelling() -> None:
    names = NameTable([("Restuarant", "name", "Restuarant", 1.0)])
    assert understand(Query("default", "restuarant"), names, NOW).corrections == ()
    assert read("restuarant").corrections != ()


@pytest.mark.parametrize("text", ["honest reviews of Yunqi Guesthouse", "address of teamLab", "a room at Hotle Huoguo"])
def test_what_is_written_as_a_name_is_one(text: str) -> None:
    assert read(text).corrections == ()


def test_every_surface_of_the_lexicon_is_left_alone() -> None:
    changed = {surface: meant(surface) for surface in SURFACES if meant(surface) != fold(surface).text}
    assert changed == {}


def test_spans_point_into_what_was_typed() -> None:
    text = "想去 kafei guan，带🐶，cofee shop"
    intent = read(text)
    assert [(c.said, c.read, text[slice(*c.span)]) for c in intent.corrections] == [
        ("kafei guan", "咖啡馆", "kafei guan"), ("🐶", "狗", "🐶"), ("cofee", "coffee", "cofee")
    ]  # fmt: skip
    category = slot(read("杭州 kafeiguan"), "category")
    assert (category.value, category.span) == ("cafe", (3, 12))
    assert category.assume == {"read_as": "咖啡馆"}


def test_the_language_is_that_of_what_was_meant() -> None:
    assert read("kafeiguan").lang == "zh"


PIECES = st.one_of(
    st.sampled_from(SURFACES),
    st.sampled_from(["kafeiguan", "huoguo", "cofee", "☕", "🐶", "咖非店", "fujin", "的", "wo", "petfriendly"]),
    st.text(max_size=8),
    st.text("abceghiknou ", max_size=12),
)


@settings(deadline=None)  # the first call reads the word lists
@given(st.lists(PIECES, max_size=6).map(" ".join).map(str.lower))
def test_spans_lie_inside_and_mending_is_done_once(text: str) -> None:
    folded = fold(text)
    mended, fixes = mend(text, folded, longest(load().scan(folded.text)))
    assert len(mended.text) == len(mended.origin)
    for at in range(len(mended.text)):
        start, end = mended.span(at, at + 1)
        assert 0 <= start < end <= len(text)
    if fixes:
        again, more = mend(mended.text, fold(mended.text), longest(load().scan(mended.text)))
        assert (again.text, more) == (mended.text, [])
    else:
        assert mended is folded
