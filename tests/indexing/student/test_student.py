"""Does a student learn what its teacher says, the same every time, and is its folder as safe as a snapshot?"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pupils import Pupils
from engine.errors import ModelError
from engine.understand.lexicon import load
from indexing.encode import HashEncoder
from indexing.student.encoder import TABLE, StudentEncoder
from indexing.student.features import Features, tidy, words
from indexing.student.lessons import Lesson, lessons
from indexing.student.registry import Students
from indexing.student.report import measure
from indexing.student.train import Course, train
from tests.indexing.student.made import TOKENS, made, write_made

COURSE = Course(epochs=3, batch=64, pieces=50)
ROWS: Mapping[Any, Any] = {
    "poi": [
        {
            "id": "p1",
            "name": "山野里咖啡",
            "category": "cafe",
            "city": "杭州",
            "tags": ["露营风"],
            "body": "草坪很大。适合带娃",
        },
        {"id": "p2", "name": "Blue Door", "category": "restaurant", "city": "上海", "dishes": ["葱油拌面"]},
    ],
    "product": [{"id": "g1", "title": "Trail tent 4P", "brand": "Nordfell", "category": "帐篷"}],
}


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> StudentEncoder:
    return made(tmp_path_factory.mktemp("students"))


@given(st.text(max_size=60))
def test_any_text_gets_a_finite_unit_vector_and_always_the_same(student: StudentEncoder, text: str) -> None:
    one, other = student.encode([text], "query"), student.encode(["帐篷", text], "passage")[1:]
    np.testing.assert_array_equal(one, other)
    assert np.isfinite(one).all()
    np.testing.assert_allclose(np.linalg.norm(one, axis=1), 1, atol=1e-5)


@given(st.text(max_size=40))
def test_tidying_is_done_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


def test_parts_are_pieces_words_and_pairs_whatever_the_spelling() -> None:
    assert words(tidy("Quiet  CAFÉ")) == ["quiet", "cafe", "quiet cafe"]
    rows = Features(TOKENS, {}, {"咖啡店": 0, "quiet cafe": 1, "草坪 咖啡店": 2})
    assert rows.rows("ＱＵＩＥＴ café") == [1]
    assert rows.rows("草坪 咖啡店") == [0, 2]
    assert rows.rows("") == []


def test_training_comes_nearer_and_repeats_itself() -> None:
    teacher, texts = (
        HashEncoder(16),
        [Lesson(f"{a} {b}") for a in ("咖啡", "帐篷", "park") for b in ("上海", "quiet", "草坪")],
    )
    means = {"zh": np.zeros(16, np.float32), "en": np.zeros(16, np.float32)}
    one, other = (train(texts, TOKENS, teacher, means, COURSE) for _ in range(2))
    np.testing.assert_array_equal(one.table, other.table)
    assert one.losses[-1] < one.losses[0]


def test_lessons_repeat_themselves_and_hold_each_text_once() -> None:
    asked = ["周末去哪儿 溜娃", "quiet cafe"]
    found = lessons(ROWS, asked, load(), 12_000, 7)
    assert found == lessons(ROWS, asked, load(), 12_000, 7)
    texts = [lesson.text for lesson in found]
    assert len(set(texts)) == len(texts)
    assert {*asked, "山野里咖啡", "葱油拌面", "nordfell", "草坪很大"} <= set(texts)
    assert all(0 < len(text) <= 48 for text in texts)


def test_a_lesson_and_its_twin_teach_each_other() -> None:
    by_text = {lesson.text: lesson for lesson in lessons({}, [], load(), 100, 7)}
    assert by_text["安静的咖啡馆"].twin == "a quiet coffee shop"
    assert by_text["a quiet coffee shop"].twin == "安静的咖啡馆"
    assert (by_text["安静的咖啡馆"].lang, by_text["a quiet coffee shop"].lang) == ("zh", "en")


def test_a_student_that_is_its_teacher_keeps_everything(student: StudentEncoder) -> None:
    documents = student.encode(["咖啡店", "草坪", "帐篷", "cafe", "露营"], "passage")
    texts = [Lesson("草坪 咖啡店"), Lesson("cafe", "咖啡店"), Lesson("帐篷")]
    found = measure(texts, student, student, lambda vector, _: vector, documents)
    assert found["zh"]["kept@10"] == 1
    assert found["en"]["cosine"] == pytest.approx(1, abs=1e-5)
    assert found["en->zh"]["found@10"] == found["en->zh"]["teacher found@10"]


def test_the_newest_two_are_kept_and_the_newest_answers(tmp_path: Path) -> None:
    students = Students(tmp_path)
    assert students.load() is None
    (tmp_path / ".tmp-1").mkdir()  # a killed one
    for _ in range(3):
        newest = students.add(write_made, "2026-11-22", lambda student: {"seen": student.dim})
    assert students.numbers() == [2, 3]
    assert students.load().fingerprint == newest.fingerprint  # type: ignore[union-attr]
    assert newest.card["seen"] == newest.dim


def test_one_that_fails_its_examination_never_answers(tmp_path: Path) -> None:
    students = Students(tmp_path)

    def fail(_: StudentEncoder) -> Mapping[str, Any]:
        raise RuntimeError("stopped in the middle")

    with pytest.raises(RuntimeError):
        students.add(write_made, "2026-11-22", fail)
    assert students.load() is None


@pytest.mark.parametrize("name", [TABLE, "words.json", "sentencepiece.model", "MANIFEST"])
def test_a_changed_byte_is_refused(tmp_path: Path, name: str) -> None:
    made(tmp_path)
    path = tmp_path / "1" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match="cannot be used"):
        StudentEncoder(tmp_path / "1")


def test_who_goes_first_is_a_setting(tmp_path: Path) -> None:
    student, students = made(tmp_path), Students(tmp_path)
    teacher, stranger = HashEncoder(16), HashEncoder(32)
    assert Pupils(students, "teacher").of(teacher) is None
    assert Pupils(students, "auto").of(stranger) is None
    found = Pupils(students, "auto").of(teacher)
    assert found is not None
    assert found.fingerprint == student.fingerprint
    assert not Pupils(students, "auto").first(found)
    assert Pupils(students, "student").first(found)


def test_a_damaged_student_is_not_used(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "1" / TABLE).unlink()
    pupils = Pupils(Students(tmp_path), "auto")
    assert pupils.of(HashEncoder(16)) is None
    (tmp_path / "CURRENT").write_text("9\n")
    assert pupils.of(HashEncoder(16)) is None
