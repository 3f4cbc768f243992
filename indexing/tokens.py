"""Which words does a text consist of, for the lexical index? The same cut for items and for queries.

Chinese: dictionary words in search mode and every pair of neighbouring characters. English: stems. All folded.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from typing import Final

import rjieba
import Stemmer

from engine.understand.fold import fold

#: The first of the Han characters: what begins before it is written in another script.
HAN: Final = "\u3400"
_HAN: Final = r"[\u3400-\u9fff\uf900-\ufaff]+"
#: A word of Latin letters and digits, as an expression.
LATIN: Final = r"[a-z0-9]+(?:[.'][a-z0-9]+)*"
_RUNS: Final = re.compile(rf"{_HAN}|{LATIN}")
_ENGLISH: Final = "a an and are as at be by for from i in is it me my of on or that the this to we with you"
_STOP: Final = frozenset([*_ENGLISH.split(), *"的了是在和也都就我"])


def tokens(text: str) -> list[str]:
    """Folded tokens in the order of the text; repetitions are kept."""
    return [token for _, found in typed(fold(text).text) for token in found]


def typed(folded: str) -> list[tuple[str, Sequence[str]]]:
    """(Latin word or run of Han, its tokens) of a folded text, in its order; repetitions are kept."""
    return [(run, words_of(run)) for run in runs(folded)]


def runs(folded: str) -> list[str]:
    """The Latin words and the runs of Han of a folded text, in its order."""
    found: list[str] = _RUNS.findall(folded)
    return found


def whole(text: str) -> str | None:
    """The one token that is all of a text, or None: a text of several words, or of words that say nothing."""
    folded = fold(text).text
    parts = runs(folded)
    if parts != [folded]:
        return None
    found = words_of(parts[0])
    return found[0] if parts[0] < HAN and found else (parts[0] if parts[0] in found else None)


def words_of(run: str) -> Sequence[str]:
    """The tokens of one of the `runs`."""
    return stem(run) if run[0] < HAN else _han(run)


@lru_cache(maxsize=65_536)
def _han(run: str) -> Sequence[str]:
    words = [w for w in rjieba.cut_for_search(run) if w not in _STOP]
    pairs = [run[i : i + 2] for i in range(len(run) - 1)]
    return (*words, *(p for p in pairs if p not in words))


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english", 0)  # its own memory, once full, is sorted and thinned for words never seen again


def stems(words: Collection[str]) -> set[str]:
    """The stems of many folded words that nobody will ask for again: nothing is kept."""
    return set(_stemmer().stemWords([word for word in words if word not in _STOP]))


@lru_cache(maxsize=65_536)
def stem(word: str) -> tuple[str, ...]:
    """The English stem of a folded word; nothing for a word that says nothing."""
    return () if word in _STOP else (_stemmer().stemWord(word),)
