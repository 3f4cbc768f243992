"""Do the sentences of notes tell of a thing that no lexicon knows: who has it, who has it not, and who says nothing?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.errors import CorruptSnapshot
from engine.types import Constraint, Evidence, Heard, Kind, Verdict
from indexing.hash_encoder import HashEncoder
from indexing.phrase import Phrase
from indexing.snapshot import Snapshot
from indexing.validate import to_table
from indexing.voices import Voices, distinct, encoded, means_of, plain
from indexing.write import write_segment
from tests.contracts.corpus import NOW

T = "demo"
ENCODER = HashEncoder(256)
PLACES = [{"id": f"p-{n}", "name": f"第{n}家咖啡馆", "category": "cafe", "city": "杭州"} for n in range(8)]
SAID = {
    "n-a": (0, "院子里有个旋转木马，孩子坐了三圈。"),
    "n-b": (0, "旋转木马周末才转，去之前问一声。"),
    "n-c": (1, "这里没有旋转木马，别被照片骗了。"),
    "n-d": (2, "请问有旋转木马吗？"),
    "n-e": (3, "听说有旋转木马，我没看见。"),
    "n-f": (4, "旋转木马去年拆了。"),
    "n-g": (5, "咖啡很好喝。"),
    "n-h": (6, "There is a small carousel in the garden, the children loved it."),
    "n-i": (7, "飞机的起降坐在窗边都看得到。"),
}
NOTES = [
    {"id": name, "title": "记", "body": body, "author_id": f"a-{name}", "poi_ids": [f"p-{place}"],
     "published_at": "2026-05-01T00:00:00Z"} for name, (place, body) in SAID.items()
]  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    home = tmp_path_factory.mktemp("open")
    tables: dict[Kind, Any] = {"poi": to_table("poi", PLACES), "note": to_table("note", NOTES)}
    facts = write_segment(home, tables, ENCODER, now=NOW, voices=True)
    assert facts["voices"] == {"sentences": 18, "vectors": 10, "bytes_each": 148.4}
    return Snapshot.open(home, T, "1")


def asked(words: str, *, heard: bool = True, polarity: int = 1) -> Constraint:
    vector = ENCODER.encode([words], "query")[0]
    mine = Heard(ENCODER.fingerprint, "zh", vector) if heard else None
    return Constraint("amenity", "open", {"open": words}, "soft", polarity, heard=mine)


def proofs(index: Snapshot, constraint: Constraint) -> list[Evidence]:
    rows = np.array([index.where[f"p-{n}"][1] for n in range(len(PLACES))])
    return index.prove(T, "poi", constraint, rows, "zh")


@pytest.mark.parametrize("heard", [True, False])
def test_who_has_it_who_has_it_not_and_who_says_nothing(index: Snapshot, heard: bool) -> None:
    verdicts = [proof.verdict for proof in proofs(index, asked("旋转木马", heard=heard))]
    assert verdicts[0] == Verdict.MET and verdicts[1] == Verdict.CONTRADICTED
    assert verdicts[2] == Verdict.UNKNOWN  # a question
    assert verdicts[3] == Verdict.UNKNOWN  # hearsay
    assert verdicts[4] == Verdict.CONTRADICTED  # it was there once
    assert verdicts[5] == verdicts[7] == Verdict.UNKNOWN
    assert verdicts[6] == (
        Verdict.UNKNOWN if heard else Verdict.LIKELY
    )  # a carousel, by its name; a vector can doubt it


def test_the_sentence_its_note_and_its_day_are_shown(index: Snapshot) -> None:
    proof = proofs(index, asked("旋转木马"))[0]
    assert proof.sentence in (SAID["n-a"][1], SAID["n-b"][1]) and proof.note_id in ("n-a", "n-b")
    assert proof.note_date == "2026-05-01" and (proof.support, proof.contradictions) == (2, 0)
    assert proof.probability is not None and proof.probability >= 0.8


def test_unwanted_the_verdicts_turn(index: Snapshot) -> None:
    verdicts = [proof.verdict for proof in proofs(index, asked("旋转木马", polarity=-1))]
    assert verdicts[:2] == [Verdict.CONTRADICTED, Verdict.MET]


def test_hard_it_keeps_those_who_have_it(index: Snapshot) -> None:
    kept = index.allowed(T, "poi", [asked("旋转木马")])
    assert [index.base.parts["poi"].ids[row] for row in np.flatnonzero(kept)] == ["p-0"]


def test_a_sentence_with_a_part_of_the_words_needs_a_near_vector(index: Snapshot) -> None:
    wish = asked("飞机跑道")
    near = Heard("near", "zh", ENCODER.encode([SAID["n-i"][1]], "passage")[0])
    words, meaning = (proofs(index, replace(wish, heard=heard))[7].verdict for heard in (None, near))
    assert words == Verdict.UNKNOWN and meaning == Verdict.LIKELY


def test_english_words_are_compared_by_their_stems(index: Snapshot) -> None:
    assert proofs(index, asked("carousels"))[6].verdict == Verdict.LIKELY


@pytest.mark.parametrize("text", ["", "!!", "的", "'", "🎠", "a" * 300])
def test_any_words_are_looked_for(index: Snapshot, text: str) -> None:
    assert {proof.verdict for proof in proofs(index, asked(text, heard=False))} == {Verdict.UNKNOWN}


@pytest.mark.parametrize(
    ("text", "words", "doing"),
    [
        ("旋转木马", ("旋转", "木马"), ()),
        ("能看到火车", ("火车",), ("看到",)),
        ("see the trains", ("train",), ("see",)),
        ("能骑马", ("马",), ("骑",)),
        ("能看看", ("看",), ()),
    ],
)
def test_what_a_phrase_is_of(text: str, words: Sequence[str], doing: Sequence[str]) -> None:
    phrase = Phrase.of(text)
    assert (phrase.words, phrase.doing) == (tuple(words), tuple(doing))


@given(st.lists(st.text(max_size=30), min_size=1, max_size=30), st.text(min_size=1, max_size=10))
def test_codes_keep_cosines_within_a_hundredth(texts: list[str], words: str) -> None:
    raw = encoded(texts, ENCODER)
    if not raw:
        return
    zero = np.zeros_like(means_of(raw))
    voices, vector = Voices.of(texts, raw, zero), ENCODER.encode([words], "query")[0]
    scores = voices.spread(voices.each(vector), np.arange(len(texts)))
    for text, score in zip(texts, scores.tolist(), strict=True):
        name = plain(text)
        assert np.isnan(score) if not name else abs(score - float(raw[name] @ vector)) < 0.01
    some = np.arange(len(texts))[::2]
    np.testing.assert_allclose(voices.scores(vector, some), scores[::2], atol=1e-6)


def test_sentences_that_differ_in_marks_share_a_vector() -> None:
    assert list(distinct(["好吃。", "好吃！🌿", "好 吃", "…"])) == ["好吃", "好 吃"]


def test_a_folder_of_another_number_of_sentences_is_refused(tmp_path: Path) -> None:
    raw = encoded(["一", "二"], ENCODER)
    Voices.of(["一", "二"], raw, means_of(raw)).save(tmp_path)
    assert len(Voices.open(tmp_path, 2)) == 2
    with pytest.raises(CorruptSnapshot, match="holds 2 sentences, not 3"):
        Voices.open(tmp_path, 3)
    assert len(Voices.open(tmp_path / "nowhere", 3).which) == 3


ACROSS = {
    "x-a": (0, "The front desk lent us an umbrella when it rained."),
    "x-b": (1, "They do not lend umbrellas here."),
    "x-c": (2, "They sell well-rounded meals."),
    "x-d": (3, "院子里有个瀑布，水声不大。"),
    "x-e": (4, "只有矿泉水可以买。"),
}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    home = tmp_path_factory.mktemp("across")
    notes = [{"id": name, "title": "n", "body": body, "author_id": f"b-{name}", "poi_ids": [f"p-{place}"],
              "published_at": "2026-05-01T00:00:00Z"} for name, (place, body) in ACROSS.items()]  # fmt: skip
    write_segment(home, {"poi": to_table("poi", PLACES), "note": to_table("note", notes)}, ENCODER, now=NOW)
    return Snapshot.open(home, T, "1")


@pytest.mark.parametrize(
    ("words", "place", "found"),
    [("能借雨伞", 0, True), ("雨伞", 0, True), ("waterfalls", 3, True), ("水井", 2, False), ("fountain", 4, False)],
)
def test_names_in_the_other_language_count(mixed: Snapshot, words: str, place: int, found: bool) -> None:
    told = proofs(mixed, asked(words, heard=False))[place]
    assert (told.probability is not None) == found and (told.support > 0) == found


def test_a_denial_in_the_other_language_denies(mixed: Snapshot) -> None:
    told = proofs(mixed, asked("能借雨伞", heard=False))[1]
    assert (told.support, told.contradictions) == (0, 1)


@pytest.mark.parametrize("heard", [True, False])
def test_of_many_sentences_those_of_the_likeliest_notes_are_read(
    index: Snapshot, heard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [proof.verdict for proof in proofs(index, asked("旋转木马", heard=heard))]
    monkeypatch.setattr("indexing.openwords.WHOLE", 3)
    many = Snapshot(index.base, T, "2")
    assert [proof.verdict for proof in proofs(many, asked("旋转木马", heard=heard))] == few
