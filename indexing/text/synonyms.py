"""Which words mean the same as words of a query? Other names of the lexicon's entries, Chinese and English."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from engine.understand.lexicon import load
from indexing.tokens import whole

#: Names of one entry in one language at most, in the lexicon's order: the commonest come first there.
NAMES: Final = 2
#: Entries whose names say what a thing is; the names of attributes are looser.
SLOTS: Final = frozenset({"category", "cuisine", "amenity"})


def synonyms(folded: str) -> list[str]:
    """Names of what a folded text names, one token each; those that stand in it are among them."""
    named = (names(mention.id) for mention in load().mentions(folded) if mention.slot in SLOTS)
    return list(dict.fromkeys(token for tokens in named for token in tokens))


@lru_cache(maxsize=8192)
def names(entry_id: str) -> Sequence[str]:
    """The names of an entry that are one token each."""
    entry = load().entries[entry_id]
    single = [[token for word in words if (token := whole(word))] for words in (entry.zh, entry.en)]
    return tuple(token for words in single for token in list(dict.fromkeys(words))[:NAMES])
