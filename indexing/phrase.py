"""What is looked for when somebody asks for a thing by words of their own ("能看到火车", "see the trains")?"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import rjieba

from engine.understand.fold import fold
from indexing.bilingual.words import Names, across
from indexing.tokens import HAN, stem

#: So many neighbouring words may have one name in the other language.
_TOGETHER: Final = 3
#: Names of a word by which others are found that mean the same; doubtful names that are looked for.
_TOLD, _MAYBE = 2, 8


@dataclass(frozen=True)
class Phrase:
    """Folded words; English ones as stems. words: what it is; doing: what one does with it; names: of `words`, each;
    does: of all of `doing`, in the other language."""

    text: str
    words: tuple[str, ...]
    doing: tuple[str, ...]
    names: tuple[Names, ...]
    does: tuple[str, ...]

    @staticmethod
    def of(text: str) -> "Phrase":
        """Where there are no others, the words for doing are what it is."""
        empty, doing = _light()
        runs = [w for word in rjieba.cut(fold(text).text) for w in word.split() if any(map(str.isalnum, w))]
        kept = [part for w in runs if w not in empty for part in _parts(w, doing)]
        words = [w for w in kept if w not in doing] or kept
        names = dict[str, Names]()
        for word, called in zip(words, _called(words), strict=True):
            names.update(dict.fromkeys(_stems([word]), called))
        does = [w for w in kept if w not in words]
        return Phrase(text, tuple(names), _stems(does), tuple(names.values()), tuple(n for w in does for n in doing[w]))


def _parts(word: str, doing: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """A Chinese word of something and what is done to it that has no name of its own falls apart ("骑马")."""
    apart = word[0] in doing and word[0] >= HAN and word not in doing and not across(word)
    return (word[0], word[1:]) if apart and len(word) > 1 else (word,)


def _stems(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s for w in words for s in ([w] if w[0] >= HAN else stem(w))))


def _called(words: Sequence[str]) -> list[Names]:
    """The names of each word, or of the longest run of words that it is part of and that has any."""
    out, at = list[Names](), 0
    while at < len(words):
        for size in range(min(_TOGETHER, len(words) - at), 0, -1):
            run = words[at : at + size]
            if found := across(("" if run[0][0] >= HAN else " ").join(run)):
                break
        out += [_careful(found) if found else _of_head(words[at])] * size
        at += size
    return out


def _of_head(word: str) -> Names:
    """What the end of a Chinese compound is called ("老照片": as "照片"), which may be said of other things."""
    ends = (word[at:] for at in range(1, len(word) - 1)) if word[0] >= HAN else ()
    return next((Names((), found.sure) for end in ends if (found := across(end))), Names())


def _careful(names: Names) -> Names:
    """One Han character stands in many words: it may mean something else. And what is called the same in the other
    language may be the same thing."""
    short = tuple(name for name in names.sure if len(name) < 2)
    alike = (word for name in names.sure[:_TOLD] if name not in short for word in across(name).sure)
    maybe = dict.fromkeys((*short, *names.perhaps, *alike))
    return Names(tuple(name for name in names.sure if name not in short), tuple(maybe)[:_MAYBE])


@cache
def _light() -> tuple[frozenset[str], Mapping[str, tuple[str, ...]]]:
    data = tomllib.loads(Path(__file__).with_name("openwords.toml").read_text(encoding="utf-8"))
    return frozenset(data["empty"]), {word: tuple(others) for word, others in data["doing"].items()}
