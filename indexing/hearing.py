"""How sure does a sentence speak of a phrase, by its words, by their names in the other language, and by its vector?

Thresholds were set on benchmarks/quality/open_development.toml (`python -m benchmarks.quality.open_calibration`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final, NamedTuple

import numpy as np

from engine.types import F32, F64, I64, Heard, Mask
from indexing.lowered import Lowered
from indexing.phrase import Phrase
from indexing.tokens import HAN

#: What the head of a compound, and a doubtful name, are worth of the whole.
HEAD, PERHAPS = 0.5, 0.5


class Level(NamedTuple):
    """Centred cosines from which on something counts, and by how much more until it counts in full."""

    at: float
    by: float

    def of(self, near: F32) -> F64:
        """-> [0, 1]."""
        return np.asarray(np.clip((near - self.at) / self.by, 0, 1), np.float64)


@dataclass(frozen=True)
class Levels:
    """Of sentences in one language asked for in one. alone: the vector says it; partly: beside some of the words;
    doing: beside all words but those for doing; named, perhaps: beside sure names of all, or doubtful ones."""

    alone: Level
    partly: Level
    doing: Level
    named: Level
    perhaps: Level


_NEVER: Final = Level(9.0, 1.0)
#: Cosines lie closer together in English, and across languages.
CHINESE: Final = Levels(Level(0.42, 0.12), Level(0.28, 0.15), Level(0.33, 0.08), _NEVER, Level(0.25, 0.10))
ENGLISH: Final = Levels(Level(0.36, 0.12), Level(0.25, 0.15), Level(0.27, 0.08), _NEVER, Level(0.18, 0.10))
ACROSS: Final = Levels(Level(0.31, 0.12), Level(0.26, 0.12), Level(0.25, 0.10), Level(-0.05, 0.10), Level(0.12, 0.10))
_LEAST_ALONE: Final = min(levels.alone.at for levels in (CHINESE, ENGLISH, ACROSS))
#: How sure a vector alone is, and names of all words; and without vectors words without those for doing, and names.
ALONE, NAMED, BARE, BARELY = 0.8, 0.85, 0.5, 0.4


@dataclass(frozen=True)
class Worded:
    """Which of a phrase's words some sentences have: own, head, named, perhaps bool[sentences, words]; done: those for
    doing; han: is the sentence Chinese? bool[sentences]."""

    own: Mask
    head: Mask
    named: Mask
    perhaps: Mask
    done: Mask
    han: Mask

    @staticmethod
    def of(phrase: Phrase, sentences: Lowered, lacks: Callable[[str], bool]) -> "Worded":
        """`lacks`: is it sure that no sentence holds a word?"""

        def holding(word: str) -> Mask:
            return np.zeros(len(sentences), bool) if lacks(word) else sentences.holding(word)

        def named(words: Sequence[str]) -> Mask:
            return reduce(or_, map(holding, words), np.zeros(len(sentences), bool))

        own = _table([holding(word) for word in phrase.words], len(sentences))
        heads = [holding(w[1:]) if len(w) > 1 and w[0] >= HAN else own[:, at] for at, w in enumerate(phrase.words)]
        sure = _table([named(names.sure) for names in phrase.names], len(sentences))
        perhaps = _table([named(names.perhaps) for names in phrase.names], len(sentences))
        done, known = np.zeros(len(sentences), bool), np.flatnonzero(np.all(own | sure | perhaps, axis=1))
        done[known] = _done(phrase, sentences.take(known))
        return Worded(own, _table(heads, len(sentences)), sure, perhaps, done, sentences.han)

    def take(self, rows: I64) -> "Worded":
        """The same of some of the sentences."""
        return Worded(*(column[rows] for column in vars(self).values()))

    @property
    def whole(self) -> Mask:
        """Has it all the words, or their sure names?"""
        return np.asarray(np.all(self.own | self.named, axis=1))


def sure(worded: Worded, near: F32, heard: Heard | None, usual: float) -> F64:
    """How sure each sentence speaks of the phrase, in [0, 1]. near: cosines to its vector, NaN where there is none;
    usual: cosines below it are chance, where no words help."""
    if heard is None or not np.isfinite(near).any():
        own = np.all(worded.own, axis=1)
        return np.where(own, np.where(worded.done, 1.0, BARE), np.where(worded.whole & ~own, BARELY, 0.0))
    near, covered = np.nan_to_num(near, nan=-1), _covered(worded)
    some = np.flatnonzero((covered > 0) | (near >= _LEAST_ALONE))  # the others say nothing of it
    out = np.zeros(len(near))
    out[some] = _by_level(worded.take(some), near[some], covered[some], heard.lang, usual)
    return out


def _by_level(worded: Worded, near: F32, covered: F64, lang: str, usual: float) -> F64:
    """The same by words and vectors. `covered`: what share of the phrase each sentence has."""
    own = np.all(worded.own, axis=1)
    named = worded.whole & ~own
    perhaps = np.all(worded.own | worded.named | worded.perhaps, axis=1) & ~own & ~named
    level = _Near(near, worded.han == (lang == "zh"), lang)
    doing = np.where(worded.done, 1.0, level.of("doing"))
    by_name = np.where(named, level.of("named"), np.where(perhaps, level.of("perhaps"), 0.0))
    part = covered * level.of("partly") * (~(named | perhaps) & (~level.same | (near >= usual)))
    alone = ALONE * level.of("alone") * (near >= usual)
    best = [np.where(own, doing, part), NAMED * np.minimum(by_name, doing), alone]
    return np.asarray(np.max(best, axis=0), np.float64)


def _table(rows: list[Mask], count: int) -> Mask:
    """bool[sentences, words]"""
    return np.stack(rows, axis=1) if rows else np.ones((count, 0), bool)


def _done(phrase: Phrase, sentences: Lowered) -> Mask:
    """bool[sentences]: has it all words for doing, or a name of one?"""
    own = np.all(_table([sentences.holding(word) for word in phrase.doing], len(sentences)), axis=1)
    return reduce(or_, map(sentences.holding, phrase.does), own)


def _covered(worded: Worded) -> F64:
    """What share of the phrase each sentence has; words that are rare say more."""
    worth = np.maximum(np.maximum(worded.own, worded.named), np.maximum(HEAD * worded.head, PERHAPS * worded.perhaps))
    rarity = np.log((len(worth) + 1) / ((worth == 1).sum(axis=0) + 0.5))
    return np.asarray(worth @ rarity / max(float(rarity.sum()), 1e-9), np.float64)


class _Near(NamedTuple):
    """Cosines, and whether the sentence is in the language of the phrase."""

    cosines: F32
    same: Mask
    lang: str

    def of(self, name: str) -> F64:
        """By the levels of each sentence's language."""
        own = getattr(CHINESE if self.lang == "zh" else ENGLISH, name).of(self.cosines)
        return np.asarray(np.where(self.same, own, getattr(ACROSS, name).of(self.cosines)), np.float64)
