"""Does the lexical index find words as people write them, under any filter?"""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.understand.sounds import LETTERS, is_pinyin
from indexing.columns.values import Tags, key
from indexing.text import bm25 as bm25_
from indexing.text import near
from indexing.text.best import best
from indexing.text.highlight import LENGTH, Marker
from indexing.text.index import FIELDS, TextIndex
from indexing.text.synonyms import synonyms
from indexing.tokens import tokens, typed, whole
from indexing.vectors import machine

TEXTS = [
    {"title": "草地咖啡", "all": "草地咖啡 cafe 大草坪边的咖啡馆"},
    {"title": "Quiet cafés", "all": "Quiet cafés 咖啡 working downtown, running late, coffee"},
    {"title": "城西公园", "all": "城西公园 park 湖边的公园，可以露营，蟠龙里旁边"},
]
ALL = np.ones(3, bool)
WORDS = [f"w{n}" for n in range(30)]
SOUNDS = ["xian", "kafei", "guan", "ang", "g", "n", "ni", "hao", "q", "ban", "shu", "e", "er", "zhuang"]
_texts = st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), min_size=1, max_size=40)


def found(index: TextIndex, text: str, allowed: object = ALL, k: int = 5) -> list[int]:
    rows: list[int] = index.search(text, np.asarray(allowed, bool), k).rows.tolist()
    return rows


def test_tokens_are_folded_stemmed_words_and_character_pairs() -> None:
    assert tokens("Cafés running") == ["cafe", "run"]
    assert tokens("北京大學") == tokens("北京大学")
    assert {"草坪", "咖啡"} <= set(tokens("大草坪边的咖啡馆"))
    assert "烤肉" in tokens("老王烤肉店") and tokens("!?") == []
    assert [(run, [*found]) for run, found in typed("the 咖啡馆")] == [
        ("the", []),
        ("咖啡馆", ["咖啡", "咖啡馆", "啡馆"]),
    ]
    assert [whole(t) for t in ("咖啡馆", "Cafés", "coffee shop", "的", "")] == ["咖啡馆", "cafe", None, None, None]


def test_a_word_in_the_title_outweighs_one_in_the_body() -> None:
    index = TextIndex.build(TEXTS)
    assert found(index, "咖啡") == [0, 1]
    assert found(index, "a run in the parks") in ([1, 2], [2, 1])


def bm25(texts: list[dict[str, str]], query: str) -> list[float]:
    """The formula, word by word, as Lucene has it with k1 + 1."""
    scores = [0.0] * len(texts)
    for field, weight in FIELDS.items():
        rows = [tokens(text.get(field, "")) for text in texts]
        mean = sum(map(len, rows)) / len(rows)
        for word in tokens(query):
            held = sum(word in row for row in rows)
            idf = np.log1p((len(rows) - held + 0.5) / (held + 0.5))
            for number, row in enumerate(rows):
                times = row.count(word)
                if times:
                    scores[number] += weight * idf * 2.2 * times / (times + 1.2 * (0.25 + 0.75 * len(row) / mean))
    return scores


@given(_texts, st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), st.randoms(), st.integers(1, 45))
def test_results_are_those_of_the_formula_over_the_allowed_rows(
    bodies: list[str], words: list[str], chance: object, k: int
) -> None:
    texts = [{"all": body, "title": body[:8]} for body in bodies]
    allowed = np.random.default_rng(chance.randrange(1 << 30)).random(len(texts)) < 0.5  # type: ignore[attr-defined]
    query = " ".join(words)
    known = bm25(texts, query)
    answer = TextIndex.build(texts).search(query, allowed, k)
    expected = sorted((-score for row, score in enumerate(known) if allowed[row] and score > 0))[:k]
    assert np.allclose(-answer.scores, expected, rtol=1e-4)
    assert np.allclose([known[row] for row in answer.rows], answer.scores, rtol=1e-4) and allowed[answer.rows].all()


