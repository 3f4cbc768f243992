"""Does the name table find the index's names where they stand, and only there?"""

from engine.understand.names import NO_NAMES, NameTable, weight

TABLE = NameTable(
    [("小烧饼", "dish", "小烧饼", 0.2), ("烧饼", "dish", "烧饼", 0.6), ("Café Luitpold", "name", "Café Luitpold", 0.1),
     ("ace", "brand", "ACE", 0.1), ("天坛", "name", "天坛", 0.1), ("天坛", "place.named", "天坛公园", 0.3)]
)  # fmt: skip


def found(text: str) -> list[tuple[str, str]]:
    return [(text[name.start : name.end], name.value) for name in TABLE.find(text)]


def test_overlaps_are_all_reported_longest_first() -> None:
    assert found("吃小烧饼") == [("小烧饼", "小烧饼"), ("烧饼", "烧饼")]


def test_latin_names_need_word_borders() -> None:
    assert found("a place near cafe luitpold") == [("cafe luitpold", "Café Luitpold")]
    assert found("in this ace") == [("ace", "ACE")]


def test_one_surface_keeps_all_its_meanings() -> None:
    assert {name.slot for name in TABLE.find("天坛")} == {"name", "place.named"}


def test_no_names_finds_nothing() -> None:
    assert list(NO_NAMES.find("天坛")) == []


def test_weight_grows_with_use_and_stays_in_the_unit_interval() -> None:
    assert 0 < weight(1, 100) < weight(50, 100) < weight(100, 100) == 1
