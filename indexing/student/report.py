"""How much of its teacher does a student keep? Measured per language, on lessons that it did not have.

cosine: between the two vectors of a text, in the index's space
kept@10: share of the teacher's ten nearest items that are among the student's ten nearest
en->zh: English questions against what the teacher finds for their Chinese twins; the teacher's own share beside it
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from engine.language import main_language
from engine.ports import Encoder
from engine.types import F32, I64
from indexing.student.lessons import Lesson

#: Lessons of a slice that are looked at.
MOST: Final = 300
_TOP: Final = 10

Center = Callable[[F32, str], F32]


def measure(
    lessons: Sequence[Lesson], student: Encoder, teacher: Encoder, center: Center, documents: F32
) -> dict[str, dict[str, float]]:
    """slice -> figure -> value. `documents`: centred unit rows (n, dim); empty slices are left out."""
    found: dict[str, dict[str, float]] = {}
    for lang in ("zh", "en"):
        texts = [lesson.text for lesson in lessons if lesson.lang == lang][:MOST]
        if texts:
            pupil, master = (_asked(encoder, texts, center) for encoder in (student, teacher))
            found[lang] = {
                "lessons": len(texts),
                "cosine": float((pupil * master).sum(axis=1).mean()),
                "kept@10": _agreement(pupil, _nearest(master, documents), documents),
            }
    return found | _across(lessons, student, teacher, center, documents)


def _across(
    lessons: Sequence[Lesson], student: Encoder, teacher: Encoder, center: Center, documents: F32
) -> dict[str, dict[str, float]]:
    """Do English questions find what the teacher finds for the same questions in Chinese?"""
    pairs = [(each.text, each.twin) for each in lessons if each.twin and each.lang == "en"]
    pairs = [(text, twin) for text, twin in pairs if main_language(twin) == "zh"][:MOST]
    if not pairs:
        return {}
    english, chinese = [text for text, _ in pairs], [twin for _, twin in pairs]
    wanted = _nearest(_asked(teacher, chinese, center), documents)
    student_finds, teacher_finds = (
        _agreement(_asked(encoder, english, center), wanted, documents) for encoder in (student, teacher)
    )
    return {"en->zh": {"lessons": len(pairs), "found@10": student_finds, "teacher found@10": teacher_finds}}


def _asked(encoder: Encoder, texts: Sequence[str], center: Center) -> F32:
    raw = encoder.encode(texts, "query")
    return np.stack([center(vector, main_language(text)) for vector, text in zip(raw, texts, strict=True)])


def _nearest(queries: F32, documents: F32) -> I64:
    top = min(_TOP, len(documents))
    rows: I64 = np.argpartition(-(queries @ documents.T), top - 1, axis=1)[:, :top]
    return rows


def _agreement(queries: F32, wanted: I64, documents: F32) -> float:
    pairs = zip(_nearest(queries, documents).tolist(), wanted.tolist(), strict=True)
    return float(np.mean([len(set(mine) & set(theirs)) / len(theirs) for mine, theirs in pairs]))
