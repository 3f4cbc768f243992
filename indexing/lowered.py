"""Which sentences hold a word? All of them are read at once, as one run of bytes in machine code."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.types import I64, Mask
from indexing.tokens import stem

#: Of a word with more places the rest is not looked at: it tells no sentence from another.
MOST: Final = 5_000
#: A byte of a character beyond Latin and its marks.
_FOREIGN: Final = 0xE3
_WORD: Final = re.compile(rb"[a-z0-9]+")


@dataclass(frozen=True)
class Said:
    """Sentences, each different text of them once: `texts`; `of` int64: the text of each sentence; `first` int64: a
    sentence that has the text; `lowered`: the texts to be searched."""

    texts: pa.Array
    of: I64
    first: I64
    lowered: "Lowered"

    @staticmethod
    def once(sentences: pa.Array) -> "Said":
        """An Arrow array of strings without nulls."""
        found = sentences.dictionary_encode()
        of = found.indices.to_numpy().astype(np.int64)
        first = np.zeros(len(found.dictionary), np.int64)
        first[of[::-1]] = np.arange(len(of))[::-1]
        return Said(found.dictionary, of, first, Lowered.of(found.dictionary))


@dataclass(frozen=True)
class Lowered:
    """Texts in lower case, one behind the other: text t is data[ends[t]:ends[t + 1]], in UTF-8, with a line end."""

    data: bytes
    ends: I64

    @staticmethod
    def of(texts: pa.Array) -> "Lowered":
        """An Arrow array of strings without nulls."""
        nothing, end = (pa.scalar(text, pa.large_string()) for text in ("", "\n"))
        ended = pc.binary_join_element_wise(pc.utf8_lower(texts.cast(pa.large_string())), nothing, end)
        _, ends, data = ended.buffers()
        at = np.frombuffer(ends, np.int64)[ended.offset : ended.offset + len(ended) + 1]
        return Lowered(data.to_pybytes() if data is not None else b"", at)

    def take(self, texts: I64) -> "Lowered":
        """Some of the texts (numbers)."""
        spans = zip(self.ends[texts].tolist(), self.ends[texts + 1].tolist(), strict=True)
        parts = [self.data[begin:end] for begin, end in spans]
        return Lowered(b"".join(parts), np.cumsum([0, *map(len, parts)], dtype=np.int64))

    def __len__(self) -> int:
        return len(self.ends) - 1

    @cached_property
    def han(self) -> Mask:
        """bool[texts]: is it Chinese, by the share of its bytes?"""
        foreign = np.concatenate([[0], np.cumsum(np.frombuffer(self.data, np.uint8) >= _FOREIGN)])
        return np.asarray(4 * (foreign[self.ends[1:]] - foreign[self.ends[:-1]]) > np.diff(self.ends))

    def holding(self, word: str) -> Mask:
        """bool[texts]. Of a Latin word any form with the same stem counts ("trains" for "train"; "strain" not)."""
        if not word.isascii():
            places = self._all(word.encode())
        else:
            places = self._forms(word) if word.isalpha() else self._begun(word.removesuffix("s"))
        found = np.zeros(len(self), bool)
        found[np.searchsorted(self.ends, places, side="right") - 1] = True
        return found

    def _forms(self, word: str) -> list[int]:
        """Where a word begins that has the stem of this one."""
        stems = stem(word) or (word,)
        return [at for at in self._begun(word[: _shortest(word)]) if _form(self.data, at) == stems]

    def _begun(self, words: str) -> list[int]:
        """Where some words begin, the last one in whatever form."""
        return [at for at in self._all(words.encode()) if not self.data[max(0, at - 1) : at].isalnum()]

    def _all(self, part: bytes) -> list[int]:
        find, size, out = self.data.find, len(part), list[int]()
        at = find(part) if part else -1
        while at >= 0 and len(out) < MOST:
            out.append(at)
            at = find(part, at + size)
        return out


def _form(data: bytes, at: int) -> tuple[str, ...]:
    """The stem of the word at a place."""
    match = _WORD.match(data, at)
    return stem(match[0].decode()) if match else ()


def _shortest(word: str) -> int:
    """How many letters the forms of an English word have in common with it ("library": "librar")."""
    same, stems = 0, "".join(stem(word)) or word
    while same < min(len(word), len(stems)) and word[same] == stems[same]:
        same += 1
    return max(1, same - (stems[same - 1 : same] in ("y", "i") and same > 3))
