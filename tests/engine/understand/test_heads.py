"""Is a laptop case a case?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.understand.heads import head, latin_words, singular


@pytest.mark.parametrize(
    ("text", "word", "node"),
    [
        ("laptop", "laptop", "laptop"),
        ("laptops", "laptop", "laptop"),
        ("laptop case", "case", None),
        ("Laptop Power Adapter, black", "adapter", "power_supply_unit"),
        ('HP Compaq 6530b Notebook PC 35.8 cm (14.1")', "notebook", "laptop"),  # the wider name says it again
        ("Filter for desktops, 18 inch", "filter", None),
        ("for Laptop Printer", "printer", "printer"),  # nothing else is named
        ("Toner cartridge, 6 pc(s)", "cartridge", "toner_cartridge"),  # pieces, no computers
        ("rechargeable batteries", "battery", "battery"),
        ("WetEx Keyboard cover", "cover", None),
        ("Desktop PC 8 GB memory", "pc", "desktop_pc"),
        ("轻薄笔记本电脑保护套", "保护套", None),
        ("适用于打印机的墨盒", "墨盒", "toner_cartridge"),
    ],
)
def test_the_last_noun_of_the_first_stretch_is_the_thing(text: str, word: str, node: str | None) -> None:
    found = head(text)
    assert found is not None
    assert (found.word, found.node) == (word, node)


@pytest.mark.parametrize("text", ["", "lenovo", "rtx 2060", "6 pc(s)", "cafe with a lawn"])
def test_a_brand_a_model_or_a_place_names_no_product(text: str) -> None:
    assert head(text) is None


def test_plurals_are_read_as_one_and_nothing_else_is_cut() -> None:
    assert [singular(w) for w in ("boxes", "batteries", "mice", "bus", "glass", "cases", "games", "gaming")] == [
        *("box", "battery", "mice", "bus", "glass", "case", "game", "gaming")
    ]
    assert latin_words("Wi-Fi Games, games & 婴儿 T-shirt 4K") == ["wi", "fi", "game", "t", "shirt", "4k"]


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    found = head(text)
    assert found is None or (found.word and " " not in found.word)
