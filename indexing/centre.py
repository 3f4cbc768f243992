"""Should vectors be centred per language, and by which means? Fitted and checked on the index's own items.

Raw e5 vectors of one language share a large component, so a query finds its own language first. Subtracting a mean
per language and side, then renormalising, removes it. It helps mixed corpora much and some others not: hence `fit`
measures both ways and keeps what is better. Method: all-but-the-mean, Mu and Viswanath 2018, per language.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.language import main_language
from engine.ports import Encoder
from engine.types import F32, I64, Mask

Side: TypeAlias = Literal["document", "query"]
LANGUAGES: Final = ("zh", "en")
_SAMPLE: Final = 300
_TOP: Final = 10
_PRIOR: Final = 20  # a language's own documents outweigh the prior from this many on
_MIXED: Final = 0.05  # a corpus is mixed when the rarer language has this share


@dataclass(frozen=True)
class Means:
    """One mean vector (dim,) per language and side; `on` says whether to use them, `check` what was measured."""

    document: Mapping[str, F32]
    query: Mapping[str, F32]
    on: bool
    check: Mapping[str, float] = field(default_factory=dict)

    def arrays(self) -> dict[str, F32]:
        """{"document.zh": (dim,), ...} to be stored; with `on` and `check` it is all there is."""
        sides = (("document", self.document), ("query", self.query))
        return {f"{side}.{lang}": mean for side, means in sides for lang, mean in means.items()}

    @staticmethod
    def of(arrays: Mapping[str, npt.NDArray[Any]], on: bool, check: Mapping[str, float]) -> "Means":
        """The inverse of `arrays`."""
        document, query = (
            {lang: np.asarray(arrays[f"{side}.{lang}"], np.float32) for lang in LANGUAGES}
            for side in ("document", "query")
        )
        return Means(document, query, on, dict(check))


def apply(vectors: F32, langs: Sequence[str], means: Means, side: Side) -> F32:
    """Raw rows (n, dim) and their languages ("zh" | "en") -> centred unit rows; unchanged when `means.on` is False."""
    return _shift(vectors, langs, means.document if side == "document" else means.query) if means.on else vectors


def centred(vector: F32, lang: str, means: Means) -> F32:
    """The same for one query's vector (dim,)."""
    raw = vector[None, :]
    return unit(raw - means.query[lang], raw)[0] if means.on else vector


@dataclass(frozen=True)
class Asked:
    """Sampled titles as queries: `rows` of their items, raw vectors (n, dim), languages; and the parallel questions."""

    rows: I64
    vectors: F32
    langs: Sequence[str]
    parallel: Mapping[str, F32]  # lang -> (pairs, dim), the same question in the same row


def fit(vectors: F32, langs: Sequence[str], titles: Sequence[str], encoder: Encoder, seed: int = 0) -> Means:
    """Means for these documents (raw, (n, dim)), switched on when the check says that centring helps them.

    langs and titles are parallel to vectors. Query means come from up to 300 sampled titles, asked as queries, pulled
    to those of built-in questions while titles are few. Costs up to 428 short encodings. Deterministic for a seed.
    """
    zh, en = (list(side) for side in zip(*parallel_questions(), strict=True))
    prior = {"zh": encoder.encode(zh, "passage").mean(0), "en": encoder.encode(en, "passage").mean(0)}
    parallel = {"zh": encoder.encode(zh, "query"), "en": encoder.encode(en, "query")}
    rows = _sample(titles, seed)
    words = [titles[row] for row in rows]
    asked = Asked(rows, encoder.encode(words, "query"), [main_language(word) for word in words], parallel)
    document = {lang: _shrunk(vectors[_of(langs, lang)], prior[lang]) for lang in LANGUAGES}
    query = {lang: _shrunk(asked.vectors[_of(asked.langs, lang)], parallel[lang].mean(0)) for lang in LANGUAGES}
    check = decide(vectors, langs, asked, Means(document, query, on=True))
    return Means(document, query, on=check["gain"] > 0, check=check)


