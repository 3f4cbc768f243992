"""How does a student answer? A mean of table rows, moved into its teacher's space: numpy and sentencepiece alone.

A folder holds table.npy int8 (rows, dim) with scales.npy float32 (rows,), pieces.npy int64 (ids of the first rows),
words.json (what the other rows stand for), means.npy float32 (2, dim: zh, en), sentencepiece.model, and a MANIFEST
(indexing/manifest.py) whose facts are the student's card.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
import numpy as np
import sentencepiece

from engine.errors import ModelError, SnapshotError
from engine.language import main_language
from engine.types import F32
from indexing import manifest
from indexing.arrays import mapped
from indexing.centre import LANGUAGES
from indexing.student.features import Features

TABLE: Final = "table.npy"
SCALES: Final = "scales.npy"
PIECES: Final = "pieces.npy"
WORDS: Final = "words.json"
MEANS: Final = "means.npy"
TOKENS: Final = "sentencepiece.model"


class StudentEncoder:
    """A static encoder of queries in its teacher's raw space: compare with the teacher's passages. Thread-safe.

    A text of unknown parts alone gets the mean of its language. Raises ModelError when a byte of the folder is wrong.
    """

    def __init__(self, folder: Path) -> None:
        try:
            sealed = manifest.verify(folder)
        except SnapshotError as error:
            raise ModelError(f"the student in {folder} cannot be used: {error}") from error
        self.card: Mapping[str, Any] = sealed.facts
        digests = "\0".join(f"{name}:{entry.sha256}" for name, entry in sorted(sealed.files.items()))
        self._fingerprint = hashlib.sha256(digests.encode()).hexdigest()
        self._table = mapped(folder / TABLE)
        self._scales = np.load(folder / SCALES, allow_pickle=False)
        means = np.load(folder / MEANS, allow_pickle=False)
        self._means: dict[str, F32] = dict(zip(LANGUAGES, means, strict=True))
        pieces = np.load(folder / PIECES, allow_pickle=False).tolist()
        words: list[str] = msgspec.json.decode((folder / WORDS).read_bytes())
        tokens = sentencepiece.SentencePieceProcessor(model_file=str(folder / TOKENS))
        rows = {word: row for row, word in enumerate(words, len(pieces))}
        self.features = Features(tokens, {piece: row for row, piece in enumerate(pieces)}, rows)
        self._spread = np.float32(self.card["spread"])

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all files."""
        return self._fingerprint

    @property
    def teacher(self) -> str:
        """The fingerprint of the encoder whose passages its queries are compared with."""
        return str(self.card["teacher"])

    @property
    def dim(self) -> int:
        return int(self._table.shape[1])

    def encode(self, texts: Sequence[str], role: Literal["query", "passage"]) -> F32:
        """-> (len(texts), dim) float32 unit rows. `role` changes nothing: only queries were learnt."""
        out = np.empty((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            out[row] = self._means[main_language(text)] + self._spread * self._direction(text)
            length = np.sqrt(out[row] @ out[row])
            if length < 1e-6:  # nothing known, and no mean either
                out[row], length = 1.0, np.sqrt(np.float32(self.dim))
            out[row] /= length
        return out

    def _direction(self, text: str) -> F32:
        """Where a text lies from the mean of its language: a unit vector, or zeros for a text of unknown parts."""
        rows = np.array(self.features.rows(text), np.int64)
        total: F32 = self._scales[rows] @ self._table[rows].astype(np.float32)
        length = np.sqrt(total @ total)
        return total / length if length > 1e-6 else total
