"""Which words stand in a text? One pass finds those of the lexicon, of the readers' lists, and what patterns need."""

from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from engine.understand.glossary import NO_WORDS, Glossary, Word, Words, glossary
from engine.understand.lexicon import Lexicon, Mention
from engine.understand.patterns import Needs, Text, made
from engine.understand.scan import freedom, spaced, standing


class Swept(NamedTuple):
    """A text that knows its patterns, and the words in it in order of (start, end), overlaps included."""

    text: Text
    mentions: list[Mention]
    words: Words


class Sweep:
    """All words, compiled once. Immutable, safe to share between threads."""

    def __init__(self, lexicon: Lexicon, listed: Glossary, needs: Needs) -> None:
        told = dict.fromkeys([*lexicon.forms, *listed.uses])  # they say something by themselves
        lived: dict[str, int] = {}
        for word, bits in needs.users.items():
            lived[spaced(word)] = lived.get(spaced(word), 0) | bits
        both = [form for form in told if form in lived]
        silent = [word for word in lived if word not in told]
        # What patterns live by comes first, what says something last: where a text is read, few tables are touched.
        words = [*silent, *both, *(form for form in told if form not in lived)]
        self._needs, self._living, self._telling = needs, len(lived), len(silent)
        self._find = AhoCorasick(words).find_matches_as_indexes
        self._bits = [lived[word] for word in words[: len(lived)]]
        self._free = bytes(map(freedom, words))
        self._said = [(len(w), lexicon.forms.get(w, ()), listed.uses.get(w, ())) for w in words[len(silent) :]]

    def sweep(self, folded: str) -> Swept:
        """Everything that stands in a folded text."""
        text, bits, told = spaced(folded), 0, []
        living, telling = self._living, self._telling
        for each in self._find(text, overlapping=True):
            form = each[0]
            if form < living:
                bits |= self._bits[form]
            if form >= telling:
                told.append(each)
        mentions, words = self._read(folded, standing(text, told, self._free)) if told else ([], NO_WORDS)
        return Swept(Text(folded, self._needs.able(folded, bits)), mentions, words)

    def _read(self, folded: str, found: list[tuple[int, int, int]]) -> tuple[list[Mention], Words]:
        mentions: list[Mention] = []
        lists: list[list[Word]] | None = None
        for start, end, form in found:
            length, targets, uses = self._said[form - self._telling]
            for target in targets:
                mentions.append(Mention(start, end, target.id, target.slot, folded[start:end], target.sign))
            for place, plural, said in uses:
                if plural or end - start == length:
                    lists = lists or [[] for _ in Words._fields]
                    lists[place].append(Word(start, end, said))
        return mentions, Words(*lists) if lists else NO_WORDS


def sweep(folded: str, lexicon: Lexicon) -> Swept:
    """Everything that stands in a folded text, by this lexicon and the words of this installation."""
    return _compiled(lexicon).sweep(folded)


@lru_cache(maxsize=1)
def _compiled(lexicon: Lexicon) -> Sweep:
    """Made once: the few patterns that come later are asked as if they needed no word, behind their readers' gates."""
    return Sweep(lexicon, glossary(), Needs(made()))
