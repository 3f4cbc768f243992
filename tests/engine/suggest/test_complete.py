"""Do suggestions complete what is typed, in every way of typing, mixed in kind and always the same?"""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.suggest.complete import Suggestion, complete
from engine.suggest.find import begin, nearly, variants
from engine.suggest.keys import squeezed, typed
from engine.suggest.table import TYPES, Entry, Source, Table
from engine.types import Kind
from engine.understand.fold import fold

ENTRIES = [
    Entry("咖啡店", "category", 0.9, "cafe"),
    Entry("咖啡馆", "category", 0.92, "cafe"),
    Entry("coffee shop", "category", 0.9, "cafe"),
    Entry("咖世家", "brand", 0.5, "costa"),
    Entry("咖啡店 有草坪", "query", 0.5),
    Entry("火锅", "category", 0.8, "hotpot"),
    Entry("杭州", "place", 0.9, "", 2, (0, 1)),
    Entry("杭州民宿", "query", 0.6),
    Entry("restaurant", "category", 0.9, "restaurant"),
    Entry("vegetarian", "attribute", 0.6, "vegetarian"),
    Entry("Café Luitpold (Altstadt)", "name", 0.4, "", 2, (1,)),
    Entry("山野里咖啡", "name", 0.4, "", 2, (0,)),
    Entry("桂花拿铁", "dish", 0.4, "", 2, (2,)),
    Entry("草坪", "attribute", 0.6, "lawn"),
]
TABLE = Table.of(ENTRIES)


def alive(kind: Kind, rows: Sequence[int]) -> str | None:
    return next((f"{kind}-{row}" for row in rows if row != 2), None)


SOURCES = [Source(TABLE, alive)]


def asked(query: str, limit: int = 8) -> list[Suggestion]:
    return complete(SOURCES, query, limit)


def texts(query: str) -> list[str]:
    return [s.text for s in asked(query)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("咖啡店", "咖啡店"),
        ("kafei", "咖啡馆"),
        ("ka fei d", "咖啡店"),
        ("kfd", "咖啡店"),
        ("hzms", "杭州民宿"),
        ("hzmz", "杭州民宿"),
        ("huoguo", "火锅"),
        ("HUO", "火锅"),
        ("coffeesh", "coffee shop"),
        ("shop", "coffee shop"),
        ("cafe lui", "Café Luitpold (Altstadt)"),
        ("altst", "Café Luitpold (Altstadt)"),
        ("cofee", "coffee shop"),
        ("restuarant", "restaurant"),
        ("restarau", "restaurant"),
        ("vegitari", "vegetarian"),
        ("咖非店", "咖啡店"),
        ("杭州 火", "杭州 火锅"),
        ("适合带娃的火", "适合带娃的火锅"),
        ("quiet restau", "quiet restaurant"),
        ("Quiet 火", "Quiet 火锅"),
        ("咖啡店 有", "咖啡店 有草坪"),
    ],
)
def test_the_first_suggestion(query: str, first: str) -> None:
    assert texts(query)[0] == first


def test_one_thing_is_suggested_once_and_types_are_mixed() -> None:
    found = asked("咖")
    assert [s.id for s in found].count("cafe") == 1
    assert {"category", "brand", "query"} <= {s.type for s in found}


def test_a_name_has_its_item_and_its_kind() -> None:
    name = asked("山野")[0]
    assert (name.type, name.id, name.kind) == ("name", "poi-0", "poi")
    place = asked("杭州")[0]
    assert (place.type, place.id, place.kind) == ("place", None, None)


def test_what_only_deleted_items_bear_is_not_suggested() -> None:
    assert texts("桂花") == []


def test_a_word_is_not_cut_in_two() -> None:
    assert texts("今天天草") == []


@pytest.mark.parametrize(
    ("query", "typed_part"),
    [
        ("咖", ["咖"]), ("kafe", ["咖啡"]), ("kfd", ["咖啡店"]), ("coffeesh", ["coffee sh"]), ("altst", ["Altst"]),
        ("杭州 火", ["杭州 ", "火"]), ("ＣＡＦＥ l", ["Café L"]),
    ],
)  # fmt: skip
def test_what_was_typed_is_highlighted(query: str, typed_part: list[str]) -> None:
    first = asked(query)[0]
    assert [first.text[start:end] for start, end in first.highlight] == typed_part


def test_a_language_comes_first_when_it_is_asked_for() -> None:
    assert complete(SOURCES, "c", 8, "en")[0].text == "coffee shop"
    assert complete(SOURCES, "ka", 8, "zh")[0].text == "咖啡馆"


def test_arrays_make_the_table_again() -> None:
    back = Table.from_arrays(TABLE.arrays())
    assert complete([Source(back, alive)], "咖", 8) == asked("咖")


TEXTS = st.text("abcd咖啡店杭州 (", min_size=1, max_size=8).filter(str.strip)


@settings(deadline=None)  # the first call reads the word lists
@given(st.lists(st.tuples(TEXTS, st.sampled_from(TYPES), st.floats(0.1, 1.0)), max_size=30), TEXTS)
def test_a_suggestion_begins_with_what_was_typed(rows: list[tuple[str, str, float]], query: str) -> None:
    table = Table.of([Entry(*row) for row in rows])
    wanted = squeezed(typed(query))
    for match in begin(table, typed(query)):
        key = typed(table.texts[match.entry]).strip()
        if match.form <= 1:
            assert wanted in squeezed(key)
    for found in complete([Source(table, alive)], query, 5):
        assert all(0 <= start < end <= len(found.text) for start, end in found.highlight)
        assert len(found.text) <= len(query) + max(len(row[0]) for row in rows)
    assert complete([Source(table, alive)], query, 5) == complete([Source(table, alive)], query, 5)


@given(st.sampled_from([e for e in ENTRIES if "桂花" not in e.text]), st.integers(1, 12))
def test_every_text_is_suggested_for_its_beginning(entry: Entry, letters: int) -> None:
    folded = fold(entry.text).text[:letters]
    found = complete(SOURCES, folded, 20)
    assert any(fold(s.text).text.startswith(folded.strip()) for s in found)


@given(st.text("abcdefgh", min_size=4, max_size=10), st.randoms())
def test_one_slip_is_forgiven(word: str, random: object) -> None:
    table = Table.of([Entry(word, "name", 0.5)])
    for slipped in sorted(variants(word))[::7]:
        assert [m.entry for m in nearly(table, slipped)] == [0] or len(slipped) < 4 or begin(table, slipped)
