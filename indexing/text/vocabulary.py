"""Which words does an index hold, and which of them did somebody mean who wrote none of them?

Near words: one slip in four letters, two in eight, the first letter right; Chinese words that sound like letters or
like other characters. The work is bounded by the length of a word, not by the number of words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

from engine.suggest.find import ONE_SLIP, TWO_SLIPS, variants
from engine.types import I64
from engine.understand.pinyin import readings
from engine.understand.sounds import is_han
from indexing.arrays import mapped, save
from indexing.tokens import stems

#: UTF-8 bytes of a word that count: eight Han characters.
BYTES: Final = 24
#: Near words of one word at most; words measured one by one for two slips.
NEAR, MEASURED = 4, 2000
#: Letters that a stem may lack.
ENDING: Final = 4
_FILES: Final = ("terms", "numbers", "sounds", "spoken")
Bytes = npt.NDArray[np.bytes_]


@dataclass(frozen=True)
class Vocabulary:
    """Sorted words and sorted sounds, parallel to their numbers. Immutable, memory-mapped where it is on disk."""

    terms: Bytes  # S24, sorted
    numbers: I64  # of terms
    sounds: Bytes  # S24, sorted: pinyin of the Chinese words of two characters or more
    spoken: I64  # place in `terms` of each sound

    @staticmethod
    def of(numbers: Mapping[str, int]) -> "Vocabulary":
        """`numbers`: word (see `cut`) -> its number."""
        words = np.array([word.encode() for word in numbers], f"S{BYTES}")
        order = np.argsort(words, kind="stable")
        terms = words[order]
        read = readings().read
        said = [("".join(read(w)), w) for w in numbers if len(w) > 1 and all(map(is_han, w))]
        sounds = np.array([sound.encode()[:BYTES] for sound, _ in said], f"S{BYTES}")
        spoken = np.searchsorted(terms, np.array([word.encode() for _, word in said], f"S{BYTES}"))
        by_sound = np.argsort(sounds, kind="stable")
        known = np.fromiter(numbers.values(), np.int64, len(numbers))
        return Vocabulary(terms, known[order], sounds[by_sound], spoken[by_sound].astype(np.int64))

    @staticmethod
    def open(folder: Path) -> "Vocabulary":
        """As it was saved."""
        return Vocabulary(*(mapped(folder / f"{name}.npy") for name in _FILES))

    def save(self, folder: Path) -> None:
        """Write the files that `open` reads."""
        save({name: getattr(self, name) for name in _FILES}, folder)

    def find(self, words: Iterable[str]) -> I64:
        """The number of each word; -1 where the index does not hold it."""
        wanted = np.array([word.encode() for word in words], f"S{BYTES}")
        if not len(wanted) or not len(self.terms):
            return np.full(len(wanted), -1, np.int64)
        at = np.minimum(np.searchsorted(self.terms, wanted), len(self.terms) - 1)
        return np.where(self.terms[at] == wanted, self.numbers[at], -1)

    def word(self, at: int) -> str:
        """The word at a place in `terms`."""
        return bytes(self.terms[at]).decode("utf-8", "ignore")

    def misspelt(self, word: str) -> list[int]:
        """Places of the words that a folded Latin word with a slip may stand for."""
        if len(word) < ONE_SLIP or len(word) > BYTES - 2 or not (word.isascii() and word.isalpha()):
            return []
        places = self._among(sorted(stem.encode() for stem in stems(variants(word))))
        return places or (self._two_slips(word) if len(word) >= TWO_SLIPS else [])

    def sounding(self, sounds: Sequence[str]) -> list[Sequence[int]]:
        """For each sound the places of the Chinese words that sound just so."""
        wanted = np.array([sound.encode() for sound in sounds], f"S{BYTES}")
        starts, stops = (self.sounds.searchsorted(wanted, side).tolist() for side in ("left", "right"))
        places = zip(starts, stops, strict=True)
        return [self.spoken[start:stop].tolist() if start < stop else () for start, stop in places]

    def _among(self, words: list[bytes]) -> list[int]:
        wanted = np.array(words, f"S{BYTES}")
        at = np.searchsorted(self.terms, wanted)
        inside = at < len(self.terms)
        found: list[int] = at[inside][self.terms[at[inside]] == wanted[inside]].tolist()
        return found

    def _two_slips(self, word: str) -> list[int]:
        head = word[: len(word) // 2].encode()
        start, stop = np.searchsorted(self.terms, np.array([head, head + b"\xff"], f"S{BYTES}"))
        places = range(int(start), min(int(stop), int(start) + MEASURED))
        return [at for at in places if _near(word, self.word(at))]


def _near(word: str, stem: str) -> bool:
    """Has the word at most two slips, beside an ending that the stem lacks?"""
    return 0 <= len(word) - len(stem) + 2 <= 2 + ENDING and OSA.distance(word[: len(stem)], stem, score_cutoff=2) <= 2


def cut(word: str) -> str:
    """A word as the index keeps it: not longer than BYTES."""
    if len(word) <= BYTES // 3:
        return word
    plain = word.encode()
    return word if len(plain) <= BYTES else plain[:BYTES].decode("utf-8", "ignore")
