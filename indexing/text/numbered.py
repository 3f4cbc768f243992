"""Which words does a text have, as numbers? And how many texts have each."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from engine.understand.fold import fold
from indexing.text.census import Census
from indexing.text.vocabulary import cut
from indexing.tokens import runs, words_of

#: Stretches of text whose words are kept while an index is built.
RUNS: Final = 500_000


class Numbered:
    """Numbers the words of texts as they come. Stretches that come again, as most do, are cut once."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._runs: dict[str, tuple[int, ...]] = {}

    def words(self, text: str) -> "array[int]":
        """The numbers of a text's tokens (indexing.tokens.tokens), in its order."""
        found = array("i")
        for run in runs(fold(text).text):
            known = self._runs.get(run)
            if known is None:
                known = tuple(self.numbers.setdefault(cut(word), len(self.numbers)) for word in words_of(run))
                if len(self._runs) < RUNS:
                    self._runs[run] = known
            found.extend(known)
        return found


def count(texts: Iterable[Mapping[str, str]], fields: Sequence[str]) -> Census:
    """How many texts hold each word, and how long they are: parts that are counted apart can be added up."""
    numbered, names = Numbered(), list[str]()

    def words(text: Mapping[str, str], field: str) -> list[str]:
        found = numbered.words(text.get(field, ""))
        names.extend(islice(numbered.numbers, len(names), None))
        return [names[number] for number in found]

    return Census.of(([words(text, field) for field in fields] for text in texts), len(fields))
