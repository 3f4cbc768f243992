"""Where in a text do known words stand? One Aho-Corasick pass, with word boundaries for Latin script."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import msgspec
from ahocorasick_rs import AhoCorasick

#: Characters that are read as others; one for one, so that offsets hold.
_SAME: Final = str.maketrans({"-": " ", "_": " ", "\u2019": "'", "\u2018": "'", "\u2010": " ", "\u2013": " "})
_PLURALS: Final = ("s", "es", "'s")


class Span(Protocol):
    """A stretch [start, end) of a folded text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


S = TypeVar("S", bound=Span)


class Mention(msgspec.Struct, frozen=True, order=True, gc=False):
    """An entry named in a text at [start, end). sign -1: by a word that denies it ("吵" for quiet)."""

    start: int
    end: int
    id: str
    slot: str
    surface: str
    sign: int = 1


class Word(msgspec.Struct, frozen=True, gc=False):
    """A word at [start, end), and what its file says of it."""

    start: int
    end: int
    said: Any


class Target(NamedTuple):
    """What a surface stands for."""

    id: str
    slot: str
    sign: int = 1


def plain(text: str) -> str:
    """Hyphens, underscores and curly quotes as the scanner reads them; length kept."""
    return text.translate(_SAME)


def spelled(surface: str) -> Iterable[str]:
    """The forms of a lower-case surface to look for: itself, and "ies" for a final "y"."""
    word = plain(surface)
    yield word
    if len(word) > 3 and word.isascii() and word.endswith("y") and word[-2] not in "aeiou ":
        yield word[:-1] + "ies"


def gather(surfaces: Iterable[tuple[str, Target]]) -> dict[str, list[Target]]:
    """Every form to look for, with all that it stands for."""
    targets: dict[str, list[Target]] = {}
    for surface, target in surfaces:
        for form in spelled(surface):
            known = targets.setdefault(form, [])
            if target not in known:
                known.append(target)
    return targets


class Forms:
    """Words to look for, compiled once. One of Latin script is found where it stands whole, a plural ending aside."""

    def __init__(self, forms: Iterable[str]) -> None:
        """`forms` as spelled() gives them, each once and none empty."""
        self.words = list(forms)
        self._free = bytes(map(freedom, self.words))
        self._find = AhoCorasick(self.words).find_matches_as_indexes

    def __len__(self) -> int:
        return len(self.words)

    def find(self, folded: str) -> list[tuple[int, int, int]]:
        """(start, end, place in `words`) of all that stand in a folded text, overlaps included, in order."""
        text = spaced(folded)
        return standing(text, self._find(text, overlapping=True), self._free)


def spaced(folded: str) -> str:
    """All of plain() that folding leaves to do."""
    return folded.replace("-", " ").replace("_", " ")


_BEFORE, _BEHIND = 1, 2
ANYWHERE: Final = _BEFORE | _BEHIND


def freedom(form: str) -> int:
    """May anything stand right before a form (_BEFORE), and right behind it (_BEHIND)?"""
    return _BEFORE * (not _wordy(form[0])) + _BEHIND * (not _wordy(form[-1]))


def standing(text: str, found: Iterable[tuple[int, int, int]], free: bytes) -> list[tuple[int, int, int]]:
    """Of (form, start, end) in a spaced() text those that stand whole, a plural ending aside: (start, end, form).

    `free`: what freedom() tells of each form.
    """
    kept = []
    for form, start, end in found:
        loose = free[form]
        if loose == ANYWHERE:
            kept.append((start, end, form))
        elif (stop := whole(text, start, end, loose)) > 0:
            kept.append((start, stop, form))
    kept.sort()
    return kept


def whole(text: str, start: int, end: int, free: int) -> int:
    """Where a form found at [start, end) ends with its plural ending, -1 when it is a part of another word."""
    if not free & _BEFORE and start and text[start - 1] != " " and _wordy(text[start - 1]):
        return -1
    return end if free & _BEHIND or text.startswith(" ", end) else _word_end(text, end)


class Scanner:
    """Surfaces, compiled once. Immutable, safe to share between threads."""

    def __init__(self, surfaces: Iterable[tuple[str, Target]] | Mapping[str, Sequence[Target]]) -> None:
        """Pairs of surface and target, or what gather() made of them."""
        targets = surfaces if isinstance(surfaces, Mapping) else gather(surfaces)
        self._forms = Forms(targets)
        self._targets = [tuple(known) for known in targets.values()]

    def __len__(self) -> int:
        return len(self._forms)

    def scan(self, folded: str) -> list[Mention]:
        """Every mention, overlaps included, by (start, end), in a lower-case simplified text."""
        return [
            Mention(start, end, target.id, target.slot, folded[start:end], target.sign)
            for start, end, form in self._forms.find(folded)
            for target in self._targets[form]
        ]


def longest(mentions: Sequence[S]) -> list[S]:
    """Drop what lies inside a longer mention, and of two that cross, the shorter (the later one on a tie).

    Mentions of one and the same span all stay: "酒吧" is a category and a hotel's facility.
    """
    if len(mentions) < 2:
        return list(mentions)
    spans = {(m.start, m.end) for m in mentions}
    taken: list[tuple[int, int]] = []
    reached = 0
    for start, end in sorted(spans):  # most lie apart, or within the one before
        if start >= reached:
            taken.append((start, end))
        elif start == taken[-1][0]:
            taken[-1] = (start, end)
        elif end > reached:
            taken = _strongest(spans)
            break
        reached = max(reached, end)
    return list(mentions) if len(taken) == len(spans) else [m for m in mentions if (m.start, m.end) in taken]


def _strongest(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest of all, then the longest of those that do not touch it, and so on."""
    ranked = sorted(spans, key=_longest_first)
    covered = bytearray(max(end for _, end in ranked))
    taken = []
    for start, end in ranked:
        if covered.find(1, start, end) < 0:
            covered[start:end] = b"\1" * (end - start)
            taken.append((start, end))
    return taken


def _longest_first(span: tuple[int, int]) -> tuple[int, int]:
    return span[0] - span[1], span[0]


def _wordy(char: str) -> bool:
    """Letters and digits of scripts that put spaces between words."""
    return char < "\u2e80" and char.isalnum()


def _word_end(text: str, end: int) -> int:
    """The end of the word when only a plural ending follows, else -1."""
    if end == len(text) or not _wordy(text[end]):
        return end
    for suffix in _PLURALS:
        stop = end + len(suffix)
        if text.startswith(suffix, end) and (stop == len(text) or not _wordy(text[stop])):
            return stop
    return -1
