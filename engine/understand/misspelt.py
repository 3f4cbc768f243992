"""Which word was meant by letters that are none? Known words, joined words, and the nearest by edits."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import count
from math import log
from typing import Any, Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from engine.understand.compiled import table
from engine.understand.gazetteer import gazetteer
from engine.understand.landmarks import landmarks
from engine.understand.lexicon import canonical, load
from engine.understand.sounds import is_han

#: Letters from which one edit, and from which two, still leave a word recognisable.
ONE_EDIT, TWO_EDITS = 5, 8
#: English words that are common enough to be what somebody meant, or a part of what they joined.
MEANT, PARTS = 30_000, 6_000
_SHORT: Final = frozenset(
    {"a", "an", "and", "at", "by", "for", "in", "me", "my", "near", "of", "on", "the", "to", "with"}
)


@lru_cache(maxsize=1)
def english() -> Mapping[str, int]:
    """English words -> their rank by frequency, 0 the commonest (82,834 words; the list that symspellpy brings)."""
    listed = (files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    return dict(zip(listed.split()[::2], count(), strict=False))  # each line is a word and how often it is used


def compile_vocabulary(surfaces: Iterable[str], names: Iterable[str]) -> dict[str, Any]:
    """The tables of Vocabulary, as JSON values.

    `surfaces`: what may be meant (folded; of several words too); `names`: what is known but never guessed.
    """
    whole = list(dict.fromkeys(surfaces))
    own = sorted({word for surface in whole for word in surface.split() if word.isalpha()})
    spaced = {s.replace(" ", "").replace("'", ""): s for s in whole if " " in s or "'" in s}
    common = [word for word, rank in english().items() if rank < MEANT]
    pool = sorted(dict.fromkeys([*own, *spaced, *common]), key=len)
    parts = [word for word in (*own, *common[:PARTS]) if len(word) > 2]
    return {
        "whole": whole,
        "own": own,
        "known": sorted({w for name in names for w in name.replace("-", " ").split()}.union(own)),
        "spaced": spaced,
        "pool": pool,
        "letters": list(map(_letters, pool)),
        "costs": {word: _cost(word) for word in parts} | {word: _cost(word) * 2 - 6 for word in sorted(_SHORT)},
    }


class Vocabulary:
    """The Latin words of the lexicon and the maps, beside the English ones. Immutable."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        """`tables`: what compile_vocabulary gives."""
        self._whole, self._own = (frozenset(tables[name]) for name in ("whole", "own"))
        self._known = frozenset((*tables["known"], *english()))
        self._spaced: Mapping[str, str] = tables["spaced"]
        self._pool: Sequence[str] = tables["pool"]
        self._letters = np.array(tables["letters"], np.uint32)
        lengths = np.array([len(word) for word in self._pool])
        self._longer = np.searchsorted(lengths, range(lengths[-1] + 2))  # length -> where words of it begin
        self._costs: Mapping[str, float] = tables["costs"]

    def known(self, word: str) -> bool:
        """Is it a word of the lexicon, of the maps or of English?"""
        return word in self._known

    def knows(self, words: Iterable[str]) -> bool:
        """Are all of them known?"""
        return self._known.issuperset(words)

    def meant(self, word: str) -> str | None:
        """The words that an unknown one stands for: joined ones ("coffeeshop"), then the nearest; None when unsure."""
        return self._spaced.get(word) or self._apart(word) or self._nearest(word)

    def _apart(self, word: str) -> str | None:
        """Words written as one, with one of the lexicon among them: the likeliest cut."""
        best: list[tuple[float, list[str]] | None] = [(0.0, []), *[None] * len(word)]
        for end in range(2, len(word) + 1):
            for start in range(max(0, end - 16), end - 1):
                before, cost = best[start], self._costs.get(word[start:end])
                if before and cost is not None and ((now := best[end]) is None or before[0] + cost < now[0]):
                    best[end] = (before[0] + cost, [*before[1], word[start:end]])
        parts = best[-1][1] if best[-1] else []
        if len(parts) < 2 or not any(p in self._whole and len(p) > 3 for p in parts):
            return None
        return " ".join(parts)

    def _nearest(self, word: str) -> str | None:
        """A word of the lexicon by one edit (from 8 letters on: two) when no English word is nearer."""
        most = 2 if len(word) >= TWO_EDITS else 1 if len(word) >= ONE_EDIT else 0
        if not most:
            return None
        near = process.extract(word, self._alike(word, most), scorer=OSA.distance, score_cutoff=most, limit=8)
        ranked = sorted((d, w[0] != word[0], not self._ours(w), english().get(w, MEANT), w) for w, d, _ in near)
        if not ranked or ranked[0][1] or ranked[0][2]:
            return None
        return self._spaced.get(ranked[0][-1], ranked[0][-1])

    def _alike(self, word: str, most: int) -> list[str]:
        """All that `most` edits may reach, and few others: an edit changes the length by one, the letters by two."""
        last = len(self._longer) - 1
        begin, end = (self._longer[min(max(0, size), last)] for size in (len(word) - most, len(word) + most + 1))
        changed = np.bitwise_count(self._letters[begin:end] ^ np.uint32(_letters(word)))
        return [self._pool[at] for at in np.flatnonzero(changed <= 2 * most) + begin]

    def _ours(self, word: str) -> bool:
        return word in self._own or word in self._spaced


def _letters(word: str) -> int:
    """The letters a-z of a word, a bit each; every other character shares one more."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) - 97 if "a" <= letter <= "z" else 26)
    return bits


def _cost(word: str) -> float:
    """How unlikely a word is as a part of joined ones."""
    return 6.0 + log(2 + english().get(word, len(english()))) / 2


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary of this installation (compiling takes a tenth of a second, once)."""
    return Vocabulary(table("vocabulary", _compiled))


def _compiled() -> dict[str, Any]:
    entries = [e for e in load().entries.values() if e.slot != "shadow"]
    surfaces = (canonical(word) for e in entries for word in (*e.zh, *e.en, *e.no))
    regions = (canonical(word) for r in gazetteer().best_known.values() for word in (r.en, *r.names))
    hidden = (canonical(word) for e in load().entries.values() for word in (*e.en, *e.told, *e.told_no, *e.no))
    names = (n for n in (*regions, *landmarks().points, *hidden) if not any(map(is_han, n)))
    return compile_vocabulary((s for s in surfaces if s and not any(map(is_han, s))), names)
