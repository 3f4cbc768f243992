"""How does an index get a student? Lessons from its texts, training, a sealed folder with a card."""

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np
import sentencepiece

from engine.errors import BadInput, ModelError
from engine.ports import Encoder
from engine.types import F32, KINDS, Kind
from engine.understand.lexicon import load
from indexing.bundled.folder import PIECES as TEACHER_PIECES
from indexing.centre import LANGUAGES
from indexing.snapshot import Snapshot
from indexing.student import encoder as files
from indexing.student.encoder import StudentEncoder
from indexing.student.lessons import Lesson, Row, lessons
from indexing.student.registry import Students
from indexing.student.report import measure

if TYPE_CHECKING:  # torch takes seconds to import
    from indexing.student.train import Course, Trained

#: Items whose texts become lessons, and items that are looked through to measure; drawn from a seed.
ROWS: Final = 20_000
#: Every so many-th lesson is kept back, to measure on.
_HELD: Final = 12


def distill(
    index: Snapshot, asked: Sequence[str], teacher: Encoder, folder: Path, students: Students, created: str,
    *, count: int, seed: int, judge: Callable[[StudentEncoder], Mapping[str, Any]], say: Callable[[str], None],
) -> StudentEncoder:  # fmt: skip
    """Train a student of `teacher` on an index's texts and popular queries; it is the current one afterwards.

    `folder`: the teacher's own (its pieces are the student's). `judge`: further facts for the card, found with the
    student at hand. Raises ModelError when training cannot run here, BadInput when the index says nothing.
    """
    if find_spec("sentence_transformers") is None:
        raise ModelError("a student is trained with sentence-transformers: pip install 'lifestyle-search[indexing]'")
    if not (folder / TEACHER_PIECES).exists():
        raise ModelError(f"{folder} holds no {TEACHER_PIECES}: a student needs a teacher of the bundled format")
    from indexing.student.train import Course, train  # noqa: PLC0415  # as above

    texts = lessons(rows_of(index, seed), asked, load(), count, seed)
    if len(texts) < _HELD:
        raise BadInput("there is next to nothing to learn from: publish items first")
    held, kept = texts[::_HELD], [text for n, text in enumerate(texts) if n % _HELD]
    say(f"{len(kept)} lessons, {len(held)} kept back; the teacher reads what it has not read before")
    course, tokens = Course(seed=seed), folder / TEACHER_PIECES
    processor = sentencepiece.SentencePieceProcessor(model_file=str(tokens))
    trained = train(kept, processor, teacher, dict(index.base.frame.means.query), course)
    say(f"trained {len(trained.table)} rows: loss {trained.losses[0]:.3f} -> {trained.losses[-1]:.3f}")
    facts = {"snapshot": index.version, "teacher": teacher.fingerprint, **_told(kept, trained, course)}

    def examine(student: StudentEncoder) -> Mapping[str, Any]:
        slices = measure(held, student, teacher, index.center, documents(index, seed))
        return {"slices": slices, **judge(student)}

    return students.add(lambda into: write(into, trained, tokens, facts), created, examine)


def _told(kept: Sequence[Lesson], trained: "Trained", course: "Course") -> dict[str, Any]:
    """What the card says of the training."""
    digest = hashlib.sha256("\0".join(lesson.text for lesson in kept).encode("utf-8", "replace")).hexdigest()
    return {
        "lessons": {"count": len(kept), "sha256": digest, "zh": sum(lesson.lang == "zh" for lesson in kept)},
        "rows": {"pieces": len(trained.pieces), "words": len(trained.words)},
        "course": asdict(course),
        "losses": [round(loss, 5) for loss in trained.losses],
        "spread": trained.spread,
    }


def write(folder: Path, trained: "Trained", tokens: Path, card: Mapping[str, Any]) -> Mapping[str, Any]:
    """The files that indexing.student.encoder reads; -> the card."""
    scales = np.maximum(np.abs(trained.table).max(axis=1), 1e-12) / 127
    np.save(folder / files.TABLE, np.rint(trained.table / scales[:, None]).astype(np.int8))
    np.save(folder / files.SCALES, scales.astype(np.float32))
    np.save(folder / files.PIECES, np.array(trained.pieces, np.int64))
    np.save(folder / files.MEANS, np.stack([trained.means[lang] for lang in LANGUAGES]).astype(np.float32))
    (folder / files.WORDS).write_bytes(msgspec.json.encode(trained.words))
    shutil.copyfile(tokens, folder / files.TOKENS)
    return card


def rows_of(index: Snapshot, seed: int) -> dict[Kind, list[Row]]:
    """Live items, at most ROWS of a kind."""
    out: dict[Kind, list[Row]] = {}
    for kind in KINDS:
        live = np.flatnonzero(index.allowed(index.tenant, kind, ()))
        some = np.sort(np.random.default_rng(seed).permutation(live)[:ROWS])
        out[kind] = list(index.items(index.tenant, kind, some))
    return out


def documents(index: Snapshot, seed: int) -> F32:
    """Centred vectors of live items of all kinds (n, dim), at most ROWS of a kind."""
    found = []
    for kind in KINDS:
        live = np.flatnonzero(index.allowed(index.tenant, kind, ()))
        vectors = index.vectors(index.tenant, kind, np.sort(np.random.default_rng(seed).permutation(live)[:ROWS]))
        found.append(vectors[~np.isnan(vectors[:, 0])] if len(vectors) else vectors)
    return np.concatenate(found)
