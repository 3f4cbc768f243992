"""Is the vocabulary as large, as tidy and as safe as it says: sizes, ids, roots, script, words too short to trust?"""

import re
from collections import Counter

import pytest
from opencc import OpenCC

from engine.understand.entries import SHADOW, data_files
from engine.understand.fold import fold
from engine.understand.lexicon import canonical, load

#: Surfaces of one character: each was weighed, and is a word by itself wherever it stands.
SINGLE = frozenset("脏辣硅葱蒜娃吵催臭萌晃颠棉钛庙鞋")
#: Latin surfaces of two letters.
PAIRS = frozenset({"hp", "jk", "lg", "pc", "tv", "vc"})
#: Words of every second query: no entry may claim them.
COMMON = frozenset(
    {
        "的", "了", "是", "我", "你", "他", "好", "很", "都", "去", "吃", "喝", "玩", "要", "想", "有", "在", "和",
        "也", "就", "不", "没", "个", "什么", "怎么", "哪里", "哪个", "可以", "适合", "推荐", "附近", "地方", "东西",
        "今天", "明天",
        "the", "a", "an", "and", "or", "is", "are", "in", "on", "at", "to", "of", "for", "with", "my", "your", "good",
        "nice", "best", "great", "find", "want", "need", "place", "places", "thing", "things", "day", "time", "people",
        "one", "two", "new", "old", "big", "small", "more", "less", "very", "go", "get", "make", "like", "love", "look",
        "hot", "top", "slow", "fast", "free", "open", "near", "ideas", "tips",
    }
)  # fmt: skip


def _surfaces() -> list[tuple[str, str]]:
    return [(e.id, w) for e in load().entries.values() for w in (*e.zh, *e.en, *e.no)]


def test_the_sizes_that_are_promised() -> None:
    lexicon = load()
    assert len(lexicon.attributes) >= 500
    assert len(lexicon.categories) >= 1000
    assert len(lexicon.cuisines) >= 200
    assert len(lexicon.brands) >= 500
    kinds = Counter(kind for e in lexicon.categories.values() for kind in e.kinds)
    assert kinds["poi"] >= 300 and kinds["product"] >= 400 and len(lexicon.topics) >= 120


def test_every_id_is_snake_case() -> None:
    wrong = [name for name in load().entries if not re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)*", name)]
    assert wrong == []


def test_every_category_and_cuisine_ends_in_a_root_of_its_slot() -> None:
    lexicon = load()
    for name in (*lexicon.categories, *lexicon.cuisines):
        path = (name, *lexicon.ancestors(name))
        assert len(set(path)) == len(path), f"{name}: its ancestors go round"
        root = lexicon.entries[path[-1]]
        assert root.parent is None and root.slot == lexicon.entries[name].slot


def test_topics_of_notes_hang_below_posts() -> None:
    lexicon = load()
    assert all("post" in (name, *lexicon.ancestors(name)) for name in lexicon.topics)


def test_short_and_common_words_are_guarded() -> None:
    short = {w for _, w in _surfaces() if len(canonical(w)) == 1}
    assert short <= SINGLE, f"one character names too much: {short - SINGLE}"
    pairs = {w for _, w in _surfaces() if w.isascii() and len(canonical(w)) == 2}
    assert pairs <= PAIRS, f"two letters name too much: {pairs - PAIRS}"
    assert [(name, w) for name, w in _surfaces() if canonical(w) in COMMON] == []


@pytest.mark.parametrize("script", ["s2t", "s2tw", "s2hk"])
def test_every_chinese_surface_is_read_in_traditional_characters(script: str) -> None:
    lexicon, convert = load(), OpenCC(script).convert
    for entry in lexicon.entries.values():
        for word in (*entry.zh, *entry.no):
            traditional = canonical(convert(word))
            if traditional != canonical(word):
                whole = {m.id for m in lexicon.scan(traditional) if m.end - m.start == len(traditional)}
                assert entry.id in whole, f"{entry.id}: '{convert(word)}' is read as '{traditional}'"


def test_a_shadow_hides_no_word_of_an_entry() -> None:
    shadows = {canonical(w) for e in load().entries.values() if e.slot == SHADOW for w in (*e.zh, *e.en)}
    named = {canonical(w) for e in load().entries.values() if e.slot != SHADOW for w in (*e.zh, *e.en)}
    assert shadows & named == set()


def test_every_file_says_what_it_holds_and_where_from() -> None:
    for file in data_files():
        head = file.read_text(encoding="utf-8").split("[", 1)[0]
        assert head.startswith("# ") and "Sources:" in head, file.name


@pytest.mark.parametrize(
    ("slot", "raw", "name"),
    [
        ("category", "ramen_restaurant", "ramen"),
        ("category", "hamburger_restaurant", "burger"),
        ("category", "amenity=fuel", "gas_station"),
        ("category", "medical_checkup_center", "medical_checkup_center"),
        ("category", "hiking_area", "hiking_trail"),
        ("cuisine", "cuisine=uzbek", "uzbek"),
        ("cuisine", "thai_restaurant", "thai"),
        ("amenity", "short_wait", "no_queue"),
        ("amenity", "allows_cats", "cats_allowed"),
        ("audience", "goodForChildren", "family_with_kids"),
        ("brand", "SK-II", "skii"),
    ],
)
def test_names_that_others_use_are_known(slot: str, raw: str, name: str) -> None:
    assert load().normalise(slot, raw) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("遛娃好去处", "kids_place"),
        ("出片的地方", "photogenic"),
        ("松弛感满满", "relaxed"),
        ("美拉德穿搭", "maillard_style"),
        ("想吃过桥米线", "rice_noodles"),
        ("teppanyaki for two", "teppanyaki"),
        ("a mini golf course", "miniature_golf"),
        ("牧高笛天幕", "mobi_garden"),
        ("Bugaboo strollers", "bugaboo"),
    ],
)
def test_words_of_the_day_are_read(text: str, name: str) -> None:
    assert name in {m.id for m in load().mentions(fold(text).text)}
