"""Which words stand in a text? One pass finds those of the lexicon, of the readers' lists, and what patterns need."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick

from engine.understand.glossary import NO_WORDS, Glossary, Words, glossary
from engine.understand.lexicon import Lexicon, Mention
from engine.understand.patterns import Needs, Text, gates, made
from engine.understand.scan import ANYWHERE, Target, Word, freedom, spaced, whole


class Swept(NamedTuple):
    """A text that knows its patterns, and the words in it in order of (start, end), overlaps included."""

    text: Text
    mentions: list[Mention]
    topics: list[Mention]  # what only notes are about
    words: Words


_FORM: Final = itemgetter(0)
_BY_PLACE: Final = attrgetter("start", "end")


class Sweep:
    """All words, compiled once. Immutable, safe to share between threads."""

    def __init__(self, lexicon: Lexicon, listed: Glossary, needs: Needs) -> None:
        told = dict.fromkeys([*lexicon.forms, *listed.uses])  # they say something by themselves
        lived: dict[str, tuple[int, int]] = {}
        for word, (plain, digital) in needs.users.items():
            known = lived.get(spaced(word), (0, 0))
            lived[spaced(word)] = (known[0] | plain, known[1] | digital)
        both = [form for form in told if form in lived]
        silent = [word for word in lived if word not in told]
        # What patterns live by comes first, what says something last: where a text is read, few tables are touched.
        words = [*silent, *both, *(form for form in told if form not in lived)]
        self._needs, self._living, self._telling = needs, (len(lived),), (len(silent),)
        self._find = AhoCorasick(words).find_matches_as_indexes
        shared: dict[int, int] = {}  # many words serve the same patterns
        masks = zip(*(lived[word] for word in words[: len(lived)]), strict=True)
        self._able = [[shared.setdefault(bits, bits) for bits in each] for each in masks]
        #: Of each word that says something: may it stand anywhere, its length, what it names (topics of notes apart),
        #: and what readers know of it.
        self._said = [(freedom(w), len(w), *_parted(lexicon, w), listed.uses.get(w, ())) for w in words[len(silent) :]]

    def sweep(self, folded: str) -> Swept:
        """Everything that stands in a folded text."""
        text = spaced(folded)
        found = self._find(text, overlapping=True)
        found.sort()
        able = self._needs.able(folded, self._able, map(_FORM, found[: bisect_left(found, self._living)]))
        told = found[bisect_left(found, self._telling) :]
        return Swept(Text(folded, able), *(self._read(text, folded, told) if told else ([], [], NO_WORDS)))

    def _read(
        self, text: str, folded: str, found: list[tuple[int, int, int]]
    ) -> tuple[list[Mention], list[Mention], Words]:
        mentions: list[Mention] = []
        topics: list[Mention] = []
        lists: list[list[Word]] | None = None
        said, telling = self._said, self._telling[0]
        for form, start, end in found:
            free, length, named, topical, uses = said[form - telling]
            if free != ANYWHERE and (end := whole(text, start, end, free)) < 0:
                continue
            for name, slot, sign in named:
                mentions.append(Mention(start, end, name, slot, folded[start:end], sign))
            if topical:
                topics += [Mention(start, end, name, slot, folded[start:end], sign) for name, slot, sign in topical]
            if uses:
                lists = lists or [[] for _ in Words._fields]
                for place, plural, meaning in uses:
                    if plural or end - start == length:
                        lists[place].append(Word(start, end, meaning))
        for each in (mentions, topics, *(lists or ())):
            if len(each) > 1:
                each.sort(key=_BY_PLACE)
        return mentions, topics, Words(*lists) if lists else NO_WORDS


def _parted(lexicon: Lexicon, word: str) -> tuple[Sequence[Target], Sequence[Target]]:
    """What the lexicon names by a word: things, and what only notes are about."""
    known = lexicon.forms.get(word, ())
    topics = [target for target in known if target.id in lexicon.topics]
    return ([target for target in known if target not in topics], topics) if topics else (known, ())


def sweep(folded: str, lexicon: Lexicon) -> Swept:
    """Everything that stands in a folded text, by this lexicon and the words of this installation."""
    return _compiled(lexicon, gates()).sweep(folded)


@lru_cache(maxsize=1)
def _compiled(lexicon: Lexicon, _: int) -> Sweep:
    """Made once: the few patterns that come later are asked as if they needed no word, behind their readers' gates."""
    return Sweep(lexicon, glossary(), Needs(made()))