def decide(vectors: F32, langs: Sequence[str], asked: Asked, means: Means) -> dict[str, float]:
    """Does centring help? -> figures of both ways, and their `gain` (> 0: yes).

    mrr: the sampled titles must find their own item. agreement (mixed corpora only): the same question in Chinese
    and in English should find the same ten items.
    """
    if not len(asked.rows):
        return {"items": 0.0, "gain": 0.0}
    centred = apply(vectors, langs, means, "document")
    check = {
        "items": float(len(asked.rows)),
        "mrr_raw": _mrr(asked.vectors, vectors, asked.rows),
        "mrr_centred": _mrr(apply(asked.vectors, asked.langs, means, "query"), centred, asked.rows),
    }
    gain = check["mrr_centred"] - check["mrr_raw"]
    share = float(_of(langs, "zh").mean())
    if min(share, 1 - share) >= _MIXED:
        moved = {lang: apply(rows, [lang] * len(rows), means, "query") for lang, rows in asked.parallel.items()}
        check["agreement_raw"] = _agreement(asked.parallel, vectors)
        check["agreement_centred"] = _agreement(moved, centred)
        gain += check["agreement_centred"] - check["agreement_raw"]
    return check | {"gain": gain}


def _of(langs: Sequence[str], lang: str) -> Mask:
    return np.array([one == lang for one in langs], dtype=bool)


def parallel_questions() -> list[list[str]]:
    """[zh, en] of ordinary lifestyle questions."""
    text = (Path(__file__).parent / "centre_queries.toml").read_text(encoding="utf-8")
    pairs: list[list[str]] = tomllib.loads(text)["pairs"]
    return pairs


def questions(encoder: Encoder, means: Means) -> F32:
    """Ordinary questions as the index is asked them: centred unit rows (n, dim), Chinese and English."""
    asked = zip(LANGUAGES, zip(*parallel_questions(), strict=True), strict=True)
    return np.concatenate(
        [apply(encoder.encode(list(texts), "query"), [lang] * len(texts), means, "query") for lang, texts in asked]
    )


def _shrunk(own: F32, prior: F32) -> F32:
    """The mean of a language's documents, pulled to the prior while they are few (one document must not vanish)."""
    mean: F32 = ((own.sum(0) + _PRIOR * prior) / (len(own) + _PRIOR)).astype(np.float32)
    return mean


def _shift(vectors: F32, langs: Sequence[str], means: Mapping[str, F32]) -> F32:
    out = vectors.astype(np.float32, copy=True)
    for lang, mean in means.items():
        out[_of(langs, lang)] -= mean
    return unit(out, vectors)


def unit(shifted: F32, raw: F32) -> F32:
    """Rows of length 1, in place. A text that equals the mean has no direction of its own: it keeps its raw one."""
    lengths = np.linalg.norm(shifted, axis=1, keepdims=True)
    shifted /= np.maximum(lengths, 1e-6)
    own = lengths[:, 0] <= 1e-6
    shifted[own] = raw[own]
    return shifted


def _sample(titles: Sequence[str], seed: int) -> I64:
    rows = np.array([row for row, title in enumerate(titles) if title.strip()], np.int64)
    return np.sort(np.random.default_rng(seed).permutation(rows)[:_SAMPLE])


def _mrr(queries: F32, documents: F32, rows: I64) -> float:
    scores = queries @ documents.T
    own = scores[np.arange(len(rows)), rows]
    return float(np.mean(1.0 / (1 + (scores > own[:, None]).sum(1))))


def _agreement(asked: Mapping[str, F32], documents: F32) -> float:
    top = min(_TOP, len(documents))
    zh, en = (np.argsort(-(asked[lang] @ documents.T), axis=1, kind="stable")[:, :top] for lang in LANGUAGES)
    return float(np.mean([len(set(a) & set(b)) / top for a, b in zip(zh.tolist(), en.tolist(), strict=True)]))
