"""Of which parts does a query consist for a student? Pieces of the teacher's vocabulary, words, and pairs of words."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

import rjieba
import sentencepiece

from engine.understand.fold import fold

_GAP: Final = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_RUN: Final = re.compile(r"[\u3400-\u9fff]+|[^\s\u3400-\u9fff]+")
#: The piece that stands for a space says nothing.
_SPACE: Final = "\u2581"
#: Characters that are read: longer texts are no queries.
_LONGEST: Final = 512


class Features:
    """Texts -> rows of a student's table. `pieces`: row by piece id; `words`: row by word, or by pair "one two"."""

    def __init__(
        self, tokens: sentencepiece.SentencePieceProcessor, pieces: Mapping[int, int], words: Mapping[str, int]
    ) -> None:
        self._tokens, self._pieces, self._words = tokens, pieces, words
        self._space = tokens.piece_to_id(_SPACE)

    def rows(self, text: str) -> list[int]:
        """The rows of all its known parts, in any order; none for a text of strange parts alone."""
        plain = tidy(text)
        found = [self._pieces[i] for i in self._tokens.encode(plain) if i in self._pieces]
        return found + [self._words[word] for word in words(plain) if word in self._words]

    def pieces(self, plain: str) -> list[int]:
        """The ids of a tidy text's pieces, without the space."""
        return [i for i in self._tokens.encode(plain) if i != self._space]


def tidy(text: str) -> str:
    """Folded (lower case, simplified characters), single spaces, none inside Chinese."""
    whole = text[:_LONGEST].encode("utf-8", "replace").decode("utf-8")
    return _GAP.sub("", " ".join(fold(whole).text.split()))


def words(plain: str) -> list[str]:
    """A tidy text's words, and its pairs of neighbouring words."""
    found: list[str] = []
    for run in _RUN.findall(plain):
        found += rjieba.cut(run) if "\u3400" <= run[0] <= "\u9fff" else [run]
    return [*found, *(f"{one} {two}" for one, two in pairwise(found))]
