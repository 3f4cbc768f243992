"""What is a word called in the other language? Chinese and English names of things (zh.tsv, en.tsv; make.py)."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from engine.types import I64
from indexing.tokens import HAN


@dataclass(frozen=True)
class Names:
    """What a word is called in the other language: surely, and perhaps."""

    sure: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sure or self.perhaps)


@lru_cache(maxsize=4096)
def across(word: str) -> Names:
    """The English names of a folded Chinese word; the Chinese ones of an English word, or of several with a space
    between. The commonest first; none where nobody knows any."""
    if not word or word[0] >= HAN:
        return _named("zh", word)
    return next((found for form in _forms(word) if (found := _named("en", form))), Names())


def _forms(word: str) -> tuple[str, ...]:
    """A word as it stands, then what it may be the plural of, then its plural."""
    cut = [word[: -len(end)] + one for end, one in (("ies", "y"), ("es", ""), ("s", "")) if word.endswith(end)]
    return (word, *cut, f"{word}s")


def _named(lang: str, word: str) -> Names:
    data, starts = _table(lang)
    key = f"{word}\t".encode()
    at = bisect_left(starts, key, key=lambda start: data[start : start + len(key)])
    begin = int(starts[at]) if at < len(starts) else 0
    if data[begin : begin + len(key)] != key:
        return Names()
    return Names(tuple(data[begin + len(key) : data.index(b"\n", begin)].decode().split("|")))


@cache
def _table(lang: str) -> tuple[bytes, I64]:
    """The lines of a language, and where each begins; in the order of their bytes."""
    data = Path(__file__).with_name(f"{lang}.tsv").read_bytes()
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
    return data, np.concatenate([[0], ends[:-1] + 1])
