"""Is the vocabulary well formed, large enough, and found where people would find it?"""

import pytest
from opencc import OpenCC

from engine.understand.entries import SHADOW, Entry, _check_references, _entry, data_files
from engine.understand.fold import fold
from engine.understand.lexicon import Lexicon, canonical, load
from engine.understand.phrases import LexiconError
from engine.understand.pieces import TOGETHER
from engine.understand.scan import longest


def _named(text: str) -> set[tuple[str, int]]:
    return {(m.id, m.sign) for m in load().mentions(fold(text).text)}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("适合周末带娃去的、有草坪的、近郊的咖啡店", {"family_with_kids", "lawn", "cafe"}),
        ("weekend family café with a lawn near the city", {"family_with_kids", "lawn", "cafe"}),
        ("pet-friendly pubs with beer gardens", {"pets_allowed", "pub", "beer_garden"}),
        ("libraries and bakeries", {"library", "bakery"}),
        ("敏感肌可用的纯棉", {"sensitive_skin", "cotton"}),
        ("公共区域和部分房间提供wifi", {"wifi_public_some_rooms"}),
        ("酒店各处提供wifi的豪华型酒店", {"wifi_everywhere", "luxury_hotel"}),
        ("vegan and gluten-free", {"vegan", "gluten_free"}),
    ],
)
def test_words_are_found(text: str, ids: set[str]) -> None:
    assert ids <= {name for name, sign in _named(text) if sign > 0}


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("太吵了", "quiet"),
        ("谢绝儿童入内", "family_with_kids"),
        ("no dogs please", "dogs_allowed"),
        ("停车不方便", "parking"),
    ],
)
def test_denying_words_carry_a_minus(text: str, denied: str) -> None:
    assert (denied, -1) in _named(text)
    assert (denied, 1) not in _named(text)


@pytest.mark.parametrize(
    ("text", "absent"),
    [("barking madly", "bar"), ("热狗很好吃", "dogs_allowed"), ("granola bars", "bar"), ("carpet cleaner", "clean")],
)
def test_parts_of_other_words_are_not_found(text: str, absent: str) -> None:
    assert absent not in {name for name, _ in _named(text)}


def test_longest_keeps_equal_spans_and_drops_inner_ones() -> None:
    mentions = load().scan("免费停车的酒吧")
    kept = {m.id for m in longest(mentions)}
    assert {"free_parking", "bar", "bar_onsite"} <= kept
    assert "parking" in {m.id for m in mentions} and "parking" not in kept


def test_spans_point_into_the_text() -> None:
    text = "a laptop-friendly cafe with high chairs"
    assert {text[m.start : m.end] for m in load().mentions(text)} == {"laptop-friendly", "cafe", "high chairs"}


def test_raw_values_of_other_vocabularies() -> None:
    lexicon = load()
    assert lexicon.normalise(None, "diet:vegan") == "vegan"
    assert lexicon.normalise("amenity", "wheelchair=yes") == "step_free"
    assert lexicon.normalise("amenity", "outdoorSeating") == "outdoor_seating"
    assert lexicon.normalise("amenity", " 公共区域和部分房间提供WiFi ") == "wifi_public_some_rooms"
    assert lexicon.normalise("cuisine", "pizza") == "pizza"
    assert lexicon.normalise("diet", "lawn") is None
    assert lexicon.category("Food > Cafes") == "cafe"
    assert lexicon.category("amenity=pub") == "pub"
    assert lexicon.category("网红咖啡店") == "cafe"
    assert lexicon.category("xyzzy") is None


def test_tree() -> None:
    lexicon = load()
    assert {"cafe", "cat_cafe"} <= lexicon.descendants("food_drink")
    assert lexicon.ancestors("cat_cafe") == ("cafe", "food_drink")
    assert lexicon.implied("free_parking") == {"free_parking", "parking"}


def test_every_tree_ends_at_a_root() -> None:
    lexicon = load()
    for node in lexicon.categories:
        above = lexicon.ancestors(node)
        assert node not in above
        assert lexicon.entries[above[-1] if above else node].parent is None


def test_labels_in_both_languages() -> None:
    for entry in load().entries.values():
        if entry.slot not in (SHADOW, "brand"):
            assert entry.zh and entry.en, f"{entry.id} lacks a language"
    assert load().label("lawn", "zh") == "草坪"
    assert load().label("lawn", "en") == "Lawn"
    assert load().label("never_heard_of", "en") == "never_heard_of"


def test_surfaces_are_simplified_and_short_ones_are_chosen_with_care() -> None:
    to_simplified = OpenCC("t2s")
    for entry in load().entries.values():
        for word in (*entry.zh, *entry.no):
            assert to_simplified.convert(word) == word, f"{entry.id}: '{word}' is not simplified"


def test_no_surface_both_names_and_denies_an_entry() -> None:
    for entry in load().entries.values():
        both = {canonical(w) for w in (*entry.zh, *entry.en)} & {canonical(w) for w in entry.no}
        assert not both, f"{entry.id}: {both}"


def test_a_surface_means_one_thing_within_a_slot() -> None:
    owners: dict[tuple[str, str], str] = {}
    for entry in (e for e in load().entries.values() if e.slot not in TOGETHER):
        for word in {canonical(w) for w in (*entry.zh, *entry.en)}:
            known = owners.setdefault((entry.slot, word), entry.id)
            assert known == entry.id, f"'{word}' is {known} and {entry.id}"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"zh": ["a"], "colour": 1}, "unknown fields"),
        ({"zh": [" a"]}, "without spaces"),
        ({"zh": ["a", "a"]}, "repeats"),
        ({}, "at least one surface"),
        ({"zh": ["a"], "hardness": "firm"}, "hard or soft"),
        ({"zh": ["a"], "kinds": ["shop"]}, "kinds are of"),
    ],
)
def test_a_wrong_entry_is_refused_by_name(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(LexiconError, match=rf"x\.toml: \[amenity\] pond: .*{reason}"):
        _entry("x.toml", "amenity", "pond", fields)


def test_dangling_references_are_refused() -> None:
    with pytest.raises(LexiconError, match="refers to 'water'"):
        _check_references([Entry("pond", "amenity", zh=("池塘",), implies=("water",))])
    with pytest.raises(LexiconError, match="already an entry"):
        _check_references([Entry("pond", "amenity"), Entry("pond", "category")])
    with pytest.raises(LexiconError, match="another slot"):
        _check_references([Entry("pond", "amenity", parent="water"), Entry("water", "category")])


def test_sizes() -> None:
    lexicon = load()
    assert len(data_files()) >= 5
    assert len(lexicon.attributes) >= 400
    assert len(lexicon.categories) >= 300
    assert len(lexicon.cuisines) >= 80
    assert len(lexicon.brands) >= 100
    assert len(lexicon.fingerprint) == 16


def test_a_small_lexicon_of_ones_own() -> None:
    lexicon = Lexicon([Entry("pond", "amenity", zh=("池塘",), en=("pond",))])
    assert [m.id for m in lexicon.scan("two ponds, 一个池塘")] == ["pond", "pond"]
