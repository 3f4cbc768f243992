"""Which words does a text consist of, for the lexical index? The same cut for items and for queries.

Chinese: dictionary words in search mode and every pair of neighbouring characters. English: stems. All folded.
"""

import re
from functools import cache
from typing import Any, Final

import rjieba
import tantivy

from engine.understand.fold import fold

_RUNS: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[a-z0-9]+(?:[.'][a-z0-9]+)*")
_ENGLISH: Final = "a an and are as at be by for from i in is it me my of on or that the this to we with you"
_STOP: Final = frozenset([*_ENGLISH.split(), *"的了是在和也都就我"])


def tokens(text: str) -> list[str]:
    """Folded tokens in the order of the text; repetitions are kept."""
    out: list[str] = []
    for run in _RUNS.findall(fold(text).text):
        if run[0] < "\u3400":
            out += stem(run)
        else:
            words = [w for w in rjieba.cut_for_search(run) if w not in _STOP]
            pairs = [run[i : i + 2] for i in range(len(run) - 1)]
            out += [*words, *(p for p in pairs if p not in words)]
    return out


@cache
def _stemmer() -> Any:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return builder.filter(tantivy.Filter.stemmer("english")).build()


@cache
def stem(word: str) -> tuple[str, ...]:
    """The English stem of a folded word; nothing for a word that says nothing."""
    return () if word in _STOP else tuple(_stemmer().analyze(word))
