"""Which sentences of notes mean the same as a few words that no lexicon knows? A small vector for each sentence.

<folder>/voices/codes.npy   int8[distinct, dim]: the vector, centred by the mean of its language, over its own scale
<folder>/voices/scales.npy  float32[distinct]     which.npy  int32[sentences]: the vector of each sentence, -1: none yet
<folder>/voices/means.npy   float32[2, dim]: the means that were taken off, Chinese and English

dim + 4 bytes for each distinct sentence, and 4 for every sentence: 392 at 384 dimensions. Sentences that differ in
marks alone share a vector. A cosine of codes is within 0.01 of that of the vectors.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import CorruptSnapshot
from engine.language import main_language
from engine.ports import Encoder
from engine.types import F32, I64
from engine.understand.fold import fold
from indexing.arrays import mapped, save
from indexing.centre import LANGUAGES, unit

Progress: TypeAlias = Callable[[str, int, int], None]

_FOLDER: Final = "voices"
_FILES: Final = ("codes", "scales", "which", "means")
#: A language's own mean is believed from about so many sentences on; fewer are pulled to the mean of all.
_PRIOR: Final = 20
_MARKS: Final = re.compile(r"[\W_]+")
_BATCH: Final = 256
#: So many vectors are kept as float32, too, from the first question on: 25 MB at 384 dimensions.
WIDE: Final = 16_384


@dataclass(frozen=True)
class Voices:
    """The vectors of the sentences of one segment, parallel to its table of sentences by `which`."""

    codes: npt.NDArray[np.int8]
    scales: F32
    which: npt.NDArray[np.int32]
    means: F32

    @staticmethod
    def nothing(sentences: int = 0) -> "Voices":
        """No sentence has a vector."""
        return Voices(
            np.zeros((0, 0), np.int8), np.zeros(0, np.float32), np.full(sentences, -1, np.int32), np.zeros((0, 0), "f4")
        )

    @staticmethod
    def of(texts: Sequence[str], raw: Mapping[str, F32], means: F32) -> "Voices":
        """`raw`: the encoder's vectors by `plain` text, of some of the sentences; `means`: see `means_of`."""
        names = {name: number for number, name in enumerate(raw)}
        which = np.array([names.get(plain(text), -1) for text in texts], np.int32)
        if not names:
            return Voices.nothing(len(texts))
        langs = [main_language(name) for name in names]
        vectors = centred(np.stack(list(raw.values())), langs, means)
        scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9).astype(np.float32) / np.float32(127)
        return Voices(np.rint(vectors / scales[:, None]).astype(np.int8), scales, which, means)

    def __len__(self) -> int:
        return len(self.scales)

    @property
    def bytes_each(self) -> float:
        """Bytes on disk for one sentence, its share of distinct vectors counted."""
        size = self.codes.nbytes + self.scales.nbytes + self.which.nbytes
        return round(size / max(1, len(self.which)), 1)

    def scores(self, vector: F32, sentences: I64) -> F32:
        """Cosines of some sentences (rows) to a centred unit vector (dim,), parallel to them; NaN: no vector yet."""
        which = self.which[sentences]
        out = np.full(len(which), np.nan, np.float32)
        there = which >= 0
        if there.any():
            each, inverse = np.unique(which[there], return_inverse=True)
            out[there] = self._dots(vector, each)[inverse]
        return out

    def each(self, vector: F32) -> F32:
        """The same of every distinct vector."""
        return self._dots(vector, slice(None))

    def spread(self, each: F32, sentences: I64) -> F32:
        """What `each` gave -> of some sentences (rows); NaN: no vector yet."""
        which = self.which[sentences]
        return np.where(which >= 0, each[which], np.float32(np.nan))

    def _dots(self, vector: F32, each: npt.NDArray[np.signedinteger[Any]] | slice) -> F32:
        codes = (
            self._wide if isinstance(each, slice) and self._wide is not None else self.codes[each].astype(np.float32)
        )
        found: F32 = (codes @ vector) * self.scales[each]
        return found

    @cached_property
    def _wide(self) -> F32 | None:
        """The codes as products want them, where that takes little memory."""
        return self.codes.astype(np.float32) if len(self.codes) <= WIDE else None

    def save(self, folder: Path) -> None:
        """Plain writes: who publishes makes them durable. Nothing is written when there are no vectors."""
        if len(self):
            save({name: getattr(self, name) for name in _FILES}, folder / _FOLDER)

    @staticmethod
    def open(folder: Path, sentences: int) -> "Voices":
        """As saved, memory-mapped; `nothing` where there is no such folder. Raises CorruptSnapshot."""
        if not (folder / _FOLDER).exists():
            return Voices.nothing(sentences)
        arrays: dict[str, Any] = {}
        for name in _FILES:
            path = folder / _FOLDER / f"{name}.npy"
            try:
                arrays[name] = mapped(path)
            except (OSError, ValueError) as error:
                raise CorruptSnapshot(f"{path}: {error}") from None
        made = Voices(**arrays)
        if len(made.which) != sentences or len(made.codes) != len(made.scales):
            raise CorruptSnapshot(f"{folder / _FOLDER}: holds {len(made.which)} sentences, not {sentences}")
        return made


def plain(text: str) -> str:
    """A sentence without its marks and pictographs: equal for sentences that share a vector."""
    return _MARKS.sub(" ", fold(text).text).strip()


def encoded(texts: Iterable[str], encoder: Encoder, progress: Progress | None = None) -> dict[str, F32]:
    """`plain` text -> raw vector, of every distinct sentence."""
    first = distinct(texts)
    names, out = list(first), dict[str, F32]()
    for start in range(0, len(names), _BATCH):
        batch = names[start : start + _BATCH]
        out.update(zip(batch, encoder.encode([first[name] for name in batch], "passage"), strict=True))
        if progress:
            progress("embed sentence", len(out), len(names))
    return out


def distinct(texts: Iterable[str]) -> dict[str, str]:
    """`plain` text -> the first sentence that has it."""
    found: dict[str, str] = {}
    for text in texts:
        if name := plain(text):
            found.setdefault(name, text)
    return found


def means_of(raw: Mapping[str, F32]) -> F32:
    """(2, dim): the mean of the Chinese and of the English sentences."""
    vectors, langs = np.stack(list(raw.values())), np.array([main_language(name) for name in raw])
    whole = vectors.mean(axis=0)
    sums = [(vectors[langs == lang].sum(0), int((langs == lang).sum())) for lang in LANGUAGES]
    return np.stack([(total + _PRIOR * whole) / (count + _PRIOR) for total, count in sums]).astype(np.float32)


def centred(vectors: F32, langs: Sequence[str], means: F32) -> F32:
    """Raw rows (n, dim) -> unit rows without the mean (rows of `means`) of their language."""
    at = np.array([LANGUAGES.index("en" if lang == "en" else "zh") for lang in langs])
    return unit(vectors - means[at], vectors)
