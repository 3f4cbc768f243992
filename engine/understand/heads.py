"""Which thing does a product's title, or a shop query, name? Its head noun: a "laptop case" is a case, no laptop.

Within a stretch without a break (punctuation, a measure, "for", "with") the last noun that names a thing is the head;
the nouns before it say which one. The first stretch with a head that is not said to be for something else decides.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from engine.understand.fold import fold
from engine.understand.lexicon import Lexicon, load, longest
from engine.understand.patterns import Lazy
from engine.understand.phrases import table
from engine.understand.scan import Mention, Scanner, Target, plain

_PART: Final = "part"
_LATIN: Final = Lazy(r"[a-z0-9]+(?:[.'&][a-z0-9]+)*")
#: A unit of counting, no computer: "6 pc(s)".
_PIECES: Final = Lazy(r"pcs?\(s\)|(?<=\d )pcs?\b")
#: What ends a stretch. A measure ends it too, but what comes after it may still say what the thing is for.
_MARK: Final = Lazy(r"[,;|:+()\[\]，；：（）【】]|\s[-–—]\s")
_MEASURES: Final = Lazy(
    r"\b\d[\d.,]*(?:[\"”]| ?(?:cm|mm|m|ft|in|inch|x|kb|mb|gb|tb|mhz|ghz|dpi|ppm|pixels|pages|pcs?)\b)"
)
_ASIDE, _STOP, _MEASURE = 0, 1, 2


class Head(NamedTuple):
    """The head noun, folded and in the singular; `node`: its category in the lexicon, None where it knows none."""

    word: str
    node: str | None


@lru_cache(maxsize=50_000)
def head(text: str) -> Head | None:
    """The thing that a title or a query names, or None: a brand, a model, a word that no list knows."""
    folded = _PIECES.sub(lambda match: " " * len(match[0]), plain(fold(text).text))
    stretches = list(_stretches(folded))
    named = [found for found, aside in stretches if not aside] or [found for found, _ in stretches]
    return named[0] if named else None


def singular(word: str) -> str:
    """An English word without the ending of its plural, as far as spelling tells."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")) else word


def latin_words(text: str) -> list[str]:
    """The words in Latin script and the numbers of a text: folded, in the singular, each once, in order."""
    return list(dict.fromkeys(singular(word) for word in _LATIN.findall(plain(fold(text).text))))


def _stretches(folded: str) -> Iterator[tuple[Head, bool]]:
    """The head of each stretch that has one, and whether it only says what the thing is for."""
    lexicon, (parts, before) = load(), _words()
    named = [m for m in longest(lexicon.scan(folded)) if m.slot == "category" and m.sign > 0 and _goods(m.id)]
    known = {(m.start, m.end) for m in named}
    nouns = sorted(longest([*named, *(m for m in parts.scan(folded) if (m.start, m.end) not in known)]))
    cuts = sorted(
        [(m.end, _ASIDE) for m in before.scan(folded)]
        + [(m.start(), _STOP) for m in _MARK.finditer(folded)]
        + [(m.start(), _MEASURE) for m in _MEASURES.finditer(folded)]
    )
    for place, group in groupby(nouns, key=lambda m: sum(cut <= m.start for cut, _ in cuts)):
        last = next((kind for _, kind in reversed(cuts[:place]) if kind != _MEASURE), _STOP)
        yield _head(lexicon, folded, list(group)), last == _ASIDE


def _head(lexicon: Lexicon, folded: str, nouns: Sequence[Mention]) -> Head:
    """The last noun; a wider name after a narrower one ("notebook PC"), or another ("SSD/HDD"), says it again."""
    last = end = nouns[0]
    for noun in nouns[1:]:
        if noun.id not in lexicon.ancestors(last.id) and folded[end.end : noun.start] != "/":
            last = noun
        end = noun
    words = folded[last.start : last.end].split()
    return Head(singular(words[-1]), None if last.slot == _PART else last.id)


@lru_cache(maxsize=5_000)
def _goods(node: str) -> bool:
    """Is it a kind of product, and one that tells things apart?"""
    entry = load().entries[node]
    return "product" in entry.kinds and entry.parent is not None


@lru_cache(maxsize=1)
def _words() -> tuple[Scanner, Scanner]:
    data = table("heads.toml")
    parts, before = ([word for words in data[name].values() for word in words] for name in ("parts", "before"))
    return Scanner((w, Target(w, _PART)) for w in parts), Scanner((w, Target(w, "before")) for w in before)
