"""How is a student trained? A sentence-transformers StaticEmbedding whose sums point where the teacher's vectors do.

Targets are the teacher's query vectors less the mean of their language: what remains tells texts apart. A lesson that
can be said in both languages aims between its own vector and its twin's, so that both languages meet. The only module
of the student that imports torch.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer, models

from engine.language import main_language
from engine.ports import Encoder
from engine.types import F32
from indexing.student.features import Features, tidy, words
from indexing.student.lessons import Lesson

#: A word or pair of words gets a row of its own from so many lessons on.
SEEN: Final = 3
#: How far an English lesson's target is drawn towards that of its Chinese twin, and the other way round.
MEET: Final = {"en": 0.5, "zh": 0.0}
#: Weight of a piece before training: rare ones tell more (smooth inverse frequency, Arora et al. 2017).
_SMOOTH: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Course:
    """How to train. `pieces`: so many of the commonest pieces get a row although no lesson has them."""

    seed: int = 7
    epochs: int = 8
    batch: int = 1024
    rate: float = 0.01
    pieces: int = 8_000


@dataclass(frozen=True)
class Trained:
    """A table (rows, dim) float32; what its rows stand for: first piece ids, then words; the length of a deviation."""

    table: F32
    pieces: list[int]
    words: list[str]
    means: dict[str, F32]
    spread: float
    losses: list[float]


def train(lessons: Sequence[Lesson], tokens: Any, teacher: Encoder, means: dict[str, F32], course: Course) -> Trained:
    """`tokens`: the teacher's SentencePiece; `means`: language -> the mean of its queries' vectors (dim,).

    Deterministic for the same lessons and course on the same machine (one thread of torch).
    """
    target, spread = _targets(lessons, teacher, means)
    ids, names = _vocabulary([tidy(lesson.text) for lesson in lessons], tokens, course)
    table = np.zeros((len(ids) + len(names), teacher.dim), np.float32)
    table[: len(ids)] = _untrained(ids, tokens, teacher, means)
    rows = {name: row for row, name in enumerate(names, len(ids))}
    features = Features(tokens, {piece: row for row, piece in enumerate(ids)}, rows)
    parts = [features.rows(lesson.text) for lesson in lessons]
    learnt, losses = _fit(table, parts, target, course)
    used = np.unique(np.concatenate([np.array(part, np.int64) for part in parts]))
    _rescale(learnt, table, used, len(ids))
    return Trained(learnt, ids, names, means, spread, losses)


def _targets(lessons: Sequence[Lesson], teacher: Encoder, means: dict[str, F32]) -> tuple[F32, float]:
    """Unit directions (lessons, dim), and the mean length of what was left of a vector without its mean."""
    own = deviations([lesson.text for lesson in lessons], teacher, means)
    spread = float(np.linalg.norm(own, axis=1).mean())
    own = unit(own)
    at = [n for n, lesson in enumerate(lessons) if lesson.twin]
    twins = unit(deviations([lessons[n].twin or "" for n in at], teacher, means))
    pull = np.array([MEET[lessons[n].lang] for n in at], np.float32)[:, None]
    own[at] = unit((1 - pull) * own[at] + pull * twins)
    return own, spread


def deviations(texts: Sequence[str], encoder: Encoder, means: dict[str, F32]) -> F32:
    """Query vectors less the mean of their languages (texts, dim)."""
    shift = np.array([means[main_language(text)] for text in texts], np.float32).reshape(len(texts), encoder.dim)
    return encoder.encode(texts, "query") - shift


def unit(rows: F32) -> F32:
    """Rows of length 1; zeros stay."""
    out: F32 = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return out


def _vocabulary(texts: Sequence[str], tokens: Any, course: Course) -> tuple[list[int], list[str]]:
    """Pieces of the lessons and the commonest others; words and pairs that several lessons have."""
    read = Features(tokens, {}, {})
    seen = {piece for text in texts for piece in read.pieces(text)}
    common = sorted(range(tokens.vocab_size()), key=lambda piece: -tokens.get_score(piece))
    plain = [piece for piece in common if not (tokens.is_control(piece) or tokens.is_unknown(piece))]
    counts = Counter(word for text in texts for word in set(words(text)))
    return sorted(seen | set(plain[: course.pieces])), sorted(w for w, count in counts.items() if count >= SEEN)


def _untrained(ids: Sequence[int], tokens: Any, teacher: Encoder, means: dict[str, F32]) -> F32:
    """Each piece alone as the teacher reads it, weighted by how rare it is."""
    texts = [tokens.id_to_piece(piece).replace("\u2581", " ").strip() for piece in ids]
    rarity = np.array([_SMOOTH / (_SMOOTH + np.exp(tokens.get_score(piece))) for piece in ids], np.float32)
    return unit(deviations(texts, teacher, means)) * rarity[:, None]


def _fit(table: F32, parts: Sequence[Sequence[int]], target: F32, course: Course) -> tuple[F32, list[float]]:
    """Rows moved by Adam until the mean of a lesson's rows points at its target; -> the table, the loss by epoch."""
    torch.manual_seed(course.seed)
    rng, threads = np.random.default_rng(course.seed), torch.get_num_threads()
    torch.set_num_threads(1)
    vocabulary = {str(row): row for row in range(len(table))}
    model = StaticEmbedding(Tokenizer(models.WordLevel(vocabulary, unk_token="0")), embedding_weights=table.copy())
    usable = np.array([n for n, part in enumerate(parts) if part])
    aims, losses = torch.from_numpy(target), list[float]()
    optimizer = torch.optim.Adam(model.parameters(), lr=course.rate)
    steps = course.epochs * -(-len(usable) // course.batch)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, steps)
    for _ in range(course.epochs):
        order, total = rng.permutation(usable), 0.0
        for start in range(0, len(order), course.batch):
            chosen = order[start : start + course.batch]
            found = model(_batch([parts[n] for n in chosen]))["sentence_embedding"]
            loss = (1 - torch.nn.functional.cosine_similarity(found, aims[chosen])).mean()
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            schedule.step()
            total += loss.item() * len(chosen)
        losses.append(total / len(order))
    torch.set_num_threads(threads)
    return model.embedding.weight.detach().numpy().copy(), losses


def _batch(parts: Sequence[Sequence[int]]) -> dict[str, Any]:
    flat = torch.tensor([row for part in parts for row in part])
    offsets = torch.tensor(np.cumsum([0, *(len(part) for part in parts[:-1])]))
    return {"input_ids": flat, "offsets": offsets}


def _rescale(learnt: F32, before: F32, used: Any, pieces: int) -> None:
    """Training lengthens rows: pieces that no lesson had are brought to the same scale, in place."""
    seen = np.zeros(len(learnt), bool)
    seen[used] = True
    known = np.flatnonzero(seen[:pieces])
    if len(known):
        ratio = np.median(
            np.linalg.norm(learnt[known], axis=1) / np.maximum(np.linalg.norm(before[known], axis=1), 1e-9)
        )
        learnt[:pieces][~seen[:pieces]] = before[:pieces][~seen[:pieces]] * np.float32(ratio)
