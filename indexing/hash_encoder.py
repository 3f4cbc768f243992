"""Which encoder needs no model? Hashed words and character bigrams: cheap, deterministic, for tests and dry runs."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from engine.types import F32

_WORD = re.compile(r"[a-z0-9]+|[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SLOTS = 4  # each feature is spread over so many dimensions: fewer false neighbours than with one


class HashEncoder:
    """Texts that share words or character bigrams are near; nothing is understood. Queries equal passages."""

    def __init__(self, dim: int = 64) -> None:
        self._dim = dim

    @property
    def fingerprint(self) -> str:
        """Names the method and the dimension: there are no weights."""
        return f"hash-1-{self._dim}"

    @property
    def dim(self) -> int:
        return self._dim

    def encode(self, texts: Sequence[str], role: Literal["query", "passage"]) -> F32:
        """-> (len(texts), dim) float32 unit rows; `role` changes nothing."""
        out = np.zeros((len(texts), self._dim), np.float32)
        for row, text in enumerate(texts):
            for feature in _features(text):
                self._add(out[row], feature)
            if not out[row].any():
                out[row, 0] = 1.0
            out[row] /= np.linalg.norm(out[row])
        return out

    def _add(self, row: F32, feature: str) -> None:
        digest = hashlib.blake2b(feature.encode("utf-8", "replace"), digest_size=4 * _SLOTS).digest()
        for word in np.frombuffer(digest, "<u4").tolist():
            row[(word >> 1) % self._dim] += 1.0 if word & 1 else -1.0


def _features(text: str) -> Iterator[str]:
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).lower()):
        if _HAN.search(word):
            yield from word
            yield from (word[i : i + 2] for i in range(len(word) - 1))
        else:
            yield word
