"""Do names on disk find in a text what the automaton in memory finds?"""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from engine.understand.names import NameTable
from indexing.names import StoredNames, Together, names_in
from indexing.own_names import Entry

LONG = "long " * 20 + "name"
ENTRIES: list[Entry] = [
    ("草坪咖啡", "name", "草坪咖啡", 0.5),
    ("草坪咖啡", "brand", "草坪咖啡", 0.9),
    ("咖啡", "dish", "咖啡", 0.2),
    ("Café 1", "name", "Café 1", 0.7),
    ("é", "name", "é", 0.1),
    (LONG, "name", LONG, 1.0),
]
_letters = st.text(alphabet="ab 咖啡é1", min_size=1, max_size=5)
_entries = st.lists(st.tuples(_letters, st.sampled_from(["name", "brand"]), _letters, st.just(0.5)), max_size=20)


def spans(names: object, text: str) -> list[tuple[int, int, str, str]]:
    return sorted((n.start, n.end, n.slot, n.value) for n in names.find(text))  # type: ignore[attr-defined]


@given(_entries, st.text(alphabet="ab 咖啡e1", max_size=20))
def test_the_same_names_stand_in_the_same_places(entries: list[Entry], text: str) -> None:
    assert spans(StoredNames.of(entries), text) == spans(NameTable(entries), text)


def test_long_names_short_ones_and_all_meanings_are_found(tmp_path: Path) -> None:
    StoredNames.of(ENTRIES).save(tmp_path)
    stored, table = StoredNames.open(tmp_path), NameTable(ENTRIES)
    for text in ("去草坪咖啡", f"at {LONG} e", "cafe 1", "cafe 12", "", "fried rice", "草"):
        assert [(n.slot, n.value) for n in stored.find(text)] == [(n.slot, n.value) for n in table.find(text)], text
    assert len(stored) == len(table) == 5
    assert spans(names_in(tmp_path), "去草坪咖啡") == spans(table, "去草坪咖啡")


def test_an_index_without_names_finds_none(tmp_path: Path) -> None:
    StoredNames.of([]).save(tmp_path)
    assert StoredNames.open(tmp_path).find("草坪咖啡 with lawn") == []


def test_two_segments_say_each_meaning_once() -> None:
    both = Together([StoredNames.of(ENTRIES), NameTable([*ENTRIES, ("新店", "name", "新店", 0.5)])])
    assert spans(both, "草坪咖啡新店") == spans(NameTable([*ENTRIES, ("新店", "name", "新店", 0.5)]), "草坪咖啡新店")