@pytest.mark.parametrize("share", [1.0, 0.5, 0.01, 0.0001])
@pytest.mark.parametrize("levels", [5, 1_000_000])
def test_the_best_of_many_rows_are_those_of_a_full_sort(share: float, levels: int) -> None:
    rng = np.random.default_rng(levels)
    scores = np.where(rng.random(120_000) < 0.2, rng.integers(1, levels + 1, 120_000), 0).astype(np.float32)
    allowed = rng.random(len(scores)) < share
    rows = np.flatnonzero(allowed & (scores > 0))
    expected = rows[np.lexsort((rows, -scores[rows]))]
    for k in (1, 100, 5000, len(scores)):
        assert best(scores, allowed, k).tolist() == expected[:k].tolist()


def test_an_index_comes_back_from_disk_and_odd_queries_are_harmless(tmp_path: Path) -> None:
    TextIndex.build(TEXTS, tmp_path / "text")
    index = TextIndex.open(tmp_path / "text")
    assert found(index, "露營") == [2]
    for odd in ("", "的", "title:x AND (", "\x00", "草" * 5000, '"', "x" * 500, "👩‍👧"):
        assert len(found(index, odd)) <= 3
    for name, texts in {"none": [], "silent": [{"all": "!"}, {}]}.items():
        TextIndex.build(texts, tmp_path / name)
        assert found(TextIndex.open(tmp_path / name), "x", np.ones(len(texts))) == []


def test_slips_pinyin_and_sounds_find_what_nobody_wrote_so() -> None:
    index = TextIndex.build(TEXTS)
    assert found(index, "downtwon") == [1] and found(index, "coffe")[0] == 1
    assert found(index, "downtwnn") == [1] and found(index, "downtawns") == [1]
    assert found(index, "panlongli") == [2] and found(index, "kafeiguan")[0] == 0
    assert found(index, "盘龙里") == [2] and found(index, "zzzzzz") == []
    assert len(index.search("downtwon", ALL, 5, exact=True).rows) == 0
    assert "downtwon~downtown" in index.search("downtwon", ALL, 5).plan
    assert "~" not in index.search("downtown", ALL, 5).plan


def test_a_word_that_many_hold_means_itself() -> None:
    index = TextIndex.build([{"all": "cofee"}] * 3 + [{"all": "coffee"}])
    assert found(index, "cofee", np.ones(4)) == [0, 1, 2]


def test_other_names_of_a_thing_are_found_behind_its_own() -> None:
    texts = [{"all": "宾馆 安静"}, {"all": "hotel 安静"}, {"all": "公园 安静"}]
    assert {"hotel", "酒店"} <= set(synonyms("安静的酒店"))
    answer = TextIndex.build(texts).search("hotel", ALL, 5)
    assert answer.rows.tolist()[0] == 1 and 2 not in answer.rows
    assert synonyms("xyz") == []


def test_the_commonest_words_are_left_out_where_they_would_cost_too_much() -> None:
    index = TextIndex.build([{"all": "common rare"}] + [{"all": "common"}] * 20)
    allowed = np.ones(21, bool)
    assert index.search("common rare", allowed, 9, most=5).rows.tolist() == [0]
    assert len(index.search("common", allowed, 9, most=5).rows) == 9
    assert len(index.search("common rare", allowed, 9).rows) == 9


def test_live_rows_are_scored_as_if_they_stood_among_the_others() -> None:
    base = TextIndex.build([{"all": f"rare{n} common"} for n in range(200)])
    live = [{"all": "common"}, {"all": "rare7"}]
    alone, joined = TextIndex.build(live), TextIndex.build(live, joins=base)
    one, other = (alone.search(w, np.ones(2, bool), 1).scores for w in ("common", "rare7"))
    assert np.allclose(one, other)
    common, rare = (joined.search(w, np.ones(2, bool), 1).scores[0] for w in ("common", "rare7"))
    assert rare > 50 * common


