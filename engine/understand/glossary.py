"""Which words that a reader knows by heart stand in a text? One pass for cues, times, landmarks, regions and more.

The lexicon is scanned apart (engine/understand/lexicon.py): others use it alone. What a word says is left to the
reader that knows it; here it is only found.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple

from engine.understand import compiled
from engine.understand.division_names import ANYWHERE
from engine.understand.gazetteer import Hit, gazetteer
from engine.understand.landmarks import landmarks
from engine.understand.lexicon import canonical
from engine.understand.phrases import table
from engine.understand.scan import Forms, Word, plain, spelled
from engine.understand.timewords import times

CUES: Final = "intents.toml"
LINES: Final = "brand_lines.toml"
COUNTRIES: Final = "data/countries.toml"


class Words(NamedTuple):
    """What one pass has found: each in order of (start, end), overlaps included."""

    cues: Sequence[Word] = ()  # said: (intent, strength), or (intent, number of a pattern of it)
    lines: Sequence[Word] = ()  # said: the line
    times: Sequence[Word] = ()  # said: (kind, value), as in timewords.py
    landmarks: Sequence[Word] = ()  # said: the name
    regions: Sequence[Word] = ()  # said: the name
    countries: Sequence[Word] = ()  # said: the name


NO_WORDS: Final = Words()
#: Words of these may stand in the plural; the others are found as they are written.
_PLURAL: Final = frozenset({"cues", "lines"})


class Glossary:
    """All words, compiled once. Immutable, safe to share between threads."""

    def __init__(self, words: Iterable[tuple[str, str, Any]]) -> None:
        """(field of Words, word as it is looked for, what it says); a word may say several things."""
        uses: dict[str, list[tuple[int, bool, Any]]] = {}  # (place in Words, may it be in the plural, what it says)
        places = {field: at for at, field in enumerate(Words._fields)}
        for field, word, said in words:
            known, use = uses.setdefault(plain(word), []), (places[field], field in _PLURAL, said)
            if use not in known:
                known.append(use)
        self.uses: Mapping[str, Sequence[Any]] = uses

    @staticmethod
    def of(told: Mapping[str, Sequence[Any]]) -> "Glossary":
        """Of its `uses` as JSON values, where tuples are lists; what words mean holds lists in objects alone."""
        made = Glossary(())
        for use in chain.from_iterable(told.values()):
            if type(use[-1]) is list:
                use[-1] = _tuples(use[-1])
        made.uses = told
        return made

    @cached_property
    def _forms(self) -> Forms:
        """Who reads queries alone finds these words in another pass (engine.understand.sweep)."""
        return Forms(self.uses)

    def scan(self, folded: str) -> Words:
        """Every word that stands in a folded text."""
        found = self._forms.find(folded)
        if not found:
            return NO_WORDS
        lists: list[list[Word]] = [[] for _ in Words._fields]
        for start, end, form in found:
            whole = end - start == len(self._forms.words[form])
            for place, plural, said in self.uses[self._forms.words[form]]:
                if whole or plural:
                    lists[place].append(Word(start, end, said))
        return Words(*lists)


@lru_cache(maxsize=1)
def glossary() -> Glossary:
    """The words of this installation, read at the first call, kept between starts. Raises LexiconError."""
    return Glossary.of(compiled.table("glossary", lambda: Glossary(_words()).uses))


def _tuples(said: Any) -> Any:
    return tuple(map(_tuples, said)) if isinstance(said, list) else said


def regions(words: Sequence[Word]) -> list[Hit]:
    """What the regions' names among the words may mean, the best known first."""
    if not words:
        return []
    meanings = gazetteer().meanings
    return [Hit(word.start, word.end, *meant) for word in words for meant in meanings(word.said)]


def regions_in(folded: str) -> list[Hit]:
    """Every region whose name stands in a folded text, overlaps included, by (start, end)."""
    return regions(glossary().scan(folded).regions)


def sure_regions(folded: str) -> list[Hit]:
    """As regions_in(), by names that mean a place wherever they stand."""
    return [hit for hit in regions_in(folded) if hit.guard == ANYWHERE]


def _words() -> Iterable[tuple[str, str, Any]]:
    cues = dict(table(CUES))
    for number, row in enumerate(cues.pop("pattern")):
        yield from (("cues", form, (row["intent"], number)) for word in row["when"] for form in spelled(word))
    for intent, strengths in cues.items():
        for strength, words in strengths.items():
            yield from (("cues", form, (intent, strength)) for word in words for form in spelled(word))
    for lines in table(LINES).values():
        for line, names in lines.items():
            yield from (("lines", form, line) for name in names for form in spelled(canonical(name)))
    yield from (("times", word, meaning) for word, meaning in times().items())
    yield from (("landmarks", name, name) for name in landmarks().points)
    yield from (("regions", name, name) for name in gazetteer().names)
    for names in table(COUNTRIES)["names"].values():
        yield from (("countries", name, name) for name in map(canonical, names))
