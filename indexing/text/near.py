"""Which words of the index may a word mean that (almost) no row holds? A slip, pinyin, characters of the same sound."""

from collections.abc import Callable, Sequence
from typing import Final

from engine.understand.sounds import LETTERS, is_han, syllables, whole_syllables
from indexing.text.vocabulary import NEAR, Vocabulary

#: A word that so many rows hold is meant.
KNOWN: Final = 3
#: Letters of one unknown text that are read as pinyin, of one word in them, and such words at most.
MOST, LONGEST, PIECES = 48, 24, 8


def near(vocabulary: Vocabulary, word: str, frequency: Callable[[Sequence[int]], Sequence[int]]) -> list[int]:
    """Places in `vocabulary.terms` of what an unknown folded word (Latin or Han) may mean; the commonest of each sound.

    `frequency`: places -> rows that hold each.
    """
    han = all(map(is_han, word))
    found = [] if han else _commonest(vocabulary.misspelt(word), frequency)
    letters = "".join(syllables(word)) if han else word
    if LETTERS <= len(letters) <= MOST and letters.isascii() and letters.isalpha():
        found += _sounding(vocabulary, letters, frequency)
    return list(dict.fromkeys(found))


def _sounding(vocabulary: Vocabulary, letters: str, frequency: Callable[[Sequence[int]], Sequence[int]]) -> list[int]:
    """Words that sound like some of the letters, the longest first, none inside the letters of another."""
    found: list[int] = []
    taken: list[tuple[int, int]] = []
    pieces = _pieces(letters)
    for (start, end), alike in zip(pieces, vocabulary.sounding([letters[a:b] for a, b in pieces]), strict=True):
        if alike and len(taken) < PIECES and not any(a <= start and end <= b for a, b in taken):
            places = _commonest(alike, frequency)
            found += places
            taken += [(start, end)] if places else []
    return found


def _commonest(places: Sequence[int], frequency: Callable[[Sequence[int]], Sequence[int]]) -> list[int]:
    if not places:
        return []
    held = frequency(places)
    order = sorted(range(len(places)), key=lambda at: (-held[at], places[at]))
    return [places[at] for at in order[:NEAR] if held[at]]


def _pieces(letters: str) -> list[tuple[int, int]]:
    """[start, end) of every run of whole syllables with whole syllables around it; the longest first. None where the
    letters are no pinyin."""
    last, reached = len(letters), whole_syllables(letters)
    if not reached[0] >> last & 1:
        return []
    starts = [at for at in range(last) if not at or reached[0] >> at & 1]
    ends = [at for at in range(1, last + 1) if at == last or reached[at] >> last & 1]
    spans = [(a, b) for a in starts for b in ends if LETTERS <= b - a <= LONGEST and reached[a] >> b & 1]
    return sorted(spans, key=lambda span: (span[0] - span[1], span[0]))