def marked(words: set[str], text: str) -> list[str]:
    return [text[start:end] for start, end in Marker(words).spans(text)]


def test_the_words_of_a_query_are_marked_where_they_stand() -> None:
    assert marked({"草坪", "咖啡"}, "👨‍👩‍👧 带娃！大草坪☕️咖啡馆，草 坪") == ["草坪", "咖啡"]
    assert marked({"cafe", "run"}, "Cafés　ＲＵＮＮＩＮＧ runway") == ["Cafés", "ＲＵＮＮＩＮＧ"]
    assert marked({"北京", "京大"}, "北京大學") == ["北京大"] and marked({"草"}, "草坪") == ["草"]
    assert marked({"cafe"}, "no such word") == [] and marked(set(), "草坪") == []


def test_an_index_marks_what_it_looked_for() -> None:
    index = TextIndex.build(TEXTS)
    assert marked(set(index.words("downtwon 蟠龙里")), "downtown 蟠龙里") == ["downtown", "蟠龙里"]
    assert marked(set(index.words("hotel")), "宾馆与酒店") == ["宾馆", "酒店"]


@given(st.text(alphabet="草坪咖啡馆ab é👩‍👧。", max_size=400))
def test_spans_lie_inside_the_text_that_is_shown_and_apart(text: str) -> None:
    for shown in Marker({"草坪", "咖啡", "ab"}).mark({"title": text, "body": text[::-1]}):
        whole_field = text if shown.field == "title" else text[::-1]
        assert whole_field[shown.start : shown.start + len(shown.text)] == shown.text and len(shown.text) <= LENGTH
        ends = [place for span in shown.spans for place in span]
        assert shown.spans and ends == sorted(set(ends)) and ends[0] >= 0 and ends[-1] <= len(shown.text)


@given(
    st.lists(st.text(alphabet="鱼酸菜 a\n", max_size=8), min_size=1, max_size=12),
    st.text(alphabet="鱼酸菜a", max_size=3),
)
def test_pairs_of_neighbours_tell_which_texts_may_hold_a_piece(texts: list[str], part: str) -> None:
    tags = Tags.of([key(text)] for text in texts)
    index = TextIndex.build({"all": text} for text in texts)
    rows = index.holders(part)
    assert (rows is None) == (len(part) < 2 or "a" in part)
    held = [at for at, text in enumerate(texts) if part in key(text)]
    assert rows is None or set(held) <= set(rows.tolist())
    assert np.flatnonzero(tags.containing(part, index.holders).mask()).tolist() == [at for at in held if key(texts[at])]


@given(
    st.lists(
        st.sampled_from(
            ["xian", "kafei", "guan", "ang", "g", "n", "ni", "hao", "q", "ban", "shu", "e", "er", "zhuang"]
        ),
        max_size=7,
    )
)
def test_pieces_are_whole_syllables_with_whole_syllables_around_them(parts: list[str]) -> None:
    letters = "".join(parts)
    expected = {
        (a, b)
        for a in range(len(letters))
        for b in range(a + LETTERS, min(len(letters), a + near.LONGEST) + 1)
        if is_pinyin(letters[:a]) and is_pinyin(letters[a:b]) and is_pinyin(letters[b:])
    }
    found = near._pieces(letters)
    assert set(found) == expected and len(found) == len(expected)


@given(texts=_texts, asked=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join))
def test_machine_code_adds_up_to_the_bit_what_numpy_adds_up(texts: list[str], asked: str) -> None:
    machine.make()
    if machine.compiled() is None:
        pytest.skip("numba is not installed (the extra 'fast')")
    index, every = TextIndex.build({"all": text, "title": text[:3]} for text in texts), np.ones(len(texts), bool)
    told = index.search(asked + " w31", every, 9)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bm25_, "compiled", lambda: None)
        said = TextIndex(index._scores, index.vocabulary).search(asked + " w31", every, 9)
    assert np.array_equal(told.rows, said.rows) and np.array_equal(told.scores, said.scores)
